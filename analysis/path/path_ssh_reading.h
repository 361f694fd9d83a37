/* What the two streams of an SSH connection say (analysis/observe/ssh.h), and
 * when each message of the server's was whole. */
#ifndef ANALYSIS_PATH_PATH_SSH_READING_H
#define ANALYSIS_PATH_PATH_SSH_READING_H

#include "analysis/observe/ssh.h"
#include "analysis/path/path_ssh_record.h"
#include "capture/cursor.h"

enum { SSH_TEXT_BYTES = 80 };

struct ssh_reading {
	const struct ssh_flow *flow;
	enum ssh_purpose purpose;
	bool has_purpose;
	char text[SSH_TEXT_BYTES]; /* the server's first line, as sent */
	bool is_identified;	   /* it is an identification */
	enum ssh_refusal refusal;
	/* of the server's stream; NULL: not there */
	const struct ssh_arrival *first, *banner, *kexinit, *reply;
	/* of ours, when its last byte left */
	const struct ssh_arrival *said, *offered, *began;
	struct cursor kexinit_packet, offer_packet; /* from the length on */
	/* both KEXINITs were compared; a bit per class without a common one */
	bool has_compared;
	uint8_t missing;
};

void path_ssh_read(const struct ssh_flow *flow, struct ssh_reading *reading);

/* Whether the server ended the connection, before we did. */
static inline bool path_ssh_is_closed(const struct ssh_flow *flow)
{
	return (flow->closed_frame || flow->reset_frame) &&
	       (!flow->left_frame || (flow->closed_frame ? flow->closed_frame
							 : flow->reset_frame) <
					     flow->left_frame);
}

#endif
