/* The form of a reset compared with its alleged sender's packets: flags,
 * sequence numbers, IP ID.
 *
 * * Sources: Linux's shapes of resets were measured (docs/evidence.md); RFC
 * 9293 3.5.2 and 3.10.7 for sequence numbers; RFC 5961 for challenge ACKs.
 * What could fool each fact stands beside it. */
#include "analysis/verdict/facts_shape.h"

#include "capture/sequence.h"

/* RFC 9293, 3.10.7.1: without a connection a stack answers with the sequence
 * number that it was acknowledged, and nothing else. Linux adds window 0 and
 * no options [measured]. */
bool facts_shape_is_stateless(const struct packet_note *note)
{
	return !(note->tcp_flags & TCP_ACK) && note->window == 0 &&
	       note->options == 0;
}

static void set_stateless(const struct packet_note *note, struct facts *facts)
{
	enum truth truth =
		facts_shape_is_stateless(note) ? TRUTH_YES : TRUTH_NO;

	fact_set(facts, FACT_RESET_IS_STATELESS, truth, note->frame, 0);
	fact_found(facts, FACT_RESET_IS_STATELESS, "%s, window %u%s",
		note->tcp_flags & TCP_ACK ? "RST,ACK" : "RST", note->window,
		note->options ? ", options" : "");
	fact_expected(
		facts, FACT_RESET_IS_STATELESS, "RST, window 0, no options");
}

/* Against the next number of its own side, or the last that the other side has
 * acknowledged; a lone SYN acknowledges none. */
static void set_sequence(const struct reset *reset, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool has_own = own->flags & SIDE_SEEN;
	bool has_peer = peer->flags & SIDE_SEEN;
	bool has_ack = has_peer && (peer->last_flags & TCP_ACK);
	bool is_exact = has_own && own->next == note->sequence;
	bool answers = has_ack && peer->acked == note->sequence;

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
	fact_set(facts, FACT_RESET_ANSWERS_PEER, answers ? TRUTH_YES : TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(facts, FACT_RESET_ANSWERS_PEER, "seq %u", note->sequence);
	if (has_ack)
		fact_expected(facts, FACT_RESET_ANSWERS_PEER,
			"seq = peer's ack, %u", peer->acked);
	else
		fact_expected(facts, FACT_RESET_ANSWERS_PEER,
			"seq = peer's ack; the peer sent none");
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
	bool is_ack_right =
		has_ack && (note->acknowledged == own->acked ||
				   note->acknowledged == peer->next);
	bool is_timed = own->flags & SIDE_TIMESTAMP;
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
	bool copies_id, copies_window;

	if (conn->flow.flags & FLOW_V6)
		return;
	if ((own->flags & SIDE_ID_STEP) && !(own->flags & SIDE_ID_JUMP) &&
		own->packets >= limits->steady_packets && note->ip_id != 0) {
		fact_set(facts, FACT_RESET_ID_CONTINUES,
			step >= 1 && step <= limits->id_steps ? TRUTH_YES
							      : TRUTH_NO,
			note->frame, own->last_frame);
		fact_found(
			facts, FACT_RESET_ID_CONTINUES, "id %u", note->ip_id);
		fact_expected(facts, FACT_RESET_ID_CONTINUES, "%u or slightly "
			"above",
			(unsigned)(uint16_t)(own->ip_id + 1));
	}
	if (!(peer->flags & SIDE_SEEN) || note->ip_id == 0)
		return;
	copies_id = note->ip_id == peer->ip_id ||
		    note->ip_id == (uint16_t)(peer->ip_id + 1);
	copies_window = note->window == peer->window && note->window != 0;
	fact_set(facts, FACT_RESET_COPIES_PEER,
		copies_id && (copies_window || note->ip_id == peer->ip_id)
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(facts, FACT_RESET_COPIES_PEER, "id %u, window %u",
		note->ip_id, note->window);
	fact_expected(facts, FACT_RESET_COPIES_PEER,
		"other than the peer's id %u, window %u", peer->ip_id,
		peer->window);
}

void facts_shape(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_stateless(&reset->note, facts);
	set_sequence(reset, facts);
	set_from_socket(reset, facts);
	set_identification(context, conn, reset, facts);
}
