/* What the files of the experiment reset share. */
#ifndef PROBE_EXPERIMENTS_RESET_STATE_H
#define PROBE_EXPERIMENTS_RESET_STATE_H

#include "probe/engine/experiment.h"
#include "probe/protocol/reset_rules.h"

/* Its connections. */
enum reset_line {
	LINE_CONTROL, /* never sees the trigger */
	LINE_CONTROL_TOO,
	LINE_WALK,  /* the trigger with one hop limit after another */
	LINE_AGAIN, /* the same, around the hop that was found */
	LINE_WHOLE, /* the whole way, and with a lesser hop limit */
	LINE_LESSER,
	LINE_NEW, /* opened after a reset: is it let through? The first */
	LINE_NEW_LAST = LINE_NEW + 11,
	LINE_COUNT,
};

enum reset_phase {
	RESET_REFUSED, /* the port is: by whom? */
	RESET_OPENING, /* the first four */
	RESET_WALKING,
	RESET_SHOWING, /* to the second one, where the first lives */
	RESET_ASKING,  /* whose connection was it? are new ones let through? */
	RESET_OPENING_TWO, /* LINE_WHOLE and LINE_LESSER */
	RESET_LEVELLING,   /* they see the trigger */
	RESET_REPEATING,
	RESET_CLOSING, /* the controls are asked once more */
	RESET_ENDED,
};

enum { RESET_PLAN = 16 };

struct reset_state {
	enum reset_phase phase;
	unsigned step; /* of the phase */
	unsigned distance;
	uint8_t used[LINE_COUNT][RESET_SEGMENT_COUNT]; /* numbers */
	/* hop limit of the reset that ended a line; 0: none did */
	uint8_t reset_ttl[LINE_COUNT];
	unsigned walked; /* hop limit of the trigger that was sent last */
	int64_t started_ns, opening_ns;
	int64_t reset_ns; /* of the last reset */
	unsigned rounds;  /* of RESET_ASKING that are over */
	unsigned opened_new;
	int64_t new_ns;	     /* when the last one was opened */
	bool is_let_through; /* a new one was, in this round */
	unsigned plan_count;
	uint8_t plan[RESET_PLAN]; /* hop limits of LINE_AGAIN */
};

/* Sends a segment of old data on a line; that has to be open, or was. */
void reset_send(struct reset_state *state, struct probe_context *context,
	enum reset_line line, enum reset_segment segment, unsigned hop_limit,
	struct tx_queue *tx_queue);
/* The hop limits to be tried again, once a reset came: around the one that
 * provoked it, or those that a device which copies them answers. */
void reset_plan(struct reset_state *state);

/* SYNs with a mark, to the port that is refused and to others. */
void reset_mark_ports(struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue);

#endif
