/* Does the alleged sender of a reset go on sending, or opening? */
#include "analysis/verdict/facts_continued.h"

#include "analysis/flow/ttl.h"
#include "analysis/verdict/facts_shape.h"
#include "capture/sequence.h"

/* A SYN or SYN-ACK that its side's timer sends again: a socket that was reset
 * has none. One with the small TTL of a traceroute is no socket's: its program
 * sends SYNs from one port, and the kernel below resets each that is answered.
 */
static bool is_opening_again(const struct thresholds *limits,
	const struct closed_conn *conn, const struct packet_note *note,
	const struct packet_note *after)
{
	return (after->tcp_flags & TCP_SYN) &&
	       after->ttl > limits->tracing_ttl &&
	       conn->flow.side[note->side].flags & SIDE_SYN &&
	       after->sequence == conn->flow.cold[note->side].first_sequence &&
	       after->time_ns - note->time_ns >
		       limits->duplicate_ms * MILLISECOND_NS;
}

/* From the SYN's distance; or from the client's own link, where the SYN was
 * recorded behind the router that gave it the server's address. */
static bool has_distance_of_syn(
	const struct packet_note *note, const struct side_snapshot *own)
{
	return note->ttl == own->ttl ||
	       (note->ttl == own->ttl + 1 && ttl_is_initial(note->ttl));
}

/* A kernel in SYN-SENT resets a SYN-ACK that it cannot accept, with the number
 * that this acknowledges and nothing else, stays in SYN-SENT, and sends its SYN
 * again (RFC 9293, 3.10.7.3; Linux does so too where the timestamp is not the
 * SYN's, and any kernel where the SYN-ACK is from another address than it had
 * asked). So the SYN again proves nothing against a reset of that form from the
 * SYN's distance; that the kernel refused the answer, it does show. */
static bool is_syn_ack_refused(const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];

	return facts_shape_is_stateless(note) &&
	       note->sequence == peer->acked &&
	       has_distance_of_syn(note, &reset->before[note->side]);
}

static bool has_client_opened_again(const struct reset *reset,
	const struct packet_note *after, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];

	if (!(peer->last_flags & TCP_SYN) || !(own->last_flags & TCP_SYN))
		return false;
	if (!is_syn_ack_refused(reset))
		return true;
	fact_set(facts, FACT_CLIENT_REPEATED_ITS_SYN, TRUTH_YES, note->frame,
		after->frame);
	fact_found(facts, FACT_CLIENT_REPEATED_ITS_SYN,
		"its SYN again %.3f s later",
		(double)(after->time_ns - note->time_ns) / 1e9);
	fact_expected(facts, FACT_CLIENT_REPEATED_ITS_SYN,
		"an acknowledgment of the SYN-ACK");
	return false;
}

/* Does this side open again, which it had no reason to if the reset was its
 * own? A client that answers a bare ACK with a reset clears a half-open
 * connection so, and tries again (RFC 9293, 3.5.1). A reset from the server's
 * own distance may be its host's firewall, of which the socket knows nothing:
 * that is a fact of its own. Fooled by: a program that makes its SYNs itself
 * and sends each several times, over a kernel that refuses the answers. */
static bool has_opened_again(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	const struct packet_note *after, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];

	if (!(own->flags & SIDE_SEEN) ||
		!is_opening_again(context->thresholds, conn, note, after))
		return false;
	if (note->side == flow_client(&conn->flow))
		return has_client_opened_again(reset, after, facts);
	if (!fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER))
		return true;
	fact_set(facts, FACT_SERVER_REPEATED_ITS_SYN_ACK, TRUTH_YES,
		after->frame, note->frame);
	fact_found(facts, FACT_SERVER_REPEATED_ITS_SYN_ACK, "%.3f s later",
		(double)(after->time_ns - note->time_ns) / 1e9);
	fact_expected(facts, FACT_SERVER_REPEATED_ITS_SYN_ACK,
		"no packet but resets");
	return false;
}

/* Does this number continue what ended at `end`? The ports' next connection has
 * numbers that lie farther on, whether its SYNs were recorded or not. */
static bool is_near(
	const struct thresholds *limits, uint32_t end, uint32_t number)
{
	return sequence_distance(end, number) < limits->new_data_bytes;
}

/* New data at or beyond the reset, or an acknowledgment of something newer. An
 * acknowledgment that comes so soon after the reset may have been under way
 * with it; so may data where no socket has sent the reset, whose number is then
 * that of an older packet: the socket's last data may have taken a longer
 * route. */
static bool has_news(const struct thresholds *limits, const struct reset *reset,
	const struct packet_note *after, bool *is_data)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool is_soon = after->time_ns - note->time_ns <=
		       limits->overtaking_ms * MILLISECOND_NS;
	bool is_bare = !(note->tcp_flags & TCP_ACK);

	if (!(own->flags & SIDE_SEEN))
		return false;
	*is_data = after->payload_bytes && !(is_soon && is_bare) &&
		   !sequence_before(after->sequence, note->sequence) &&
		   !sequence_before(after->sequence, own->next) &&
		   is_near(limits, own->next, after->sequence);
	return *is_data ||
	       (!is_soon && after->tcp_flags & TCP_ACK &&
		       peer->flags & SIDE_SEEN &&
		       sequence_after(after->acknowledged, peer->next) &&
		       is_near(limits, peer->next, after->acknowledged));
}

/* A side that has reset has no socket that could send: new data at or beyond
 * its reset, an acknowledgment of something newer, or its SYN again is proof
 * that somebody else reset. "New" is what lies beyond all that was sent when
 * the reset was recorded: packets that overtake each other carry older
 * numbers. */
void facts_continued(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	enum truth truth = TRUTH_UNKNOWN;
	/* a program with TCP in user space, and its kernel, which refuses the
	 * SYN-ACK: one host, no forgery */
	bool is_program = note->side == flow_client(&conn->flow) &&
			  (own->last_flags & TCP_SYN) &&
			  facts_shape_is_stateless(note);

	for (unsigned i = 0; i < evidence->after_count; i++) {
		const struct packet_note *after = &evidence->after[i];
		bool has_new_data = false, has_new, opens_again;

		if (sequence_distance(note->frame, after->frame) <= 0)
			continue;
		if (after->side != note->side) {
			continue;
		}
		opens_again =
			has_opened_again(context, conn, reset, after, facts);
		if (is_program && !opens_again)
			continue;
		if (truth == TRUTH_UNKNOWN)
			truth = TRUTH_NO;
		if (after->ttl == note->ttl && own->packets &&
			after->ttl != own->ttl)
			continue; /* the same forger again */
		has_new = has_news(limits, reset, after, &has_new_data);
		/* a SYN-ACK, or the handshake's last ACK, after a refusal */
		if ((after->tcp_flags & TCP_SYN) &&
			(after->tcp_flags & TCP_ACK) &&
			!(own->flags & SIDE_SEEN) &&
			flow_syns(&conn->flow) == 1)
			has_new = true;
		if (has_new || opens_again) {
			fact_set(facts, FACT_SENDER_CONTINUED_AFTER_RESET,
				TRUTH_YES, after->frame, note->frame);
			fact_found(facts, FACT_SENDER_CONTINUED_AFTER_RESET,
				"%s, %u bytes, ttl %u, %.3f s later",
				has_new_data  ? "new data"
				: opens_again ? "its SYN again"
					      : "a newer ack",
				after->payload_bytes, after->ttl,
				(double)(after->time_ns - note->time_ns) / 1e9);
			fact_expected(facts, FACT_SENDER_CONTINUED_AFTER_RESET,
				"no packet but resets");
			return;
		}
	}
	if (truth == TRUTH_NO)
		fact_set(facts, FACT_SENDER_CONTINUED_AFTER_RESET, TRUTH_NO,
			note->frame, 0);
}
