/* One connection of the experiment tls: a ClientHello, and what answers it. */
#ifndef PROBE_EXPERIMENTS_TLS_LINE_H
#define PROBE_EXPERIMENTS_TLS_LINE_H

#include "probe/engine/experiment.h"
#include "probe/protocol/tls_answer.h"

enum {
	TLS_SAID_BYTES = 2048,
	/* a real client's first message fills no larger segments */
	TLS_MOST_SEGMENT = 1460,
};

enum tls_stage {
	TLS_UNUSED,
	TLS_OPENING,
	TLS_ASKED,    /* the ClientHello was said */
	TLS_ANSWERED, /* by a ServerHello */
	TLS_ALERTED,
	TLS_FOREIGN, /* the server speaks something else */
	TLS_ENDED,   /* by the server, without a word */
	TLS_STALLED, /* nothing came for as long as is waited */
	TLS_SILENT,  /* the connection never opened */
};

struct tls_line {
	struct connection *connection;
	enum tls_purpose purpose;
	enum tls_stage stage;
	int64_t since_ns; /* when the stage began */
	uint32_t known;	  /* bytes of the server's when last looked at */
	int64_t known_ns; /* and when they came */
	uint16_t version; /* that the server chose; 0: none */
	uint8_t alert;	  /* valid if TLS_ALERTED */
	uint8_t heard[TLS_STREAM_BYTES];
	uint8_t said[TLS_SAID_BYTES];
};

void tls_line_open(struct tls_line *line, struct connection *connection,
	enum tls_purpose purpose, const struct probe_context *context,
	struct tx_queue *tx_queue);
/* Takes a packet of its connection. */
void tls_line_hear(struct tls_line *line, const struct event *event);
/* Says the ClientHello, once that can be said, and looks for the answer. */
void tls_line_act(struct tls_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue);
/* Where large segments of ours are lost, or reported as too big, smaller ones
 * follow, and what these do is known then. */
void tls_line_retreat(struct tls_line *line, struct tx_queue *tx_queue);

static inline bool tls_line_is_over(const struct tls_line *line)
{
	return line->stage == TLS_UNUSED || line->stage >= TLS_ANSWERED;
}

#endif
