/* The search for the largest size that comes back, round by round. */
#ifndef PROBE_EXPERIMENTS_REVERSE_SEARCH_H
#define PROBE_EXPERIMENTS_REVERSE_SEARCH_H

#include "probe/experiments/reverse_round.h"

/* Tests a size in this round, on a port of the parity that is searched. False
 * where no connection is left for it. */
bool reverse_search_try(struct reverse_state *state,
	struct probe_context *context, uint32_t ip_bytes,
	struct tx_queue *tx_queue);

/* Begins the next round, or waits for the forward path's limit. False when
 * there is nothing left to try. */
bool reverse_search_next(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue);

#endif
