/* The section comment of a probe's recording: what packets alone do not say,
 * in one line that people can read too.
 *
 *   culprit probe: target=192.0.2.7 port=22 source=10.0.0.1 mtu=1500
 *   experiments=route,mtu
 */
#ifndef PROBE_PROTOCOL_SECTION_COMMENT_H
#define PROBE_PROTOCOL_SECTION_COMMENT_H

#include <stddef.h>

#include "capture/packet.h"

enum { SECTION_COMMENT_BYTES = 256, SECTION_EXPERIMENTS_BYTES = 96 };

struct section_comment {
	struct address own, target;
	uint8_t family;
	uint16_t port;
	uint32_t interface_mtu;
	char experiments[SECTION_EXPERIMENTS_BYTES]; /* comma separated */
};

void section_comment_write(const struct section_comment *comment,
	char text[SECTION_COMMENT_BYTES]);
/* False when the text is no such line. */
bool section_comment_read(const char *text, struct section_comment *comment);
/* Whether an experiment is in the list. */
bool section_comment_has(
	const struct section_comment *comment, const char *name);

#endif
