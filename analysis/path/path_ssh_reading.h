/* What the two streams of an SSH connection say (analysis/observe/ssh.h), and
 * when each message of the server's was whole. */
#ifndef ANALYSIS_PATH_PATH_SSH_READING_H
#define ANALYSIS_PATH_PATH_SSH_READING_H

#include "analysis/observe/ssh.h"
#include "analysis/path/path_dialogs.h"
#include "capture/cursor.h"
#include "probe/protocol/ssh_rules.h"

enum { SSH_TEXT_BYTES = 80 };

struct ssh_reading {
	const struct path_dialog *flow;
	enum ssh_purpose purpose;
	bool has_purpose;
	char text[SSH_TEXT_BYTES]; /* the server's first line, as sent */
	bool is_identified;	   /* it is an identification */
	enum ssh_refusal refusal;
	/* of the server's stream; NULL: not there */
	const struct dialog_arrival *first, *banner, *kexinit, *reply;
	/* of ours, when its last byte left */
	const struct dialog_arrival *said, *offered, *began;
	struct cursor kexinit_packet, offer_packet; /* from the length on */
	/* both KEXINITs were compared; a bit per class without a common one */
	bool has_compared;
	uint8_t missing;
};

/* Whether the connection is one of this experiment, by what we said on it. */
bool path_ssh_is_of(const struct path_dialog *flow, enum ssh_purpose *purpose);
/* Whether the port's connection is one of this experiment, and the server
 * ended it. */
bool path_ssh_is_ended(const struct path_dialogs *dialogs, uint16_t port);

void path_ssh_read(const struct path_dialog *flow, struct ssh_reading *reading);

#endif
