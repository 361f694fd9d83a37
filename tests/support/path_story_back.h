/* What the server says on connections of a simulated path, of which each is to
 * tell whether a segment of one size comes back; see
 * tests/support/path_story.h.
 */
#ifndef TESTS_SUPPORT_PATH_STORY_BACK_H
#define TESTS_SUPPORT_PATH_STORY_BACK_H

#include "tests/support/path_story.h"

enum { PATH_STORY_FULL = 1500, PATH_STORY_HEADERS = 40 }; /* bytes */

/* So many packets of full size arrive. */
void path_story_back_there(struct path_story *story, unsigned sent);
/* A connection of its own, that offers a segment of so many bytes of IP; its
 * port. */
uint16_t path_story_back_connect(
	struct path_story *story, unsigned index, uint32_t size);
/* The server's segment of so many bytes of IP, from its byte `first`, and again
 * after its timeout. */
void path_story_back_segment(struct path_story *story, uint16_t port,
	uint16_t flags, uint32_t first, uint32_t size);
void path_story_back_arrives(
	struct path_story *story, unsigned index, uint32_t size);
/* Of a segment of so many bytes nothing comes, and what follows it does; the
 * same on so many connections. */
void path_story_back_missing(
	struct path_story *story, unsigned index, uint32_t size);
void path_story_back_missing_often(
	struct path_story *story, unsigned count, uint32_t size);
/* A server that is asked for full size sends so many bytes; without PSH it has
 * more to say. */
void path_story_back_cut(
	struct path_story *story, uint16_t flags, uint32_t size);

#endif
