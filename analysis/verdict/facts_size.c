/* Large packets that vanish, in a connection that may have recovered. */
#include "analysis/verdict/facts_size.h"

#include "capture/numbers.h"
#include "capture/sequence.h"

/* Told by a router that its packets are too big, and sending on as before. */
static void set_too_big(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];

	if (too_big->count < context->thresholds->too_big_messages ||
		too_big->larger_after < context->thresholds->too_big_larger ||
		too_big->fitting_after)
		return;
	facts->size_side = (uint8_t)side;
	fact_set(facts, FACT_TOO_BIG_IGNORED, TRUTH_YES, too_big->larger_frame,
		too_big->first_frame);
	fact_found(facts, FACT_TOO_BIG_IGNORED, "%u larger packets after it",
		too_big->larger_after);
	fact_expected(facts, FACT_TOO_BIG_IGNORED, "none above %u bytes",
		too_big->mtu);
}

/* Seen from the sender: a loss that only smaller packets ended. */
static void set_repaired(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct unacked_run *recovered = &conn->evidence->recovered[side];

	if (!evidence_is_repaired_by_smaller(recovered) ||
		recovered->first_ip_bytes < context->thresholds->large_bytes ||
		conn->flow.side[side].passed_bytes >=
			recovered->first_ip_bytes ||
		conn->evidence->too_big[side].count)
		return;
	facts->size_side = (uint8_t)side;
	fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES,
		recovered->last_frame, recovered->first_frame);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER,
		"%u bytes, after %u retransmissions in %.1f s",
		recovered->smallest_ip_bytes, recovered->count,
		(double)(recovered->last_ns - recovered->since_ns) / 1e9);
	fact_expected(facts, FACT_REPAIRED_BY_SMALLER,
		"%u bytes, as it was sent first", recovered->first_ip_bytes);
}

/* Seen from the receiver: bytes that are missing while small packets pass. */
static void set_missing(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];
	const struct side *sender = &conn->flow.side[side];
	int32_t missing = sequence_distance(seq_gap->start, seq_gap->end);

	if (!seq_gap->is_active || !seq_gap->later_packets ||
		seq_gap->largest_later >= limits->large_bytes ||
		sender->passed_bytes >= limits->large_bytes ||
		missing < limits->large_bytes - limits->bare_packet_bytes ||
		!(conn->flow.side[!side].flags & SIDE_SEEN))
		return;
	if (!seq_gap->is_sacked && conn->closed_ns - seq_gap->since_ns <
					   limits->gap_ms * MILLISECOND_NS)
		return;
	facts->size_side = (uint8_t)side;
	fact_set(facts, FACT_LARGE_MISSING, TRUTH_YES, seq_gap->frame, 0);
	fact_found(facts, FACT_LARGE_MISSING,
		"%d bytes missing; %u later, at most %u bytes", missing,
		seq_gap->later_packets, seq_gap->largest_later);
	fact_expected(
		facts, FACT_LARGE_MISSING, "the missing bytes, sent again");
}

/* Seen from the receiver: bytes that were missing for long and came in smaller
 * packets. */
static void set_filled(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct seq_gap *filled = &conn->evidence->filled_gap[side];
	int32_t missing = sequence_distance(filled->first_start, filled->end);

	if (!evidence_is_filled_late(limits, filled) || !filled->is_sacked ||
		missing < limits->large_bytes - limits->bare_packet_bytes ||
		missing < filled->largest_fill)
		return;
	facts->size_side = (uint8_t)side;
	fact_set(facts, FACT_REPAIRED_BY_SMALLER, TRUTH_YES, filled->frame, 0);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER,
		"%d bytes, missing for %.1f s, came in pieces of at most %u",
		missing,
		(double)(filled->first_fill_ns - filled->since_ns) / 1e9,
		filled->largest_fill);
}

/* Of both sides; where large packets of both vanish, the last is told. */
void facts_size(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	for (unsigned side = 0; side < 2; side++) {
		set_repaired(context, conn, side, facts);
		set_missing(context, conn, side, facts);
		set_filled(context, conn, side, facts);
		set_too_big(context, conn, side, facts);
	}
}
