/* How long to wait for a response, from those that came (RFC 6298). */
#ifndef PROBE_ENGINE_RTO_H
#define PROBE_ENGINE_RTO_H

#include <stdint.h>

struct rto {
	int64_t smoothed_ns, variation_ns;
	uint64_t samples;
	int64_t late_ns; /* by how late the kernel has delivered packets */
};

static inline void rto_take(struct rto *rto, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		return;
	if (rto->samples++ == 0) {
		rto->smoothed_ns = rtt_ns;
		rto->variation_ns = rtt_ns / 2;
		return;
	}
	int64_t off = rtt_ns - rto->smoothed_ns;
	rto->variation_ns += ((off < 0 ? -off : off) - rto->variation_ns) / 4;
	rto->smoothed_ns += off / 8;
}

/* Takes a packet's own timestamp and the time up to which all packets were
 * read. On a busy host the kernel may deliver packets much later, which looks
 * like a timeout. The lateness decays over some hundred readings, and a clock
 * step in between is ignored. */
static inline void rto_take_late(
	struct rto *rto, int64_t came_ns, int64_t heard_ns)
{
	enum { SLOWLY = 64, MOST_NS = 1000000000 };
	int64_t late_ns = came_ns < heard_ns && heard_ns - came_ns <= MOST_NS
				  ? heard_ns - came_ns
				  : 0;

	rto->late_ns -= rto->late_ns / SLOWLY;
	if (late_ns > rto->late_ns)
		rto->late_ns = late_ns;
}

/* Before the first response: a second, as for a first SYN. Afterwards always a
 * quarter of a round trip more, for routers that generate errors slowly, and
 * 25 ms, or twice the kernel's lateness, for this host's own scheduling. */
static inline int64_t rto_ns(const struct rto *rto)
{
	enum { GRANTED_NS = 25000000 };
	static const int64_t first_ns = 1000000000, most_ns = 3000000000;
	int64_t spread = 4 * rto->variation_ns;
	int64_t granted =
		2 * rto->late_ns > GRANTED_NS ? 2 * rto->late_ns : GRANTED_NS;

	if (rto->samples == 0)
		return first_ns;
	if (spread < rto->smoothed_ns / 4)
		spread = rto->smoothed_ns / 4;
	int64_t wait = rto->smoothed_ns + spread + granted;
	return wait < most_ns ? wait : most_ns;
}

#endif
