/* A token bucket: so many packets a second, and a quarter of that at once. */
#ifndef PROBE_ENGINE_TOKEN_BUCKET_H
#define PROBE_ENGINE_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct token_bucket {
	int64_t rate;	   /* packets per second */
	int64_t tokens_ns; /* credit as time; a packet costs a second / rate */
	int64_t last_ns;
};

static inline int64_t token_bucket_cost_ns(const struct token_bucket *pace)
{
	return 1000000000 / pace->rate;
}

static inline void token_bucket_begin(
	struct token_bucket *pace, int64_t rate, int64_t now_ns)
{
	*pace = (struct token_bucket){rate, 250000000, now_ns};
	if (pace->tokens_ns < token_bucket_cost_ns(pace))
		pace->tokens_ns = token_bucket_cost_ns(pace);
}

/* Nanoseconds until the next packet may go: 0 for now. */
static inline int64_t token_bucket_wait_ns(
	struct token_bucket *pace, int64_t now_ns)
{
	int64_t cost = token_bucket_cost_ns(pace);
	int64_t most = cost > 250000000 ? cost : 250000000;

	pace->tokens_ns += now_ns - pace->last_ns;
	pace->last_ns = now_ns;
	if (pace->tokens_ns > most)
		pace->tokens_ns = most;
	return pace->tokens_ns >= cost ? 0 : cost - pace->tokens_ns;
}

static inline void token_bucket_spend(struct token_bucket *pace)
{
	pace->tokens_ns -= token_bucket_cost_ns(pace);
}

#endif
