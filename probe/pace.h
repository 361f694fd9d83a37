/* A token bucket: so many packets a second, and a quarter of that at once. */
#ifndef PROBE_PACE_H
#define PROBE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	int64_t rate; /* packets per second */
	int64_t tokens_ns; /* saved up time; a packet costs a second / rate */
	int64_t last_ns;
};

static inline int64_t pace_cost_ns(const struct pace *pace)
{
	return 1000000000 / pace->rate;
}

static inline void pace_begin(struct pace *pace, int64_t rate, int64_t now_ns)
{
	*pace = (struct pace){rate, 250000000, now_ns};
	if (pace->tokens_ns < pace_cost_ns(pace))
		pace->tokens_ns = pace_cost_ns(pace);
}

/* Nanoseconds until the next packet may go: 0 for now. */
static inline int64_t pace_wait_ns(struct pace *pace, int64_t now_ns)
{
	int64_t cost = pace_cost_ns(pace);
	int64_t most = cost > 250000000 ? cost : 250000000;

	pace->tokens_ns += now_ns - pace->last_ns;
	pace->last_ns = now_ns;
	if (pace->tokens_ns > most)
		pace->tokens_ns = most;
	return pace->tokens_ns >= cost ? 0 : cost - pace->tokens_ns;
}

static inline void pace_spend(struct pace *pace)
{
	pace->tokens_ns -= pace_cost_ns(pace);
}

#endif
