/* The size that the search found, by the other methods, on the whole path. */
#ifndef PROBE_EXPERIMENTS_MTU_METHODS_H
#define PROBE_EXPERIMENTS_MTU_METHODS_H

#include "probe/experiments/mtu_search.h"

struct mtu_methods {
	/* the size that passes, and a short one, were answered */
	bool has_passed[METHOD_COUNT], has_least[METHOD_COUNT];
	bool has_top; /* by UDP, the interface's MTU */
};

/* Sends what is not answered yet, the size that fails in the first round (0)
 * only; returns how many probes. */
unsigned mtu_methods_ask(const struct mtu_methods *methods,
	const struct mtu_search *found, unsigned round,
	struct probe_context *context, struct tx_queue *tx_queue);
/* Takes a probe of the whole path that was answered. */
void mtu_methods_take(struct mtu_methods *methods,
	const struct mtu_search *found, const struct probe_context *context,
	const struct sent_probe *sent_probe);

#endif
