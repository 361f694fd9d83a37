/* One connection of the experiment ssh: what it says, and how far the server
 * went with it. */
#ifndef PROBE_EXPERIMENTS_SSH_LINE_H
#define PROBE_EXPERIMENTS_SSH_LINE_H

#include "probe/engine/experiment.h"

enum {
	SSH_HEARD_BYTES = 6144, /* of the server's stream that are kept */
	SSH_SAID_BYTES = 4096,
	/* a real client's first messages fill no larger segments */
	SSH_MOST_SEGMENT = 1460,
};

enum ssh_stage {
	SSH_UNUSED,
	SSH_OPENING,
	SSH_BANNER,	/* waits for the server's identification */
	SSH_ALGORITHMS, /* told ours, waits for the server's */
	SSH_REPLY,	/* began the key exchange */
	SSH_DONE,	/* it was answered; or, of one of several, the
			   identification came */
	SSH_REFUSED,	/* the server closed, or said something else */
	SSH_STALLED,	/* nothing came for as long as is waited */
	SSH_SILENT,	/* the connection never opened */
};

struct ssh_line {
	struct connection *connection;
	enum ssh_purpose purpose;
	enum ssh_stage stage;
	enum ssh_stage reached; /* before it was refused or stalled */
	int64_t since_ns;	/* when the stage began */
	int64_t banner_ns;	/* what the banner took; 0: it did not come */
	uint8_t heard[SSH_HEARD_BYTES];
	uint8_t said[SSH_SAID_BYTES];
};

void ssh_line_open(struct ssh_line *line, struct connection *connection,
	enum ssh_purpose purpose, struct probe_context *context,
	struct tx_queue *tx_queue);
/* Takes a packet of its connection. */
void ssh_line_hear(struct ssh_line *line, const struct event *event);
/* Says what is next, once the server has said what comes before. */
void ssh_line_act(struct ssh_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue);

/* Where large segments of ours are lost, or reported as too big, the server is
 * not left waiting: smaller ones follow, and what these do is known then. */
void ssh_line_retreat(struct ssh_line *line, struct tx_queue *tx_queue);

static inline bool ssh_line_is_over(const struct ssh_line *line)
{
	return line->stage == SSH_UNUSED || line->stage >= SSH_DONE;
}

#endif
