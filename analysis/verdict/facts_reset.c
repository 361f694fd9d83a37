/* The packets before and after a reset. Each fact is followed by what could
 * fool it. */
#include "analysis/verdict/facts_reset.h"

#include "analysis/observe/app_message.h"
#include "analysis/verdict/ending.h"
#include "analysis/verdict/facts_benign.h"
#include "analysis/verdict/facts_closing.h"
#include "analysis/verdict/facts_continued.h"
#include "analysis/verdict/facts_distance.h"
#include "analysis/verdict/facts_forged.h"
#include "analysis/verdict/facts_idle.h"
#include "analysis/verdict/facts_places.h"
#include "analysis/verdict/facts_over.h"
#include "analysis/verdict/facts_refusal.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/facts_silence.h"
#include "analysis/verdict/facts_timing.h"
#include "analysis/verdict/facts_undelivered.h"
#include "analysis/verdict/facts_unrecorded.h"
#include "capture/sequence.h"

/* Far from the side that it names, or after a reset of the other: it ends no
 * outage. */
static bool is_anothers(const struct facts *facts)
{
	return fact_holds(facts, FACT_RESET_TTL_FAR_OFF) ||
	       fact_holds(facts, FACT_PEER_HAD_RESET);
}

/* What had been sent again and again when the reset came: a reset after that is
 * the tail of an outage, whoever sends it. What was sent again after the reset
 * tells nothing of the time before it. */
static void set_unanswered(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	unsigned counts[2] = {reset->unanswered[0], reset->unanswered[1]};
	const struct unacked_run *runs = conn->evidence->unacked;
	int64_t enough = context->thresholds->retransmissions;
	unsigned own = reset->note.side, victim;
	unsigned unheard = evidence_unheard(&conn->flow, conn->evidence, own);

	/* for its sender, what it sends again was not answered */
	if (unheard > counts[own])
		counts[own] = unheard;
	for (unsigned side = 0; side < 2; side++) {
		enum fact fact = side == own ? FACT_OWN_DATA_UNANSWERED
					     : FACT_PEER_DATA_UNANSWERED;
		bool holds = counts[side] >= enough &&
			     (side == own ||
				     (!facts_silence_is_bare_fin(&runs[side]) &&
					     !is_anothers(facts)));

		fact_set(facts, fact, holds ? TRUTH_YES : TRUTH_NO,
			runs[side].is_active ? runs[side].last.frame
					     : reset->note.frame,
			0);
		fact_found(facts, fact, "%u retransmissions", counts[side]);
	}
	victim = counts[!own] > counts[own] ? !own : own;
	if (counts[victim] >= enough ||
		fact_holds(facts, FACT_OWN_PROBES_UNANSWERED))
		facts_silence_directions(conn, victim, facts);
	if (is_anothers(facts) || conn->flow.side[!victim].window == 0 ||
		/* the path did say that they are too large */
		conn->evidence->too_big[victim].count >=
			context->thresholds->too_big_messages)
		return;
	if (counts[victim] >= enough && runs[victim].is_active &&
		!runs[victim].is_keepalive &&
		!facts_silence_is_bare_fin(&runs[victim]))
		facts_unanswered(context, conn, victim, facts);
}

/* Did the peer's retransmissions stop for longer than any timer waits? */
static void set_paused(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct unacked_run *run =
		&conn->evidence->unacked[!reset->note.side];
	int64_t most_s = context->thresholds->silent_quiet_s;

	if (!run->is_active || run->is_keepalive || run->pause_s <= most_s)
		return;
	fact_set(facts, FACT_PEER_HAD_PAUSED, TRUTH_YES, run->last.frame,
		run->first.frame);
	fact_found(facts, FACT_PEER_HAD_PAUSED, "%u s before it went on",
		run->pause_s);
	fact_expected(facts, FACT_PEER_HAD_PAUSED,
		"at most %u s, the longest timers", (unsigned)most_s);
}

/* Did this side, which has closed, leave data of the other side unheard: its
 * last packet, or what was under way when it closed? */
static bool has_data_after_close(
	const struct side_snapshot *own, const struct side_snapshot *peer)
{
	if (peer->last_payload && peer->last_ns > own->last_ns - 1 &&
		!(peer->last_flags & TCP_SYN))
		return true;
	return (own->flags & SIDE_SEEN) && (peer->flags & SIDE_DATA) &&
	       !(peer->flags & (SIDE_UNSEEN | SIDE_FIN)) &&
	       sequence_after(peer->next, own->acked);
}

/* The data was sent before its sender could have received the FIN: within a
 * round trip of it, or before it. */
static void set_crossed(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct side_snapshot *own = &reset->before[reset->note.side];
	const struct side_snapshot *peer = &reset->before[!reset->note.side];
	int64_t round_trip_ns = flow_round_trip_ns(&conn->flow);
	int64_t after_ns = peer->last_ns - own->last_ns;

	if (!fact_holds(facts, FACT_DATA_AFTER_CLOSE) || peer->flags & SIDE_FIN)
		return;
	fact_set(facts, FACT_DATA_CROSSED_THE_FIN,
		after_ns < round_trip_ns ? TRUTH_YES : TRUTH_NO,
		peer->last_frame, own->last_frame);
	fact_found(facts, FACT_DATA_CROSSED_THE_FIN, "%.3f ms after the FIN",
		(double)after_ns / 1e6);
	fact_expected(facts, FACT_DATA_CROSSED_THE_FIN,
		"less than a round trip of %.3f ms",
		(double)round_trip_ns / 1e6);
}

/* An encrypted alert of TLS, with its header: of ChaCha20 in TLS 1.2, of TLS
 * 1.3, and of AES-GCM in TLS 1.2. */
static bool is_alert_long(uint32_t bytes)
{
	return bytes == 23 || bytes == 24 || bytes == 31;
}

/* Soon after the FIN nothing is left of the peer's but one record as long as an
 * alert, in a connection that speaks TLS: its close_notify. */
static void set_close_notify(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct side_cold *cold = conn->flow.cold;
	const struct side_snapshot *own = &reset->before[reset->note.side];
	const struct side_snapshot *peer = &reset->before[!reset->note.side];
	uint32_t left = peer->next - own->acked - !!(peer->flags & SIDE_FIN);
	int64_t after_ns = peer->last_ns - own->last_ns;

	if (!fact_holds(facts, FACT_DATA_AFTER_CLOSE) ||
		!(own->flags & SIDE_SEEN) || peer->flags & SIDE_UNSEEN ||
		!(app_message_is_tls(cold[0].app_message) ||
			app_message_is_tls(cold[1].app_message)))
		return;
	fact_set(facts, FACT_CLOSE_NOTIFY_AFTER_CLOSE,
		is_alert_long(left) &&
				after_ns < limits->idle_ms * MILLISECOND_NS
			? TRUTH_YES
			: TRUTH_NO,
		peer->last_frame, own->last_frame);
	fact_found(facts, FACT_CLOSE_NOTIFY_AFTER_CLOSE, "%u bytes, %.3f s",
		left, (double)after_ns / 1e9);
	fact_expected(facts, FACT_CLOSE_NOTIFY_AFTER_CLOSE,
		"23, 24 or 31 bytes, an encrypted alert, within %.1f s",
		(double)limits->idle_ms / 1e3);
}

/* The peer has acknowledged one number beyond all that was recorded of this
 * side, and nothing of it came after that: its FIN, which the recording
 * lacks. */
static void set_unrecorded_fin(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	unsigned side = reset->note.side;
	const struct side_snapshot *own = &reset->before[side];
	uint32_t frame = conn->evidence->fin_acked_frame[side];

	if (frame == 0 || own->flags & SIDE_FIN ||
		sequence_distance(own->last_frame, frame) <= 0)
		return;
	fact_set(facts, FACT_FIN_NOT_RECORDED, TRUTH_YES, frame,
		own->last_frame);
	fact_found(facts, FACT_FIN_NOT_RECORDED, "ack one beyond");
	fact_expected(facts, FACT_FIN_NOT_RECORDED, "ack of what was recorded");
}

/* The number of this side's first byte, though it has sent more. */
static void set_handshake_number(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	unsigned side = reset->note.side;
	const struct side_snapshot *own = &reset->before[side];
	uint32_t first = conn->flow.cold[side].first_sequence + 1;

	if (!(conn->flow.side[side].flags & SIDE_SYN) ||
		!(own->flags & SIDE_DATA) || own->next == first ||
		reset->note.sequence != first)
		return;
	fact_set(facts, FACT_RESET_NUMBER_OF_HANDSHAKE, TRUTH_YES,
		reset->note.frame, own->last_frame);
	fact_found(facts, FACT_RESET_NUMBER_OF_HANDSHAKE, "seq %u",
		reset->note.sequence);
	fact_expected(facts, FACT_RESET_NUMBER_OF_HANDSHAKE, "%u", own->next);
}

/* What the sides had said and closed before the reset. */
static void set_closed_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool is_whole = flow->flags & FLOW_ORIENTED;

	if (is_whole || own->flags & SIDE_FIN)
		fact_set(facts, FACT_SENDER_HAD_CLOSED,
			own->flags & SIDE_FIN ? TRUTH_YES : TRUTH_NO,
			flow->cold[note->side].fin_frame, 0);
	if (is_whole || peer->flags & SIDE_FIN)
		fact_set(facts, FACT_PEER_HAD_CLOSED,
			peer->flags & SIDE_FIN ? TRUTH_YES : TRUTH_NO,
			flow->cold[!note->side].fin_frame, 0);
	if (own->flags & SIDE_FIN) {
		fact_set(facts, FACT_DATA_AFTER_CLOSE,
			has_data_after_close(own, peer) ? TRUTH_YES : TRUTH_NO,
			peer->last_frame, own->last_frame);
		set_crossed(conn, reset, facts);
		set_close_notify(context->thresholds, conn, reset, facts);
	}
}

static void set_peer_had_reset(const struct closed_conn *conn,
	const struct packet_note *note, struct facts *facts)
{
	bool has_peer_reset = false;

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
}

static void set_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	const struct unacked_run *unacked =
		&conn->evidence->unacked[note->side];
	bool is_probed = unacked->is_active && unacked->is_keepalive;

	set_closed_before(context, conn, reset, facts);
	set_peer_had_reset(conn, note, facts);
	set_unrecorded_fin(conn, reset, facts);
	set_handshake_number(conn, reset, facts);
	if (conn->flow.flags & FLOW_ORIENTED &&
		!fact_holds(facts, FACT_PACKETS_BEFORE_NOT_RECORDED))
		fact_set(facts, FACT_NOTHING_WAS_SAID,
			(own->flags | peer->flags) & SIDE_DATA ? TRUTH_NO
							       : TRUTH_YES,
			note->frame, 0);
	facts_idle_before(context, conn, reset, facts);
	fact_set(facts, FACT_OWN_PROBES_UNANSWERED,
		is_probed && unacked->count >=
					context->thresholds->probes_before_reset
			? TRUTH_YES
			: TRUTH_NO,
		unacked->is_active ? unacked->last.frame : note->frame, 0);
	fact_found(facts, FACT_OWN_PROBES_UNANSWERED, "%u probes",
		is_probed ? unacked->count : 0);
	set_unanswered(context, conn, reset, facts);
	set_paused(context, conn, reset, facts);
}

/* Two resets with the same numbers from two places, and nothing else of their
 * side: one of them at least is not its. */
static void set_twice_alone(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;

	for (unsigned i = 0; i < conn->evidence->reset_count; i++) {
		const struct packet_note *other =
			&conn->evidence->resets[i].note;
		unsigned apart = other->ttl > note->ttl
					 ? (unsigned)(other->ttl - note->ttl)
					 : (unsigned)(note->ttl - other->ttl);

		if (!ending_is_same_reset(reset, &conn->evidence->resets[i]) ||
			apart <= context->thresholds->ttl_near_hops)
			continue;
		fact_set(facts, FACT_RESETS_FROM_TWO_PLACES, TRUTH_YES,
			note->frame, other->frame);
		fact_found(facts, FACT_RESETS_FROM_TWO_PLACES, "ttl %u and %u",
			note->ttl, other->ttl);
		fact_expected(
			facts, FACT_RESETS_FROM_TWO_PLACES, "one distance");
		return;
	}
}

bool facts_reset_is_restart(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	unsigned side = note->side;
	int64_t since_ns = note->time_ns + 1;

	if (conn->flow.flags & FLOW_GAP_PENDING)
		since_ns -= conn->flow.pending_gap_ms * MILLISECOND_NS;
	return facts_shape_is_stateless(note) &&
	       refusals_know(&context->learned->refusals, &conn->address[side],
		       conn->port[side], since_ns,
		       note->time_ns +
			       context->thresholds->restart_s * SECOND_NS);
}

/* The same service refused new connections soon after, or in the silence
 * before. */
static void set_refused_after(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	unsigned side = note->side;

	if (!facts_reset_is_restart(context, conn, reset))
		return;
	fact_set(facts, FACT_REFUSED_SOON_AFTER, TRUTH_YES, note->frame, 0);
	fact_found(facts, FACT_REFUSED_SOON_AFTER,
		"port %u refused a SYN within %u s, or in the silence before",
		conn->port[side], (unsigned)context->thresholds->restart_s);
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
	facts_unrecorded(conn, reset, facts);
	facts_timing(context, conn, reset, facts);
	facts_continued(context, conn, reset, facts);
	set_before(context, conn, reset, facts);
	facts_silence_handshake(conn, facts);
	facts_refusal(context, conn, reset, facts);
	facts_benign(context, conn, reset, facts);
	facts_closing(context, conn, reset, facts);
	facts_places_reset(context, conn, reset, facts);
	facts_over(context, conn, reset, facts);
	facts_forged_answer(conn, reset, facts);
	set_twice_alone(context, conn, reset, facts);
	set_refused_after(context, conn, reset, facts);
}
