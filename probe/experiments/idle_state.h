/* What the files of the experiment idle share. */
#ifndef PROBE_EXPERIMENTS_IDLE_STATE_H
#define PROBE_EXPERIMENTS_IDLE_STATE_H

#include "probe/experiments/idle_line.h"
#include "probe/experiments/idle_plan.h"
#include "probe/protocol/idle_rules.h"

enum { IDLE_LINES = 68, IDLE_SAYS = 80 };

enum idle_phase {
	IDLE_SEARCH, /* the grid is walked */
	IDLE_SURVEY, /* one fell silent: do others live, up to which hop? */
	IDLE_WAKING, /* before a round: who can be used? */
	IDLE_ROUND,  /* another time-out, to know it better */
	IDLE_PROVING,
	IDLE_CLOSING, /* all are asked, so that the path knows them again and
			 their ends arrive */
	IDLE_ENDED,
};

struct idle_state {
	enum idle_phase phase;
	struct idle_grid grid;
	struct idle_line lines[IDLE_LINES]; /* on the context's connections */
	unsigned opened;		    /* of them */
	unsigned at_once;		    /* with the server, at most */
	unsigned reserved; /* connections that are left for the proof */
	bool is_ssh;
	int64_t started_ns;
	int64_t survived_ns; /* the longest idle time */
	int64_t died_ns;     /* the shortest fatal one; 0: none */
	unsigned deaths;
	bool has_lost; /* a question, or its answer */
	/* a connection that was refreshed up to this hop died, or lived: the
	 * device is behind the one and not behind the other; 0 and the target's
	 * hop are where that is not known */
	unsigned hop_died, hop_lived;
	unsigned rounds;
	unsigned proofs_begun; /* anew after each keepalive that was late */
	int64_t kept_ns; /* when the run's own connection was asked */
	char says[IDLE_SAYS];
};

/* Between refreshes; all connections survive it. */
int64_t idle_state_interval_ns(const struct idle_state *state);
/* Takes the result of a test that is over; its line has no duty any more. */
void idle_state_take(struct idle_state *state, struct idle_line *line);
/* Opens another connection where the server has room; NULL: it has not, or
 * there is none. */
struct idle_line *idle_state_open(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue);
bool idle_state_is_pending(const struct idle_state *state);

/* Before the end. */
void idle_round_close(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue);
/* What is next when a survey or a round is over. */
void idle_round_decide(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue);
/* IDLE_WAKING, IDLE_ROUND and IDLE_PROVING: what is due. */
void idle_round_go_on(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue);
/* When something of a line is due in those phases; INT64_MAX: nothing. */
int64_t idle_round_due_ns(
	const struct idle_state *state, const struct idle_line *line);

#endif
