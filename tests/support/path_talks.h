/* Simulated paths with the verdict that each deserves, as lines of text
 * (tests/support/path_lines.h). Each says in its comment why. */
#ifndef TESTS_SUPPORT_PATH_TALKS_H
#define TESTS_SUPPORT_PATH_TALKS_H

#include "tests/support/fragment_tale.h"
#include "probe/protocol/probe_rules.h"
#include "tests/support/path_story.h"

struct path_talk {
	const char *name; /* a sentence */
	/* what is sent and heard; or NULL, and the tale of fragments */
	void (*tell)(struct path_story *story);
	struct fragment_tale fragments;
	unsigned parts;	   /* enum path_lines_part */
	const char *found; /* all that is found and excluded */
};

enum { PATH_TALKS_MOST = 1024 };

/* All talks; their count. */
unsigned path_talks_all(const struct path_talk *talks[PATH_TALKS_MOST]);

/* Plays one, by rules that live as long as the path, or by its own where NULL
 * is given; the path is not finished, and to be freed. */
struct path *path_talk_play(
	const struct path_talk *talk, const struct probe_rules *rules);

#endif
