/* The form of a reset compared with its alleged sender's packets: flags,
 * sequence numbers, IP ID.
 *
 * Sources: Linux's shapes of resets were measured (docs/evidence.md); RFC
 * 9293 3.5.2 and 3.10.7 for sequence numbers; RFC 5961 for challenge ACKs.
 * What could fool each fact stands beside it. */
#include "analysis/verdict/facts_shape.h"

#include "capture/safe_text.h"
#include "capture/sequence.h"
#include "capture/stray_segment.h"

enum { STRAYS_BELOW = UINT16_MAX }; /* bytes */

/* RFC 9293, 3.10.7.1: without a connection a stack answers with the sequence
 * number that it was acknowledged, and nothing else. Linux adds window 0 and
 * no options [measured]. */
bool facts_shape_is_stateless(const struct packet_note *note)
{
	return !(note->tcp_flags & TCP_ACK) && note->window == 0 &&
	       note->options == 0;
}

/* The longest that this side's answers take to come here. */
static int64_t longest_answer_ns(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	bool is_server = side == flow_server(flow);
	int64_t rtt_us = 0;

	if (flow->flags & (is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT))
		rtt_us = is_server ? flow->server_rtt_us : flow->client_rtt_us;
	return 2000 * rtt_us + context->thresholds->answer_ms * MILLISECOND_NS;
}

static void set_stateless(const struct reset *reset, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	enum truth truth =
		facts_shape_is_stateless(note) ? TRUTH_YES : TRUTH_NO;

	fact_set(facts, FACT_RESET_IS_STATELESS, truth, note->frame, 0);
	fact_found(facts, FACT_RESET_IS_STATELESS, "%s, window %u%s",
		note->tcp_flags & TCP_ACK ? "RST,ACK" : "RST", note->window,
		note->options ? ", options" : "");
	fact_expected(
		facts, FACT_RESET_IS_STATELESS, "RST, window 0, no options");
	if (own->packets == 0 && reset->has_repeated[!note->side])
		fact_set(facts, FACT_ONLY_A_REPEAT_WAS_ANSWERED, TRUTH_YES,
			note->frame, peer->last_frame);
	fact_set(facts, FACT_RESET_IS_BARE,
		note->tcp_flags & TCP_ACK ? TRUTH_NO : TRUTH_YES, note->frame,
		0);
}

/* A packet of a connection that a stack does not know is answered at once, and
 * one that its socket has acknowledged was answered already. What comes later
 * answers nothing, whatever its number. */
static bool has_something_to_answer(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];

	if (note->time_ns - peer->last_ns >
		longest_answer_ns(context, conn, note->side))
		return false;
	return !(own->flags & SIDE_SEEN) || peer->last_payload == 0 ||
	       own->last_ns <= peer->last_ns || own->acked != peer->next;
}

/* The answer to a packet that was under way when the side's last packets came:
 * its number is an acknowledgment of a moment ago. */
bool facts_shape_answers_older(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	int32_t below = sequence_distance(note->sequence, peer->acked);

	return !(note->tcp_flags & TCP_ACK) && (own->flags & SIDE_SEEN) &&
	       (peer->flags & SIDE_SEEN) && (peer->last_flags & TCP_ACK) &&
	       below > 0 && below <= context->thresholds->older_ack_bytes &&
	       note->time_ns - own->last_ns <=
		       longest_answer_ns(context, conn, note->side);
}

/* See capture/stray_segment.h. It may be the answer to any of several such
 * segments, which begin close to each other. */
static bool answers_stray(const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	uint32_t stray = stray_segment_complement(note->sequence);

	return !(own->flags & SIDE_SEEN) && peer->flags & SIDE_DATA &&
	       peer->window == STRAY_SEGMENT_WINDOW &&
	       peer->next - stray <= STRAYS_BELOW;
}

/* Against the next number of its own side, or the last that the other side has
 * acknowledged; a lone SYN acknowledges none. */
static void set_sequence(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool has_own = own->flags & SIDE_SEEN;
	bool has_peer = peer->flags & SIDE_SEEN;
	bool has_ack = has_peer && (peer->last_flags & TCP_ACK);
	bool is_exact = has_own && own->next == note->sequence;
	bool answers = has_ack && peer->acked == note->sequence;
	bool is_answer;

	if (has_own || has_ack) {
		bool is_by_peer = !has_own || (answers && !is_exact);

		fact_set(facts, FACT_RESET_SEQUENCE_EXACT,
			is_exact || answers ? TRUTH_YES : TRUTH_NO, note->frame,
			is_by_peer ? peer->last_frame : own->last_frame);
		fact_found(facts, FACT_RESET_SEQUENCE_EXACT, "%+d",
			sequence_distance(is_by_peer ? peer->acked : own->next,
				note->sequence));
		fact_expected(facts, FACT_RESET_SEQUENCE_EXACT, "+0");
	}
	if (!has_peer)
		return;
	if (answers_stray(reset))
		fact_set(facts, FACT_RESET_ANSWERS_STRAY_SEGMENT, TRUTH_YES,
			note->frame, peer->last_frame);
	is_answer = answers && has_something_to_answer(context, conn, reset);
	fact_set(facts, FACT_RESET_ANSWERS_PEER,
		is_answer ? TRUTH_YES : TRUTH_NO, note->frame,
		peer->last_frame);
	fact_found(facts, FACT_RESET_ANSWERS_PEER, "seq %u, %.3f s later",
		note->sequence, (double)(note->time_ns - peer->last_ns) / 1e9);
	if (answers && !is_answer)
		fact_expected(facts, FACT_RESET_ANSWERS_PEER,
			"a packet of the other side that waits for an answer");
	else if (has_ack)
		fact_expected(facts, FACT_RESET_ANSWERS_PEER,
			"seq = peer's ack, %u", peer->acked);
	else
		fact_expected(facts, FACT_RESET_ANSWERS_PEER,
			"seq = peer's ack; the peer sent none");
}

static bool is_far_from(
	const struct thresholds *limits, uint32_t number, uint32_t known)
{
	int64_t apart = sequence_distance(known, number);

	return apart > limits->blind_bytes || -apart > limits->blind_bytes;
}

/* Is the number far from all that either side has sent or acknowledged in a
 * connection that was recorded from its SYNs, without a hole? Whoever sees the
 * connection knows a number that is near one of these, if only that of the
 * wrong side. */
static void set_blind(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *before = reset->before;
	unsigned both = before[0].flags & before[1].flags;
	unsigned either = before[0].flags | before[1].flags;
	bool is_blind = true;

	if (!(both & SIDE_SEEN) || either & SIDE_UNSEEN ||
		!(conn->flow.flags & FLOW_SYNACK))
		return;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t first = conn->flow.cold[i].first_sequence;

		is_blind =
			is_blind &&
			(sequence_before(note->sequence, first) ||
				sequence_after(
					note->sequence, before[i].next)) &&
			is_far_from(limits, note->sequence, first) &&
			is_far_from(limits, note->sequence, before[i].next) &&
			is_far_from(limits, note->sequence, before[i].acked);
	}
	/* what was sent while nothing was recorded */
	for (unsigned i = 0; i < conn->evidence->after_count; i++) {
		const struct packet_note *after = &conn->evidence->after[i];

		is_blind = is_blind &&
			   is_far_from(limits, note->sequence, after->sequence);
	}
	if (!is_blind)
		return;
	fact_set(facts, FACT_RESET_NUMBER_OF_NOBODY, TRUTH_YES, note->frame,
		before[note->side].last_frame);
	fact_found(
		facts, FACT_RESET_NUMBER_OF_NOBODY, "seq %u", note->sequence);
	fact_expected(facts, FACT_RESET_NUMBER_OF_NOBODY, "about %u",
		before[note->side].next);
}

/* An endpoint that owns the socket knows all numbers, and keeps its timestamps
 * going. */
static void set_from_socket(const struct reset *reset, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool has_ack = note->tcp_flags & TCP_ACK;
	bool is_exact = own->next == note->sequence;
	/* also between the two: what was in flight may have arrived */
	bool is_ack_right = has_ack &&
			    !sequence_before(note->acknowledged, own->acked) &&
			    !sequence_after(note->acknowledged, peer->next);
	/* RFC 7323, 3.2: both had it, or nobody has to send it */
	bool is_timed = own->flags & peer->flags & SIDE_TIMESTAMP;
	bool has_timestamp = note->options & OPTION_TIMESTAMP;

	if (!(own->flags & SIDE_SEEN) || !(peer->flags & SIDE_SEEN))
		return;
	fact_set(facts, FACT_RESET_FROM_SOCKET,
		is_ack_right && is_exact && (has_timestamp || !is_timed)
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, own->last_frame);
	fact_found(facts, FACT_RESET_FROM_SOCKET, "%s, seq %s, ack %s%s",
		has_ack ? "RST,ACK" : "RST", is_exact ? "right" : "other",
		is_ack_right ? "right" : "other",
		has_timestamp ? ", timestamp"
		: is_timed    ? ", no timestamp"
			      : "");
	fact_expected(facts, FACT_RESET_FROM_SOCKET,
		"RST,ACK with the connection's own numbers%s",
		is_timed ? ", timestamp" : "");
}

/* A counter that all connections of a host share runs ahead with time, but not
 * by more than the host can send in it. */
static void set_foreign_id(const struct thresholds *limits,
	const struct packet_note *note, const struct side_snapshot *own,
	uint16_t step, struct facts *facts)
{
	int64_t after_ns = note->time_ns - own->last_ns;
	int64_t most = limits->id_steps +
		       /* in microseconds: years of nanoseconds, many times
			* over, are no number */
		       limits->id_per_ms * (after_ns / 1000) / 1000;
	/* packets that overtake each other have lower ones */
	bool is_behind = step >= UINT16_MAX + 1 - limits->id_steps;

	if (after_ns < 0)
		return;
	fact_set(facts, FACT_RESET_IP_ID_FOREIGN,
		step > most && !is_behind ? TRUTH_YES : TRUTH_NO, note->frame,
		own->last_frame);
	fact_found(facts, FACT_RESET_IP_ID_FOREIGN, "%+d after %.3f ms", step,
		(double)after_ns / 1e6);
	fact_expected(facts, FACT_RESET_IP_ID_FOREIGN, "at most %+lld",
		(long long)most);
}

/* Fooled by: hosts that share one counter over all connections (steps grow
 * with load), anonymised captures, and stacks that send resets with 0. */
static void set_identification(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	uint16_t step = (uint16_t)(note->ip_id - own->ip_id);
	bool copies_id, copies_window, is_exact;

	if (conn->flow.flags & FLOW_V6)
		return;
	if ((own->flags & SIDE_ID_STEP) && !(own->flags & SIDE_ID_JUMP) &&
		own->packets >= limits->steady_packets && note->ip_id != 0) {
		fact_set(facts, FACT_RESET_IP_ID_CONTINUES,
			step >= 1 && step <= limits->id_steps ? TRUTH_YES
							      : TRUTH_NO,
			note->frame, own->last_frame);
		fact_found(facts, FACT_RESET_IP_ID_CONTINUES, "id %u",
			note->ip_id);
		fact_expected(facts, FACT_RESET_IP_ID_CONTINUES,
			"%u or slightly "
			"above",
			(unsigned)(uint16_t)(own->ip_id + 1));
		set_foreign_id(limits, note, own, step, facts);
	}
	/* of a side whose own identification leads there, nothing was copied */
	if (!(peer->flags & SIDE_SEEN) || note->ip_id == 0 ||
		((own->flags & SIDE_SEEN) && step <= 1))
		return;
	copies_id = note->ip_id == peer->ip_id ||
		    note->ip_id == (uint16_t)(peer->ip_id + 1);
	copies_window = note->window == peer->window && note->window != 0;
	/* chance makes one of 65,536 identifications alike: from the right
	 * distance that alone is no sign */
	is_exact = note->ip_id == peer->ip_id &&
		   !fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER);
	fact_set(facts, FACT_RESET_COPIES_PEER_HEADER,
		copies_id && (copies_window || is_exact) ? TRUTH_YES : TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(facts, FACT_RESET_COPIES_PEER_HEADER, "id %u, window %u",
		note->ip_id, note->window);
	fact_expected(facts, FACT_RESET_COPIES_PEER_HEADER,
		"other than the peer's id %u, window %u", peer->ip_id,
		peer->window);
}

bool facts_shape_has_other_df(const struct reset *reset)
{
	uint16_t df =
		reset->before[reset->note.side].flags & (SIDE_DF | SIDE_NO_DF);

	return df == (reset->note.is_df ? SIDE_NO_DF : SIDE_DF);
}

/* Fooled by: stacks that send their resets without path MTU discovery. */
static void set_df(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];

	if (conn->flow.flags & FLOW_V6 ||
		own->packets < limits->steady_packets ||
		!facts_shape_has_other_df(reset))
		return;
	fact_set(facts, FACT_RESET_HAS_OTHER_DF, TRUTH_YES, note->frame,
		own->last_frame);
	fact_found(facts, FACT_RESET_HAS_OTHER_DF, "%s DF",
		note->is_df ? "with" : "without");
	fact_expected(facts, FACT_RESET_HAS_OTHER_DF,
		"%s, as its %u packets before",
		note->is_df ? "without" : "with", own->packets);
}

size_t facts_shape_text(
	const struct thresholds *limits, const struct reset *reset)
{
	size_t bytes = reset->text_bytes;

	while (bytes && (reset->text[bytes - 1] == 0 ||
				reset->text[bytes - 1] == '\r' ||
				reset->text[bytes - 1] == '\n'))
		bytes--;
	for (size_t i = 0; i < bytes; i++)
		if ((reset->text[i] < ' ' || reset->text[i] > '~') &&
			reset->text[i] != '\r' && reset->text[i] != '\n')
			return 0;
	return (int64_t)bytes >= limits->reset_text_bytes ? bytes : 0;
}

static void set_text(const struct thresholds *limits, const struct reset *reset,
	struct facts *facts)
{
	size_t bytes = facts_shape_text(limits, reset);
	char safe[FOUND_BYTES];

	if (bytes == 0)
		return;
	(void)safe_text_copy(safe, sizeof(safe), reset->text, bytes);
	fact_set(facts, FACT_RESET_CARRIES_TEXT, TRUTH_YES, reset->note.frame,
		0);
	fact_found(facts, FACT_RESET_CARRIES_TEXT, "%s", safe);
}

void facts_shape(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_stateless(reset, facts);
	set_sequence(context, conn, reset, facts);
	set_from_socket(reset, facts);
	set_blind(context->thresholds, conn, reset, facts);
	set_identification(context, conn, reset, facts);
	set_df(context->thresholds, conn, reset, facts);
	set_text(context->thresholds, reset, facts);
}
