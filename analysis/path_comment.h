/* The section comment of a probe's recording: what packets alone do not say,
 * in one line that people can read too.
 *
 *   culprit probe: target=192.0.2.7 port=22 source=10.0.0.1 mtu=1500
 *   experiments=route,mtu
 */
#ifndef ANALYSIS_PATH_COMMENT_H
#define ANALYSIS_PATH_COMMENT_H

#include <stddef.h>

#include "capture/packet.h"

enum { PATH_COMMENT_BYTES = 256, PATH_EXPERIMENTS_BYTES = 96 };

struct path_comment {
	struct address own, target;
	uint8_t family;
	uint16_t port;
	uint32_t interface_mtu;
	char experiments[PATH_EXPERIMENTS_BYTES]; /* comma separated */
};

void path_comment_write(
	const struct path_comment *comment, char text[PATH_COMMENT_BYTES]);
/* False when the text is no such line. */
bool path_comment_read(const char *text, struct path_comment *comment);
/* Whether an experiment is in the list. */
bool path_comment_has(const struct path_comment *comment, const char *name);

#endif
