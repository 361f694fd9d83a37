/* How long to wait for an answer, from those that came (RFC 6298). */
#ifndef PROBE_PATIENCE_H
#define PROBE_PATIENCE_H

#include <stdint.h>

struct patience {
	int64_t smoothed_ns, variation_ns;
	uint64_t samples;
};

static inline void patience_take(struct patience *patience, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		return;
	if (patience->samples++ == 0) {
		patience->smoothed_ns = rtt_ns;
		patience->variation_ns = rtt_ns / 2;
		return;
	}
	int64_t off = rtt_ns - patience->smoothed_ns;
	patience->variation_ns +=
		((off < 0 ? -off : off) - patience->variation_ns) / 4;
	patience->smoothed_ns += off / 8;
}

/* Before the first answer: a second, as for a first SYN. Afterwards a quarter
 * of a round trip and 25 ms are always granted, for routers that make their
 * errors slowly and for this host's own scheduling. */
static inline int64_t patience_ns(const struct patience *patience)
{
	enum { GRANTED_NS = 25000000 };
	static const int64_t first_ns = 1000000000, most_ns = 3000000000;
	int64_t spread = 4 * patience->variation_ns;

	if (patience->samples == 0)
		return first_ns;
	if (spread < patience->smoothed_ns / 4)
		spread = patience->smoothed_ns / 4;
	int64_t wait = patience->smoothed_ns + spread + GRANTED_NS;
	return wait < most_ns ? wait : most_ns;
}

#endif
