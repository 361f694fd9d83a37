/* The search for the largest size that passes: many sizes at once, each with
 * its own response, so that the cost is a round trip and not a size. */
#ifndef PROBE_EXPERIMENTS_MTU_SEARCH_H
#define PROBE_EXPERIMENTS_MTU_SEARCH_H

#include "probe/engine/experiment.h"

struct mtu_search {
	enum probe_method method;
	bool is_begun, is_done;
	bool is_mute; /* not even small packets are answered */
	uint32_t floor, top;
	uint32_t passed;   /* largest that arrived; 0: none yet */
	uint32_t failed;   /* next above it; 0: `top` passed */
	uint32_t hint;	   /* what a "too big" message claims; 0: none */
	bool has_lied;	   /* a size that was rejected also arrived */
	bool is_ptb_asked; /* so often that one would have come */
	unsigned rounds, hints, rounds_above, rounds_below;
	uint8_t tries[PROBE_MOST_BYTES + 1];
	bool has_arrived[PROBE_MOST_BYTES + 1];
	bool is_refused[PROBE_MOST_BYTES + 1]; /* "too big" came */
};

void mtu_search_begin(struct mtu_search *search, enum probe_method method,
	uint32_t floor, uint32_t top);
/* Takes the answer to a full-distance probe. */
void mtu_search_take(struct mtu_search *search, uint32_t ip_bytes,
	enum response_kind answer, uint32_t claimed_mtu);
/* Whether a "too big" came for this size, and none that was not true. */
bool mtu_search_is_refused(const struct mtu_search *search, uint32_t ip_bytes);
/* Whether a PTB names the size that passes, and the next one is lost without
 * a PTB: the router may rate-limit them. */
bool mtu_search_is_claim_open(const struct mtu_search *search);
/* Sends one more packet of the next size; returns how many were sent. */
unsigned mtu_search_ask_claim(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue);
/* The smallest size above all that were answered with a PTB that is lost
 * without one, where the next size was: a hole in front of that router, or its
 * rate limit. 0: there is none. */
uint32_t mtu_search_lost_above(const struct mtu_search *search);
/* Sends the next round of the search for it, the largest sizes first: a router
 * that rate-limits PTB sends them for what comes first. Returns the number of
 * probes, 0 when it is done. */
unsigned mtu_search_ask_above(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue);
/* Sends the next round; returns the number of probes, 0 when it is done: then
 * `passed` and `failed` are adjacent, and loss, as measured below, does not
 * explain the missing responses above. */
unsigned mtu_search_ask(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue);

#endif
