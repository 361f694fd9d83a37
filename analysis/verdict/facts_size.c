/* Large packets that vanish, in a connection that may have recovered. */
#include "analysis/verdict/facts_size.h"

#include "capture/sequence.h"

enum {
	LEAST_REPAIRED = 2, /* with a smaller size, which says more */
	LARGE_BYTES = 600,  /* every path passes 576 */
};

/* Told by a router that its packets are too big, and sending on as before. */
void facts_size_too_big(
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];

	if (too_big->count < 2 || too_big->larger_after < 2 ||
		too_big->fitting_after)
		return;
	fact_set(facts, FACT_TOO_BIG_IGNORED, TRUTH_YES, too_big->larger_frame,
		too_big->first_frame);
	fact_found(facts, FACT_TOO_BIG_IGNORED, "%u larger packets after it",
		too_big->larger_after);
	fact_expected(facts, FACT_TOO_BIG_IGNORED, "none above %u bytes",
		too_big->mtu);
}

/* Large packets that vanish: seen from their sender (a repaired loss that
 * only smaller packets ended, "too big" that went unheeded), or from their
 * receiver (a hole that is never filled while small packets pass). */
void facts_size(const struct closed_conn *conn, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	const struct flow *flow = &conn->flow;

	for (unsigned side = 0; side < 2; side++) {
		const struct unacked_run *recovered =
			&evidence->recovered[side];
		const struct seq_gap *seq_gap = &evidence->seq_gap[side];
		const struct too_big *too_big = &evidence->too_big[side];
		const struct side *sender = &flow->side[side];

		if (recovered->count >= LEAST_REPAIRED &&
			recovered->first_ip_bytes >= LARGE_BYTES &&
			recovered->smallest_ip_bytes <
				recovered->first_ip_bytes &&
			sender->passed_bytes < recovered->first_ip_bytes &&
			too_big->count == 0) {
			fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES,
				recovered->last_frame, recovered->first_frame);
			fact_found(facts, FACT_REPAIRED_BY_SMALLER,
				"%u bytes, after %u retransmissions in %.1f s",
				recovered->smallest_ip_bytes, recovered->count,
				(double)(recovered->last_ns -
					 recovered->since_ns) /
					1e9);
			fact_expected(facts, FACT_REPAIRED_BY_SMALLER,
				"%u bytes, as it was sent first",
				recovered->first_ip_bytes);
		}
		if (seq_gap->is_active && seq_gap->later_packets &&
			seq_gap->largest_later < LARGE_BYTES &&
			sender->passed_bytes < LARGE_BYTES &&
			sequence_distance(seq_gap->start, seq_gap->end) >=
				LARGE_BYTES - 60 &&
			(flow->side[!side].flags & SIDE_SEEN) &&
			(seq_gap->is_sacked ||
				conn->closed_ns - seq_gap->since_ns >=
					SECOND_NS)) {
			fact_set(facts, FACT_LARGE_MISSING, TRUTH_YES,
				seq_gap->frame, 0);
			fact_found(facts, FACT_LARGE_MISSING,
				"%d bytes missing; %u later, at most %u bytes",
				sequence_distance(seq_gap->start, seq_gap->end),
				seq_gap->later_packets, seq_gap->largest_later);
			fact_expected(facts, FACT_LARGE_MISSING,
				"the missing bytes, sent again");
		}
		const struct seq_gap *filled_gap = &evidence->filled_gap[side];
		int32_t missing = sequence_distance(
			filled_gap->first_start, filled_gap->end);

		if (filled_gap->first_fill_ns - filled_gap->since_ns >=
				SECOND_NS &&
			missing >= LARGE_BYTES - 60 &&
			missing >= filled_gap->largest_fill &&
			filled_gap->is_sacked) {
			fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES,
				filled_gap->frame, 0);
			fact_found(facts, FACT_REPAIRED_BY_SMALLER,
				"%d bytes, missing for %.1f s, came in pieces "
				"of at most %u",
				missing,
				(double)(filled_gap->first_fill_ns -
					 filled_gap->since_ns) /
					1e9,
				filled_gap->largest_fill);
		}
		facts_size_too_big(conn, side, facts);
	}
}
