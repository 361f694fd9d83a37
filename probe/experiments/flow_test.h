/* The flows that experiment_flows compares, connections and stray segments of
 * other ports, and what each has told of the sizes. */
#ifndef PROBE_EXPERIMENTS_FLOW_TEST_H
#define PROBE_EXPERIMENTS_FLOW_TEST_H

#include "probe/engine/experiment.h"
#include "probe/experiments/hop_matrix.h"
#include "probe/experiments/mtu_search.h"

enum {
	FLOW_TESTS = 7,	 /* shared connections, at most */
	/* with ports of stray segments: of two routes to which routers assign
	 * flows evenly, one is missed in 1 of 2048 runs */
	FLOWS_COMPARED = 11,
	/* the run's own: the path may have changed meanwhile */
	FLOW_OF_RUN = FLOWS_COMPARED,
};

enum flows_phase {
	PHASE_OPEN,
	PHASE_COMPARE,
	PHASE_TOP,
	PHASE_SEARCH,
	PHASE_MATRIX,
	PHASE_RESTED,
};

struct flow_test {
	bool is_answering; /* the target resets its stray segments */
	bool is_known;	 /* nothing more is asked of it */
	bool has_passed; /* the size that is compared */
	bool has_next;	 /* one byte more */
	bool is_refused; /* that, by a PTB */
	bool has_top;	 /* the interface's MTU has an answer */
};

struct flows_state {
	enum flows_phase phase;
	/* of `count` shared connections, `strays` other ports, and the run's */
	struct flow_test flows[FLOW_OF_RUN + 1];
	unsigned count, strays;
	bool is_small_over; /* no more resets of small ones are awaited */
	uint32_t passed, failed; /* compared with; failed 0: nothing larger */
	uint32_t top;		 /* the interface's MTU; 0: not asked */
	unsigned turn;		 /* of these packets, alone */
	unsigned small_tries, tries, groups, rounds, pending;
	unsigned leader; /* whose size is searched */
	struct mtu_search search;
	struct hop_matrix matrix;
};

/* The flow after this one, the run's at last; then FLOW_OF_RUN + 1. */
unsigned flow_test_next(const struct flows_state *state, unsigned flow);

/* The context as if the flow were the run's connection. */
struct probe_context flow_test_context(const struct flows_state *state,
	const struct probe_context *context, unsigned flow);

/* Sends a packet of this size. */
void flow_test_ask(const struct flows_state *state,
	struct probe_context *context, unsigned flow, uint32_t ip_bytes,
	struct tx_queue *tx_queue);

bool flow_test_is_usable(const struct flows_state *state,
	const struct probe_context *context, unsigned flow);

/* A small stray segment from each other port that has got no reset yet; a
 * firewall may drop them all. Whether any is sent. */
bool flow_test_send_small(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue);

/* Whether each flow has shown that the compared size passes, and whether
 * the next one does. */
bool flow_test_are_settled(
	const struct flows_state *state, const struct probe_context *context);

/* The size that passes, and larger ones, on each that is not settled. */
void flow_test_send(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue);

/* Takes the response to a packet of a compared size. */
void flow_test_take(
	struct flows_state *state, unsigned flow, const struct event *event);

#endif
