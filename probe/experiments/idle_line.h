/* One connection that is left idle and then asked whether it still lives
 * (probe/protocol/idle_rules.h). */
#ifndef PROBE_EXPERIMENTS_IDLE_LINE_H
#define PROBE_EXPERIMENTS_IDLE_LINE_H

#include "probe/engine/experiment.h"

enum idle_stage {
	IDLE_UNUSED,
	IDLE_OPENING,
	/* asked at once: only a connection that answers then can be tested. A
	 * server may wait for data before it completes the handshake
	 * (TCP_DEFER_ACCEPT), or have no room for more */
	IDLE_CONFIRMING,
	IDLE_RESTING,
	IDLE_ASKED,
	IDLE_ALIVE, /* it answered, and rests */
	IDLE_DEAD,  /* silence, or a reset */
	IDLE_OVER,  /* closed by either side, or it never answered */
};

enum idle_duty {
	IDLE_NO_DUTY,
	IDLE_SPAN,  /* rests for its span, without any packet */
	IDLE_HOP,   /* is refreshed up to a hop; to none where that is 0 */
	IDLE_PROOF, /* is kept alive the whole way, by the advised interval */
};

struct idle_line {
	struct connection *connection;
	enum idle_stage stage;
	enum idle_duty duty;
	unsigned hop_limit; /* IDLE_HOP */
	unsigned place;	    /* IDLE_SPAN, on the grid */
	unsigned tries;	    /* questions since the last answer */
	/* Times of the run's clock. */
	int64_t opened_ns;
	int64_t since_ns;     /* the last packet that went the whole way */
	int64_t refreshed_ns; /* the last one that ended on the path */
	int64_t span_ns;      /* IDLE_SPAN */
	int64_t idled_ns;     /* when it was asked, at the least */
	int64_t fatal_ns[2];  /* at the most, and the second time */
	int64_t due_ns;	      /* IDLE_OPENING to IDLE_ASKED: of the next step */
};

/* In SYN-SENT. */
void idle_line_open(struct idle_line *line, struct connection *connection,
	int64_t now_ns, struct tx_queue *tx_queue);
/* Takes a packet of its connection. */
void idle_line_hear(struct idle_line *line, const struct event *event,
	const struct probe_context *context, struct tx_queue *tx_queue);
/* What is due by now. */
void idle_line_act(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue);
/* Ends its rest. */
void idle_line_ask(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue);
/* The same of one that is to be used again: when it answers, its rest begins
 * anew. */
void idle_line_wake(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue);
/* A keepalive up to its hop, or the whole way. */
void idle_line_refresh(struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue);
void idle_line_close(struct idle_line *line, struct tx_queue *tx_queue);

/* Whether it is open and its test is not under way. */
static inline bool idle_line_is_resting(const struct idle_line *line)
{
	return line->stage == IDLE_RESTING || line->stage == IDLE_ALIVE;
}
/* Whether something of it is still to come soon. */
static inline bool idle_line_is_pending(const struct idle_line *line)
{
	return line->stage == IDLE_OPENING || line->stage == IDLE_CONFIRMING ||
	       line->stage == IDLE_ASKED;
}

#endif
