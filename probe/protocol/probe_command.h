/* The target of a probe as people write it, and the command that probes it
 * again: advice names it whole. */
#ifndef PROBE_PROTOCOL_PROBE_COMMAND_H
#define PROBE_PROTOCOL_PROBE_COMMAND_H

#include "probe/protocol/section_comment.h"

enum {
	PROBE_TARGET_TEXT = 64, /* an IPv6 address, its zone, brackets */
	PROBE_COMMAND_TEXT = 96,
};

/* "192.0.2.7", "2001:db8::7", "fe80::9%eth0" (RFC 4007, 11). */
void probe_target_text(
	const struct section_comment *comment, char text[PROBE_TARGET_TEXT]);
/* The address of this host that the packets had. */
void probe_own_text(
	const struct section_comment *comment, char text[PROBE_TARGET_TEXT]);
/* "-p 22 192.0.2.7": what ssh is told. */
void probe_ssh_target_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT]);
/* "192.0.2.7:22", "[fe80::9%eth0]:22" */
void probe_endpoint_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT]);
/* "sudo culprit probe 192.0.2.7" */
void probe_command_host_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT]);
/* "sudo culprit probe 192.0.2.7 -p 22" */
void probe_command_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT]);

#endif
