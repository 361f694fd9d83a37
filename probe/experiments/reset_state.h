/* What the files of the experiment reset share. */
#ifndef PROBE_EXPERIMENTS_RESET_STATE_H
#define PROBE_EXPERIMENTS_RESET_STATE_H

#include "probe/engine/experiment.h"
#include "probe/protocol/reset_rules.h"

/* Its connections. The first ones are shared ones, as far as those are usable;
 * where few may be opened, the last ones are missing. */
enum reset_line {
	LINE_WALK,    /* the trigger with one hop limit after another */
	LINE_CONTROL, /* never sees the trigger */
	LINE_AGAIN,   /* as LINE_WALK, around the hop that was found */
	LINE_WHOLE,   /* the whole way, and with a lesser hop limit */
	LINE_CONTROL_TOO,
	LINE_LESSER,
	LINE_NEW, /* opened after a reset: is it let through? The first */
	LINE_NEW_LAST = LINE_NEW + 11,
	LINE_COUNT,
	LINE_SHARED_LAST = LINE_LESSER,
};

enum reset_phase {
	RESET_REFUSED, /* no connection opens: by whose fault? */
	RESET_OPENING, /* those that need no reset */
	RESET_WALKING,
	RESET_SHOWING, /* to the second one, where the first lives */
	RESET_WATCHING, /* neither was reset: some devices wait */
	RESET_ASKING,  /* whose connection was it? are new ones let through? */
	RESET_OPENING_TWO, /* LINE_WHOLE and LINE_LESSER */
	RESET_LEVELLING,   /* they see the trigger */
	RESET_SENDING,	   /* they send it, where nothing reset others */
	RESET_REPEATING,
	RESET_CLOSING, /* the controls are asked once more */
	RESET_ENDED,
};

enum {
	RESET_PLAN = 64,
	RESET_WHOLE_TRIES = 2, /* of triggers on one connection */
};

struct reset_state {
	enum reset_phase phase;
	unsigned step; /* of the phase */
	unsigned distance;
	struct connection *lines[LINE_COUNT];
	uint8_t used[LINE_COUNT][RESET_SEGMENT_COUNT]; /* numbers */
	uint32_t acknowledged[LINE_COUNT]; /* by the last trigger */
	/* hop limit of the first reset on a line; 0: none came */
	uint8_t reset_ttl[LINE_COUNT];
	unsigned walked; /* hop limit of the trigger that was sent last */
	int64_t started_ns, opening_ns;
	int64_t reset_ns; /* of the last reset */
	int64_t shown_ns;  /* of the last trigger */
	unsigned delay_ms; /* from triggers with one hop limit to their
			      resets, at the most; 0: not known */
	unsigned rounds;  /* of RESET_ASKING that are over */
	bool is_sending;  /* RESET_OPENING_TWO is for RESET_SENDING */
	unsigned opened_new;
	unsigned round_new;  /* of those, before this round */
	int64_t new_ns;	     /* when the last one was opened */
	bool is_let_through; /* a new one was, in this round */
	unsigned plan_count;
	uint8_t plan[RESET_PLAN]; /* hop limits of LINE_AGAIN */
};

static inline bool reset_is_late(
	int64_t since_ns, const struct probe_context *context, unsigned most_ms)
{
	return context->now_ns - since_ns > most_ms * INT64_C(1000000);
}

static inline bool reset_is_open(const struct reset_state *state, unsigned line)
{
	return state->lines[line]->state == CONNECTION_OPEN &&
	       !state->lines[line]->has_peer_closed;
}

enum {
	RESET_PACE_MS = 30, /* of steps, beside two round trips */
	/* For so long after a trigger a reset is awaited. */
	RESET_LATE_MS = 1000,
};

static inline unsigned reset_pace_ms(const struct probe_context *context)
{
	return RESET_PACE_MS + 2 * context->round_trip_ms;
}

/* What a step takes in which a reset may come: some devices wait. */
static inline unsigned reset_awaited_ms(
	const struct reset_state *state, const struct probe_context *context)
{
	unsigned delay_ms = state->delay_ms + state->delay_ms / 4;
	unsigned pace_ms = reset_pace_ms(context);

	return delay_ms > pace_ms ? delay_ms : pace_ms;
}

static inline void reset_enter(
	struct reset_state *state, enum reset_phase phase)
{
	state->phase = phase;
	state->step = 0;
}

/* Which connection each line is. False where there are too few. */
bool reset_share_out(
	struct reset_state *state, const struct probe_context *context);
/* Opens the line, where it is not open, and one may be opened beside those that
 * are kept for others. */
void reset_open(struct reset_state *state, struct probe_context *context,
	enum reset_line line, unsigned kept, struct tx_queue *tx_queue);
/* RESET_ASKING, RESET_LEVELLING and RESET_REPEATING: a step. */
void reset_ask(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue);
void reset_level(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue);
void reset_repeat(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue);
/* Begins RESET_OPENING_TWO. */
void reset_open_two(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue);

/* Sends a segment of old data on a line; that has to be open, or was. */
void reset_send(struct reset_state *state, struct probe_context *context,
	enum reset_line line, enum reset_segment segment, unsigned hop_limit,
	struct tx_queue *tx_queue);
/* Old data without the trigger that ends at the last router, as far as that is
 * known: the connection's own route may be shorter than the one that the
 * distance was measured on. */
void reset_measure(struct reset_state *state, struct probe_context *context,
	enum reset_line line, struct tx_queue *tx_queue);
/* The hop limits to be tried again, once a reset came: around the one that
 * provoked it, those that a device which copies them answers, or all of them
 * where it waits for longer than triggers were apart. */
void reset_plan(struct reset_state *state, const struct probe_context *context);

/* An ACK of no connection, to a port that answers no SYN. */
void reset_stray(struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue);
/* SYNs with a mark, to the port where no connection opens and to others. */
void reset_mark_ports(struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue);

#endif
