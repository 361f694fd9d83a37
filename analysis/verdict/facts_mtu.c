/* Large packets that vanish: seen from their sender (a loss that only smaller
 * packets repaired, "too big" that went unheeded), or from their receiver (a
 * hole that is filled late and in pieces, or never, while small packets
 * pass). */
#include "analysis/verdict/judge.h"

#include "capture/sequence.h"

enum {
	LEAST_REPAIRED = 2, /* with a smaller size, which says more */
	LEAST_MISSING = LARGE_BYTES - 60, /* payload of a large packet */
};

/* Told by a router that its packets are too big, and sending on as before. */
static bool is_ignored(const struct closed_conn *conn, unsigned side)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];

	return too_big->count >= 2 && too_big->larger_after >= 2 &&
	       !too_big->fitting_after && !too_big->is_larger_passed;
}

static bool is_repaired(const struct closed_conn *conn, unsigned side)
{
	const struct unacked_run *recovered = &conn->evidence->recovered[side];

	return recovered->count >= LEAST_REPAIRED &&
	       recovered->first_ip_bytes >= LARGE_BYTES &&
	       recovered->smallest_ip_bytes < recovered->first_ip_bytes &&
	       conn->flow.side[side].passed_bytes < recovered->first_ip_bytes &&
	       conn->evidence->too_big[side].count == 0;
}

static int32_t healed_bytes(const struct seq_gap *filled_gap)
{
	return sequence_distance(filled_gap->first_start, filled_gap->end);
}

static bool is_healed(const struct closed_conn *conn, unsigned side)
{
	const struct seq_gap *filled_gap = &conn->evidence->filled_gap[side];

	return filled_gap->first_fill_ns - filled_gap->after.time_ns >=
		       SECOND_NS &&
	       healed_bytes(filled_gap) >= LEAST_MISSING &&
	       healed_bytes(filled_gap) >= filled_gap->largest_fill &&
	       filled_gap->is_sacked;
}

static bool is_missing(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];

	return seq_gap->is_active && seq_gap->later_packets &&
	       seq_gap->largest_later < LARGE_BYTES &&
	       flow->side[side].passed_bytes < LARGE_BYTES &&
	       sequence_distance(seq_gap->start, seq_gap->end) >=
		       LEAST_MISSING &&
	       (flow->side[!side].flags & SIDE_SEEN) &&
	       (seq_gap->is_sacked ||
		       context->now_ns - seq_gap->after.time_ns >= SECOND_NS);
}

enum mtu_trouble mtu_trouble_of(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side)
{
	return is_ignored(conn, side)		 ? MTU_IGNORED
	       : is_repaired(conn, side)	 ? MTU_REPAIRED
	       : is_healed(conn, side)		 ? MTU_HEALED
	       : is_missing(context, conn, side) ? MTU_MISSING
						 : MTU_NO_TROUBLE;
}

unsigned mtu_side(
	const struct verdict_context *context, const struct closed_conn *conn)
{
	return mtu_trouble_of(context, conn, 1) >
	       mtu_trouble_of(context, conn, 0);
}

void facts_of_too_big(
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];

	if (!is_ignored(conn, side))
		return;
	fact_set(facts, FACT_TOO_BIG_IGNORED, TRUTH_YES, too_big->larger.frame,
		too_big->first_frame);
	fact_found(facts, FACT_TOO_BIG_IGNORED, "%u larger packets after it",
		too_big->larger_after);
	fact_expected(facts, FACT_TOO_BIG_IGNORED, "none above %u bytes",
		too_big->mtu);
}

static void set_repaired(
	const struct unacked_run *recovered, struct facts *facts)
{
	fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES,
		recovered->last.frame, recovered->first.frame);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER,
		"%u bytes, after %u retransmissions in %.1f s",
		recovered->smallest_ip_bytes, recovered->count,
		(double)(recovered->last.time_ns - recovered->since_ns) / 1e9);
	fact_expected(facts, FACT_REPAIRED_BY_SMALLER,
		"%u bytes, as it was sent first", recovered->first_ip_bytes);
}

static void set_healed(const struct seq_gap *filled_gap, struct facts *facts)
{
	fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES,
		filled_gap->after.frame, 0);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER,
		"%d bytes, missing for %.1f s, came in pieces of at most %u",
		healed_bytes(filled_gap),
		(double)(filled_gap->first_fill_ns -
			 filled_gap->after.time_ns) /
			1e9,
		filled_gap->largest_fill);
}

static void set_missing(const struct seq_gap *seq_gap, struct facts *facts)
{
	fact_set(facts, FACT_LARGE_MISSING, TRUTH_YES, seq_gap->after.frame, 0);
	fact_found(facts, FACT_LARGE_MISSING,
		"%d bytes missing; %u later, at most %u bytes",
		sequence_distance(seq_gap->start, seq_gap->end),
		seq_gap->later_packets, seq_gap->largest_later);
	fact_expected(
		facts, FACT_LARGE_MISSING, "the missing bytes, sent again");
}

void facts_of_mtu(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	unsigned side = mtu_side(context, conn);

	facts_of_too_big(conn, side, facts);
	if (is_repaired(conn, side))
		set_repaired(&evidence->recovered[side], facts);
	else if (is_healed(conn, side))
		set_healed(&evidence->filled_gap[side], facts);
	if (is_missing(context, conn, side))
		set_missing(&evidence->seq_gap[side], facts);
}
