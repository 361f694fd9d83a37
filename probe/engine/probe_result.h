/* Results that experiments share. One experiment provides a result and keeps
 * it in its state; others that declare it read it. A result without a provider
 * is all zeros. */
#ifndef PROBE_ENGINE_PROBE_RESULT_H
#define PROBE_ENGINE_PROBE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/protocol/hop_distance.h"

enum probe_result {
	RESULT_CONNECTION, /* the run's own: whether it opened is decided */
	RESULT_ROUTE,
	RESULT_FORWARD,
	RESULT_REVERSE,
	RESULT_COUNT, /* none */
};

static inline unsigned probe_result_bit(enum probe_result result)
{
	return 1u << result;
}

struct route_result {
	unsigned distance; /* hops to the target; 0: not known (yet) */
	bool is_df_cleared; /* a router quoted a packet without its DF */
	/* bit ttl - 1: that hop sends time exceeded; the target's bit: it
	 * sends port unreachable for UDP */
	uint64_t answering_hops;
	/* small packets to that hop, and the unanswered ones of them: see
	 * error_ration_is_seen */
	uint8_t small_sent[HOP_LIMIT_WHOLE_WAY + 1];
	uint8_t unanswered[HOP_LIMIT_WHOLE_WAY + 1];
};

/* Sizes of IP packets. */
struct forward_result {
	uint32_t path_mtu;    /* largest that arrived; 0: not measured */
	uint32_t limit;	      /* the same, once a larger one is known not to */
	bool is_limit_told;   /* a router reports that limit (PTB) */
	uint32_t echo_limit;  /* there and back, likewise */
	uint32_t echo_passed; /* the largest echo that came back; 0: none */
};

struct reverse_result {
	uint32_t limit; /* over TCP, once a larger one is known not to come */
	unsigned connections; /* that were opened for it */
};

/* Those that an experiment declares; the others are NULL. */
struct probe_results {
	const struct route_result *route;
	const struct forward_result *forward;
	const struct reverse_result *reverse;
	unsigned final; /* bits of those of which nothing more comes */
};

#endif
