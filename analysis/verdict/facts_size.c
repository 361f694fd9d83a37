/* Large packets that are lost, in a connection that may have recovered:
 * captured at their sender (a loss that only smaller packets recovered, an
 * ignored PTB), or at their receiver (a sequence gap that is filled late and
 * by smaller segments, or never, while small packets pass). */
#include "analysis/verdict/facts_size.h"

#include <string.h>

#include "analysis/flow/ttl.h"
#include "capture/icmp_kind.h"
#include "capture/numbers.h"
#include "capture/sequence.h"

enum {
	USUAL_MSS = 1460,  /* of Ethernet, where no SYN was seen */
	MOST_OPTIONS = 40, /* RFC 9293, 3.1 */
	/* of an address; in larger networks a difference shows nothing */
	NETWORK4_BYTES = 3,
	NETWORK6_BYTES = 8,
};

/* The sender got PTBs, and kept sending packets of that size. */
static bool is_ignored(const struct thresholds *limits,
	const struct closed_conn *conn, unsigned side)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];

	return too_big->count >= limits->too_big_messages &&
	       too_big->larger_after >= limits->too_big_larger &&
	       !too_big->fitting_after && !too_big->is_larger_passed;
}

static bool is_repaired(const struct thresholds *limits,
	const struct closed_conn *conn, unsigned side)
{
	const struct unacked_run *recovered = &conn->evidence->recovered[side];

	return evidence_is_repaired_by_smaller(recovered) &&
	       recovered->first_ip_bytes >= limits->large_bytes &&
	       conn->flow.side[side].passed_bytes < recovered->first_ip_bytes &&
	       conn->evidence->too_big[side].count == 0;
}

static int32_t filled_bytes(const struct seq_gap *filled)
{
	return sequence_distance(filled->first_start, filled->end);
}

/* As long as segments of the side may be by both SYNs. */
static int32_t full_bytes(const struct flow *flow, unsigned side)
{
	uint16_t own = flow->mss[side], peer = flow->mss[!side];

	return own && peer ? (own < peer ? own : peer) : USUAL_MSS;
}

int32_t facts_size_least_full(const struct flow *flow, unsigned side)
{
	return full_bytes(flow, side) - MOST_OPTIONS;
}

/* Neither what filled the hole nor anything else that has come through was as
 * large as segments may be by both SYNs: a burst of lost segments among others
 * of their size is no hole in the path. Where no SYN was seen, one segment was
 * sent again in pieces. */
static bool is_in_smaller_pieces(const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	const struct seq_gap *filled = &conn->evidence->filled_gap[side];
	int32_t full = full_bytes(flow, side);
	int32_t largest = flow->side[side].passed_bytes;

	if (filled->largest_later > largest)
		largest = filled->largest_later;
	if (filled->largest_fill > largest)
		largest = filled->largest_fill;
	/* a hole below one such segment is of segments that were small at
	 * first */
	return largest < full &&
	       (flow->mss[side] ? filled_bytes(filled) >= full - MOST_OPTIONS
				: filled_bytes(filled) <= full);
}

static bool is_filled(const struct thresholds *limits,
	const struct closed_conn *conn, unsigned side)
{
	const struct seq_gap *filled = &conn->evidence->filled_gap[side];

	return evidence_is_filled_late(limits, filled) &&
	       filled_bytes(filled) >=
		       limits->large_bytes - limits->bare_packet_bytes &&
	       filled_bytes(filled) >= filled->largest_fill &&
	       is_in_smaller_pieces(conn, side) && filled->is_sacked;
}

/* A bare acknowledgment or FIN with a number beyond the hole tells that its
 * sender had sent what is missing; when that sender was heard of nothing for
 * long, it is no packet that was overtaken. */
static bool is_shown_late(const struct thresholds *limits,
	const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];

	return seq_gap->after.payload_bytes == 0 &&
	       flow->flags & FLOW_ORIENTED &&
	       seq_gap->quiet_ns >= limits->gap_ms * MILLISECOND_NS;
}

/* The hole has room for a segment that is larger than any packet that has
 * passed. */
static bool is_larger_than_passed(const struct closed_conn *conn, unsigned side)
{
	const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];
	int32_t hole = sequence_distance(seq_gap->start, seq_gap->end);
	int32_t full = full_bytes(&conn->flow, side);

	return conn->flow.side[side].passed_bytes < (hole < full ? hole : full);
}

/* Nobody sends beyond the window that it was offered, whose end does not move
 * back (RFC 9293, 3.8.6): a number farther ahead is one that a device changed.
 * The scale is at most what the receiver's SYN says; without that, the largest
 * that there is. */
static bool is_within_window(const struct closed_conn *conn, unsigned side)
{
	const struct side *receiver = &conn->flow.side[!side];
	unsigned told = conn->flow.cold[!side].window_scale;
	unsigned scale = receiver->flags & SIDE_SYN && told <= WINDOW_SCALE_MOST
				 ? told
				 : WINDOW_SCALE_MOST;
	int64_t window = (int64_t)receiver->window << scale;

	return sequence_distance(receiver->acked,
		       conn->evidence->seq_gap[side].end) <= window;
}

/* Where a side acknowledged what was never recorded, the recording lacks
 * packets: it may lack these, unless the receiver says that it does not have
 * them. */
static bool is_missing(const struct thresholds *limits,
	const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];

	return seq_gap->is_active &&
	       (seq_gap->is_sacked ||
		       !((flow->side[0].flags | flow->side[1].flags) &
			       SIDE_UNSEEN)) &&
	       (seq_gap->later_packets || is_shown_late(limits, conn, side)) &&
	       seq_gap->largest_later < limits->large_bytes &&
	       is_larger_than_passed(conn, side) &&
	       is_within_window(conn, side) &&
	       sequence_distance(seq_gap->start, seq_gap->end) >=
		       limits->large_bytes - limits->bare_packet_bytes &&
	       (flow->side[!side].flags & SIDE_SEEN) &&
	       (seq_gap->is_sacked || is_shown_late(limits, conn, side) ||
		       conn->closed_ns - seq_gap->after.time_ns >=
			       limits->gap_ms * MILLISECOND_NS);
}

enum size_trouble facts_size_trouble(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side)
{
	const struct thresholds *limits = context->thresholds;

	return is_ignored(limits, conn, side)	 ? SIZE_IGNORED
	       : is_repaired(limits, conn, side) ? SIZE_REPAIRED
	       : is_filled(limits, conn, side)	 ? SIZE_FILLED
	       : is_missing(limits, conn, side)	 ? SIZE_MISSING
						 : SIZE_NO_TROUBLE;
}

/* RFC 4291, 2.4. */
static bool is_link_local(const struct address *address)
{
	return address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

/* A router sends a PTB from an address of the interface that it leaves by (RFC
 * 1812, 4.3.2.4). One that has passed no router, and comes from another network
 * than the sender's, was recorded where the router made it, and may never have
 * left for the sender. */
static bool is_sent_to(const struct closed_conn *conn, unsigned side)
{
	const struct evidence *evidence = conn->evidence;
	bool is_v6 = conn->flow.flags & FLOW_V6;

	for (unsigned i = 0; i < evidence->error_count; i++) {
		const struct error_note *error = &evidence->errors[i];

		if (error->note.side != side ||
			!icmp_kind_is_too_big(is_v6 ? 6 : 4,
				error->note.icmp_type, error->note.icmp_code))
			continue;
		if (!ttl_is_initial(error->note.ttl) ||
			(is_v6 && is_link_local(&error->from)) ||
			memcmp(error->from.bytes, error->to.bytes,
				is_v6 ? NETWORK6_BYTES : NETWORK4_BYTES) == 0)
			return true;
	}
	return false;
}

static void set_ignored(
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct too_big *too_big = &conn->evidence->too_big[side];
	uint8_t ttl = conn->flow.cold[side].ttl[0];
	bool is_sent = is_sent_to(conn, side);

	fact_set(facts, FACT_TOO_BIG_IGNORED, TRUTH_YES, too_big->larger.frame,
		too_big->first_frame);
	fact_found(facts, FACT_TOO_BIG_IGNORED, "%u larger packets afterwards",
		too_big->larger_after);
	fact_expected(facts, FACT_TOO_BIG_IGNORED, "none above %u bytes",
		too_big->mtu);
	fact_set(facts, FACT_TOO_BIG_RECORDED_AT_THE_SENDER,
		ttl_is_initial(ttl) && is_sent ? TRUTH_YES : TRUTH_NO,
		too_big->larger.frame, too_big->first_frame);
	fact_found(facts, FACT_TOO_BIG_RECORDED_AT_THE_SENDER, "ttl %u, PTB %s",
		ttl,
		is_sent ? "of its network, or of a router beyond"
			: "of another network, and no router passed it on");
	fact_expected(facts, FACT_TOO_BIG_RECORDED_AT_THE_SENDER,
		"ttl 64, 128 or 255, PTB of its network or from farther");
}

static void set_repaired(
	const struct unacked_run *recovered, struct facts *facts)
{
	fact_set(facts, FACT_REPAIRED_BY_SMALLER_PACKETS, TRUTH_YES,
		recovered->last.frame, recovered->first.frame);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER_PACKETS,
		"%u bytes, after %u retransmissions in %.1f s",
		recovered->smallest_ip_bytes, recovered->count,
		(double)(recovered->last.time_ns - recovered->since_ns) / 1e9);
	fact_expected(facts, FACT_REPAIRED_BY_SMALLER_PACKETS,
		"%u bytes, as first sent", recovered->first_ip_bytes);
}

static void set_filled(const struct seq_gap *filled, struct facts *facts)
{
	fact_set(facts, FACT_REPAIRED_BY_SMALLER_PACKETS, TRUTH_YES,
		filled->after.frame, 0);
	fact_found(facts, FACT_REPAIRED_BY_SMALLER_PACKETS,
		"%d bytes, missing for %.1f s, came in segments of at most %u",
		filled_bytes(filled),
		(double)(filled->first_fill_ns - filled->after.time_ns) / 1e9,
		filled->largest_fill);
}

static void set_missing(const struct seq_gap *seq_gap, struct facts *facts)
{
	fact_set(facts, FACT_LARGE_PACKETS_MISSING, TRUTH_YES,
		seq_gap->after.frame, 0);
	fact_found(facts, FACT_LARGE_PACKETS_MISSING,
		"%d bytes missing; %u later packets, at most %u bytes",
		sequence_distance(seq_gap->start, seq_gap->end),
		seq_gap->later_packets, seq_gap->largest_later);
	fact_expected(facts, FACT_LARGE_PACKETS_MISSING,
		"retransmission of the missing "
		"bytes");
}

void facts_size_before(const struct verdict_context *context,
	const struct closed_conn *conn, int64_t time_ns, struct facts *facts)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct seq_gap *seq_gap = &conn->evidence->seq_gap[side];

		if (is_missing(context->thresholds, conn, side) &&
			time_ns - seq_gap->after.time_ns >=
				context->thresholds->gap_ms * MILLISECOND_NS)
			set_missing(seq_gap, facts);
	}
}

void facts_size(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct evidence *evidence = conn->evidence;
	unsigned side = facts_size_trouble(context, conn, 1) >
			facts_size_trouble(context, conn, 0);

	facts->size_side = (uint8_t)side;
	if (is_ignored(limits, conn, side))
		set_ignored(conn, side, facts);
	if (is_repaired(limits, conn, side))
		set_repaired(&evidence->recovered[side], facts);
	else if (is_filled(limits, conn, side))
		set_filled(&evidence->filled_gap[side], facts);
	if (is_missing(limits, conn, side))
		set_missing(&evidence->seq_gap[side], facts);
}
