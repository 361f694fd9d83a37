/* The packets before and after a reset. Each fact is followed by what could
 * fool it. */
#include "analysis/verdict/facts_reset.h"

#include "analysis/verdict/facts_benign.h"
#include "analysis/verdict/facts_distance.h"
#include "analysis/verdict/facts_idle.h"
#include "analysis/verdict/facts_refusal.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/facts_undelivered.h"
#include "capture/sequence.h"

/* A reset that acknowledges data cannot be at the capture point sooner than
 * the data's round trip to the sender. Fooled by: a route that got shorter;
 * hence a quarter
 * of the shortest seen. */
static void set_timing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool is_server = note->side == flow_server(flow);
	uint32_t rtt_us = is_server ? flow->server_rtt_us : flow->client_rtt_us;
	bool is_rtt_known =
		flow->flags & (is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT);
	int64_t after_us = (note->time_ns - peer->last_ns) / 1000;
	bool answers_data = note->acknowledged == peer->next;

	if (!is_rtt_known || rtt_us < limits->measurable_rtt_us ||
		!answers_data || peer->last_payload == 0 || after_us < 0 ||
		!(peer->flags & SIDE_SEEN))
		return;
	/* only acknowledged data proves that the packet was waited for */
	if (!(note->tcp_flags & TCP_ACK))
		return;
	fact_set(facts, FACT_RESET_TOO_FAST,
		after_us < rtt_us / limits->too_fast_share ? TRUTH_YES
							   : TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(
		facts, FACT_RESET_TOO_FAST, "%.3f ms", (double)after_us / 1000);
	fact_expected(facts, FACT_RESET_TOO_FAST,
		"about %.3f ms, the shortest round trip",
		(double)rtt_us / 1000);
}

/* A side that has reset has no socket that could send: new data at or beyond
 * its reset, or an acknowledgment of something newer, is proof that somebody
 * else reset. "New" is what lies beyond all that was sent when the reset was
 * recorded: packets that overtake each other carry older numbers. */
static void set_continued(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	enum truth truth = TRUTH_UNKNOWN;

	/* a program with TCP in user space, and its kernel, which refuses the
	 * SYN-ACK: one host, no forgery */
	if (note->side == flow_client(&conn->flow) &&
		(own->last_flags & TCP_SYN) && facts_shape_is_stateless(note))
		return;
	for (unsigned i = 0; i < evidence->after_count; i++) {
		const struct packet_note *after = &evidence->after[i];
		bool has_new_data, has_new_ack;

		if (sequence_distance(note->frame, after->frame) <= 0)
			continue;
		if (after->side != note->side) {
			continue;
		}
		if (truth == TRUTH_UNKNOWN)
			truth = TRUTH_NO;
		if (after->ttl == note->ttl && own->packets &&
			after->ttl != own->ttl)
			continue; /* the same forger again */
		has_new_data =
			after->payload_bytes &&
			!sequence_before(after->sequence, note->sequence) &&
			!sequence_before(after->sequence, own->next) &&
			sequence_distance(note->sequence, after->sequence) <
				limits->new_data_bytes &&
			(own->flags & SIDE_SEEN);
		has_new_ack = (after->tcp_flags & TCP_ACK) &&
			      (peer->flags & SIDE_SEEN) &&
			      (own->flags & SIDE_SEEN) &&
			      sequence_after(after->acknowledged, peer->next) &&
			      after->time_ns - note->time_ns >
				      limits->overtaking_ms * MILLISECOND_NS;
		/* a SYN-ACK, or the handshake's last ACK, after a refusal */
		if ((after->tcp_flags & TCP_SYN) &&
			(after->tcp_flags & TCP_ACK) &&
			!(own->flags & SIDE_SEEN) &&
			flow_syns(&conn->flow) == 1)
			has_new_ack = true;
		if (has_new_data || has_new_ack) {
			fact_set(facts, FACT_SENDER_CONTINUED, TRUTH_YES,
				after->frame, note->frame);
			fact_found(facts, FACT_SENDER_CONTINUED,
				"%s, %u bytes, ttl %u, %.3f s later",
				has_new_data ? "new data" : "a newer ack",
				after->payload_bytes, after->ttl,
				(double)(after->time_ns - note->time_ns) / 1e9);
			fact_expected(facts, FACT_SENDER_CONTINUED,
				"no packet but resets");
			return;
		}
	}
	if (truth == TRUTH_NO)
		fact_set(
			facts, FACT_SENDER_CONTINUED, TRUTH_NO, note->frame, 0);
}

static void set_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	const struct unacked_run *unacked =
		&conn->evidence->unacked[note->side];
	bool is_whole = flow->flags & FLOW_ORIENTED;
	bool has_peer_reset = false;

	if (is_whole || own->flags & SIDE_FIN)
		fact_set(facts, FACT_SENDER_HAD_CLOSED,
			own->flags & SIDE_FIN ? TRUTH_YES : TRUTH_NO,
			flow->cold[note->side].fin_frame, 0);
	if (is_whole || peer->flags & SIDE_FIN)
		fact_set(facts, FACT_PEER_HAD_CLOSED,
			peer->flags & SIDE_FIN ? TRUTH_YES : TRUTH_NO,
			flow->cold[!note->side].fin_frame, 0);
	if (own->flags & SIDE_FIN)
		fact_set(facts, FACT_DATA_AFTER_CLOSE,
			peer->last_payload &&
					peer->last_ns > own->last_ns - 1 &&
					!(peer->last_flags & TCP_SYN)
				? TRUTH_YES
				: TRUTH_NO,
			peer->last_frame, own->last_frame);
	for (unsigned i = 0; i < conn->evidence->reset_count; i++) {
		const struct packet_note *other =
			&conn->evidence->resets[i].note;

		if (other->side != note->side &&
			sequence_distance(other->frame, note->frame) > 0) {
			has_peer_reset = true;
			fact_set(facts, FACT_PEER_HAD_RESET, TRUTH_YES,
				other->frame, note->frame);
		}
	}
	if (!has_peer_reset)
		fact_set(facts, FACT_PEER_HAD_RESET, TRUTH_NO, note->frame, 0);
	if (is_whole)
		fact_set(facts, FACT_NOTHING_WAS_SAID,
			(own->flags | peer->flags) & SIDE_DATA ? TRUTH_NO
							       : TRUTH_YES,
			note->frame, 0);

	/* the idle time before: ended by the packet that was answered, or by
	 * the reset itself */
	uint32_t gap_ms = 0, gap_frame = note->frame;
	int64_t last_ns =
		own->last_ns > peer->last_ns ? own->last_ns : peer->last_ns;

	if (flow->flags & FLOW_GAP_PENDING) {
		gap_ms = flow->pending_gap_ms;
		gap_frame = flow->gap_frame;
	} else if ((own->flags | peer->flags) & SIDE_SEEN &&
		   note->time_ns > last_ns) {
		gap_ms = (uint32_t)((note->time_ns - last_ns) / 1000000);
	}
	if (flow->flags & FLOW_ESTABLISHED &&
		!(flow->flags & FLOW_CLOCK_STEP)) {
		fact_set(facts, FACT_IDLE_BEFORE,
			gap_ms >= limits->idle_ms && gap_ms > flow->gap_ms
				? TRUTH_YES
				: TRUTH_NO,
			gap_frame, 0);
		fact_found(facts, FACT_IDLE_BEFORE, "%.1f s",
			(double)gap_ms / 1000);
		if (gap_ms >= limits->idle_ms)
			facts_idle_timer(context, conn, facts);
		if (flow->gap_ms)
			fact_expected(facts, FACT_IDLE_BEFORE,
				"more than the %.1f s survived before",
				(double)flow->gap_ms / 1000);
		else
			fact_expected(facts, FACT_IDLE_BEFORE,
				"at least %.1f s",
				(double)limits->idle_ms / 1000);
	}
	fact_set(facts, FACT_OWN_PROBES_UNANSWERED,
		unacked->is_active && unacked->is_keepalive &&
				unacked->count >= limits->probes_before_reset
			? TRUTH_YES
			: TRUTH_NO,
		unacked->is_active ? unacked->last.frame : note->frame, 0);
	fact_found(facts, FACT_OWN_PROBES_UNANSWERED, "%u probes",
		unacked->is_active && unacked->is_keepalive ? unacked->count
							    : 0);
	fact_set(facts, FACT_OWN_DATA_UNANSWERED,
		unacked->is_active && !unacked->is_keepalive &&
				unacked->count >= limits->retransmissions
			? TRUTH_YES
			: TRUTH_NO,
		unacked->is_active ? unacked->last.frame : note->frame, 0);
	fact_found(facts, FACT_OWN_DATA_UNANSWERED, "%u retransmissions",
		unacked->is_active && !unacked->is_keepalive ? unacked->count
							     : 0);
}

void facts_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;

	fact_set(facts, FACT_RESET_SEEN, TRUTH_YES, note->frame, 0);
	if (note->tcp_flags & TCP_ACK)
		facts_undelivered(context, conn, note->side, note->acknowledged,
			note->frame, facts);
	facts_distance(context, conn, reset, facts);
	facts_shape(context, conn, reset, facts);
	set_timing(context, conn, reset, facts);
	set_continued(context, conn, reset, facts);
	set_before(context, conn, reset, facts);
	facts_refusal(context, conn, reset, facts);
	facts_benign(context, conn, reset, facts);
}
