/* Whether a reset could end its connection: the connection had ended before,
 * its receiver has to drop the reset, or the connection continued. */
#include "analysis/verdict/facts_over.h"

#include <string.h>

#include "analysis/verdict/facts_distance.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/facts_timing.h"
#include "capture/sequence.h"

/* Did this earlier reset end the connection? It did if it is its side's own:
 * from its distance, with its number, and the side has sent nothing since. A
 * forged one ends it for its receiver only, and is an incident itself. */
static bool has_ended_it(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *earlier,
	const struct reset *reset)
{
	uint32_t last = reset->before[earlier->note.side].last_frame;
	struct facts facts;

	if (sequence_distance(earlier->note.frame, reset->note.frame) <= 0 ||
		sequence_distance(earlier->note.frame, last) > 0)
		return false;
	memset(&facts, 0, sizeof(facts));
	facts_distance(context, conn, earlier, &facts);
	facts_shape(context, conn, earlier, &facts);
	return (fact_holds(&facts, FACT_RESET_TTL_MATCHES_SENDER) ||
		       fact_holds(&facts, FACT_RESET_AS_MANY_HOPS_AWAY)) &&
	       (fact_holds(&facts, FACT_RESET_SEQUENCE_EXACT) ||
		       facts_shape_answers_older(context, conn, earlier));
}

/* When either side was last heard before the reset. */
static int64_t end_ns(const struct reset *reset)
{
	int64_t a = reset->before[0].last_ns, b = reset->before[1].last_ns;

	return a > b ? a : b;
}

/* Both sides closed, or one of them reset it. Where both FINs are acknowledged
 * neither side has a connection left, however late the reset comes. Fooled by:
 * a forged FIN; data that was under way when both had closed. */
static void set_over(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	unsigned both = reset->before[0].flags & reset->before[1].flags;
	int64_t most_ns = context->thresholds->leftover_s * SECOND_NS;

	if (note->time_ns - end_ns(reset) > most_ns && !(both & SIDE_FIN_ACKED))
		return;
	if (both & SIDE_FIN) {
		fact_set(facts, FACT_CONNECTION_WAS_OVER, TRUTH_YES,
			note->frame, flow->cold[note->side].fin_frame);
		fact_found(facts, FACT_CONNECTION_WAS_OVER,
			"both sides had closed");
	}
	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct reset *earlier = &evidence->resets[i];

		if (!has_ended_it(context, conn, earlier, reset))
			continue;
		fact_set(facts, FACT_CONNECTION_WAS_OVER, TRUTH_YES,
			note->frame, earlier->note.frame);
		fact_found(facts, FACT_CONNECTION_WAS_OVER, "%s had reset it",
			earlier->note.side == note->side ? "this side"
							 : "the other side");
		break;
	}
	fact_expected(
		facts, FACT_CONNECTION_WAS_OVER, "a connection that is open");
}

/* How far the number lies outside of what the receiver takes: 0 inside. Of
 * its window only the part that it has offered is known. */
static int32_t outside_window(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	unsigned told = conn->flow.cold[!note->side].window_scale;
	unsigned scale =
		told > WINDOW_SCALE_MOST || !(conn->flow.flags & FLOW_ORIENTED)
			? WINDOW_SCALE_MOST
			: told;
	int64_t window = (int64_t)peer->window << scale;
	int64_t ahead = sequence_distance(peer->acked, note->sequence);

	if (ahead < 0)
		return (int32_t)ahead;
	return ahead > window ? (int32_t)(ahead - window) : 0;
}

static bool has_option_elsewhere(
	const struct evidence *evidence, unsigned option)
{
	for (unsigned i = 0; i < evidence->after_count; i++)
		if (evidence->after[i].options & option)
			return true;
	return false;
}

/* RFC 2385, RFC 5925: a segment with a signature that was not agreed upon is
 * dropped; RFC 5961, 3.2: so is a reset outside of the window. SYN and FIN
 * beside RST are no reset that a stack sends, and firewalls drop it. Only what
 * was recorded afterwards says that the connection has no signatures. */
static void set_unacceptable(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;
	int32_t outside = outside_window(conn, reset);
	unsigned signature =
		note->options & (OPTION_MD5 | OPTION_AUTHENTICATION);

	if (!(reset->before[!note->side].flags & SIDE_SEEN) ||
		!evidence->after_count)
		return;
	fact_set(facts, FACT_RESET_IS_UNACCEPTABLE, TRUTH_YES, note->frame,
		reset->before[!note->side].last_frame);
	fact_expected(
		facts, FACT_RESET_IS_UNACCEPTABLE, "what the receiver takes");
	if (signature && !has_option_elsewhere(evidence, signature))
		fact_found(facts, FACT_RESET_IS_UNACCEPTABLE,
			"a signature that no other packet has");
	else if (note->tcp_flags & (TCP_SYN | TCP_FIN))
		fact_found(facts, FACT_RESET_IS_UNACCEPTABLE, "%s beside RST",
			note->tcp_flags & TCP_SYN ? "SYN" : "FIN");
	else if (outside)
		fact_found(facts, FACT_RESET_IS_UNACCEPTABLE,
			"%+d outside of the window", outside);
	else
		fact_set(facts, FACT_RESET_IS_UNACCEPTABLE, TRUTH_NO,
			note->frame, 0);
}

/* One side takes what the other sends after the reset, and says so. Fooled by:
 * what was under way with the reset, where the receiver took it; hence only
 * beside a reset that it has to drop. */
static void set_survived(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;

	for (unsigned i = 0; i < evidence->after_count; i++) {
		const struct packet_note *after = &evidence->after[i];

		const struct side_snapshot *heard =
			&reset->before[!after->side];

		if (sequence_distance(note->frame, after->frame) <= 0 ||
			!(after->tcp_flags & TCP_ACK) ||
			!(heard->flags & SIDE_SEEN) ||
			!sequence_after(after->acknowledged, heard->next))
			continue;
		fact_set(facts, FACT_CONNECTION_SURVIVED_RESET, TRUTH_YES,
			after->frame, note->frame);
		fact_found(facts, FACT_CONNECTION_SURVIVED_RESET,
			"%d bytes more were acknowledged",
			sequence_distance(heard->next, after->acknowledged));
		fact_expected(
			facts, FACT_CONNECTION_SURVIVED_RESET, "nothing new");
		return;
	}
}

/* Does this reset acknowledge what was never sent? */
static bool acknowledges_unsent(const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];

	return (note->tcp_flags & TCP_ACK) && (peer->flags & SIDE_SEEN) &&
	       !(peer->flags & SIDE_UNSEEN) &&
	       sequence_after(note->acknowledged, peer->next);
}

/* Has it a sign that its side's stack did not make it? */
static bool is_odd_one(const struct reset *reset, const struct facts *facts)
{
	return acknowledges_unsent(reset) || facts_shape_has_other_df(reset) ||
	       fact_holds(facts, FACT_RESET_FASTER_THAN_PATH) ||
	       fact_holds(facts, FACT_RESET_IP_ID_FOREIGN);
}

/* Both from their sides' distances, and one of them odd? */
static bool are_of_one_device(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	const struct facts *facts, const struct reset *other)
{
	struct facts others;

	memset(&others, 0, sizeof(others));
	facts_distance(context, conn, other, &others);
	facts_shape(context, conn, other, &others);
	facts_timing(context, conn, other, &others);
	return fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER) &&
	       fact_holds(&others, FACT_RESET_TTL_MATCHES_SENDER) &&
	       (is_odd_one(reset, facts) || is_odd_one(other, &others));
}

/* Resets of both sides closer together than the second side could have heard
 * of the first, from their distances, and one of them with a sign that it is
 * not its side's: one device in line sent both. Ends that give up at once by
 * chance have no such sign. */
static void set_both(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;

	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct reset *other = &evidence->resets[i];
		bool is_before =
			sequence_distance(other->note.frame, note->frame) > 0;
		const struct packet_note *second =
			is_before ? note : &other->note;
		bool is_server = second->side == flow_server(flow);
		uint32_t known = is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT;
		int64_t rtt_ns = 1000ll * (is_server ? flow->server_rtt_us
						     : flow->client_rtt_us);
		int64_t apart_ns = note->time_ns - other->note.time_ns;

		if (apart_ns < 0)
			apart_ns = -apart_ns;
		if (other->note.side == note->side || !(flow->flags & known) ||
			apart_ns * context->thresholds->at_once_share > rtt_ns)
			continue;
		if (!are_of_one_device(context, conn, reset, facts, other))
			continue;
		fact_set(facts, FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE, TRUTH_YES,
			other->note.frame, note->frame);
		fact_found(facts, FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE,
			"%.3f ms apart", (double)apart_ns / 1e6);
		fact_expected(facts, FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE,
			"at least a round trip of %.3f ms",
			(double)rtt_ns / 1e6);
		return;
	}
}

void facts_over(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_over(context, conn, reset, facts);
	set_unacceptable(conn, reset, facts);
	set_survived(conn, reset, facts);
	set_both(context, conn, reset, facts);
}
