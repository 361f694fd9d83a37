#include "analysis/verdict/facts_refusal.h"

#include "analysis/flow/ttl.h"
#include "capture/sequence.h"

enum { LINUX_TTL = 64 };

/* What acknowledges a number that this SYN is nowhere near belongs to another
 * connection of the same ports, which the other end, or a device that
 * translates addresses, still holds. The client's stack drops it (RFC 9293,
 * 3.10.7.3). Fooled by: devices that fill in an acknowledgment of their own. */
static void set_other_connection(const struct thresholds *limits,
	const struct packet_note *note, const struct side_snapshot *peer,
	struct facts *facts)
{
	int64_t apart = sequence_distance(peer->next, note->acknowledged);
	bool is_far = apart > limits->older_ack_bytes ||
		      -apart > limits->older_ack_bytes;

	if (!(note->tcp_flags & TCP_ACK) ||
		(note->acknowledged == 0 && apart != 0))
		return;
	fact_set(facts, FACT_ACKNOWLEDGES_ANOTHER_CONNECTION,
		is_far ? TRUTH_YES : TRUTH_NO, note->frame, peer->last_frame);
	fact_found(facts, FACT_ACKNOWLEDGES_ANOTHER_CONNECTION, "ack %+lld",
		(long long)apart);
	fact_expected(facts, FACT_ACKNOWLEDGES_ANOTHER_CONNECTION,
		"ack +0, of this SYN");
}

static bool is_answer_to_syn(const struct flow *flow, const struct reset *reset)
{
	const struct side_snapshot *own = &reset->before[reset->note.side];
	const struct side_snapshot *peer = &reset->before[!reset->note.side];

	return !(own->flags & SIDE_SEEN) && (peer->flags & SIDE_SYN) &&
	       reset->note.side != flow_client(flow) &&
	       (peer->last_flags & TCP_SYN);
}

/* Tools go on after a refusal; what refuses them again is of the same kind. */
static bool was_refused_before(
	const struct closed_conn *conn, const struct reset *reset)
{
	for (unsigned i = 0; i < conn->evidence->reset_count; i++) {
		const struct reset *other = &conn->evidence->resets[i];

		if (other->note.side == reset->note.side &&
			sequence_distance(
				other->note.frame, reset->note.frame) > 0 &&
			is_answer_to_syn(&conn->flow, other))
			return true;
	}
	return false;
}

/* An address may stand for several machines: a gateway refuses the ports that
 * it does not forward or whose service is stopped, a balancer those that it
 * does not serve, from where it stands. Not a port that others were let in to
 * afterwards, and not from before the first router. Fooled by: a service that
 * was started again between the two. */
static void set_on_path(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note,
	struct facts *facts)
{
	bool is_open = listeners_answer_after(&context->learned->listeners,
		&conn->address[note->side], conn->port[note->side],
		note->time_ns);
	bool is_next = ttl_is_initial(note->ttl);

	fact_set(facts, FACT_REFUSED_ON_THE_PATH,
		is_open || is_next ? TRUTH_YES : TRUTH_NO, note->frame, 0);
	fact_found(facts, FACT_REFUSED_ON_THE_PATH, "%s",
		is_open	  ? "others were let in to that port afterwards"
		: is_next ? "the refusal has passed no router"
			  : "nobody was let in to that port afterwards");
}

/* The answer to a SYN. Linux and every stack that was measured refuse with
 * seq 0, window 0 and no options; a firewall's reject looks the same but for
 * what is not reflected: the DSCP (IPv4) and a flow label (IPv6). */
void facts_refusal(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool answers_syn = is_answer_to_syn(flow, reset);
	/* before any response; later packets decide elsewhere */
	bool refuses = answers_syn || (!(own->flags & SIDE_SEEN) &&
					      was_refused_before(conn, reset));

	fact_set(facts, FACT_RESET_REFUSES_SYN, refuses ? TRUTH_YES : TRUTH_NO,
		note->frame, peer->last_frame);
	if (!refuses &&
		((own->flags & SIDE_SEEN) || note->side == flow_client(flow) ||
			!(peer->flags & SIDE_SYN)))
		return;
	fact_set(facts, FACT_REFUSAL_AS_KERNELS_DO,
		note->window == 0 && note->options == 0 &&
				(note->tcp_flags & TCP_ACK) &&
				note->acknowledged == peer->next
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(facts, FACT_REFUSAL_AS_KERNELS_DO, "ack %+d, window %u%s",
		sequence_distance(peer->next, note->acknowledged), note->window,
		note->options ? ", options" : "");
	fact_expected(facts, FACT_REFUSAL_AS_KERNELS_DO,
		"ack +0, window 0, no options");
	if (answers_syn)
		set_other_connection(context->thresholds, note, peer, facts);
	if (refuses)
		set_on_path(context, conn, note, facts);
	for (unsigned i = 0; i < conn->evidence->reset_count; i++) {
		const struct packet_note *other =
			&conn->evidence->resets[i].note;
		unsigned apart = other->ttl > note->ttl
					 ? (unsigned)(other->ttl - note->ttl)
					 : (unsigned)(note->ttl - other->ttl);

		if (other->side == note->side &&
			apart > context->thresholds->ttl_near_hops) {
			fact_set(facts, FACT_REFUSED_FROM_TWO_PLACES, TRUTH_YES,
				note->frame, other->frame);
			fact_found(facts, FACT_REFUSED_FROM_TWO_PLACES,
				"ttl %u, window %u", note->ttl, note->window);
			fact_expected(facts, FACT_REFUSED_FROM_TWO_PLACES,
				"one refusal; another has ttl %u, window %u",
				other->ttl, other->window);
		}
	}
	/* Linux begins with 64; of other stacks it was not measured */
	if (!answers_syn || note->ttl > LINUX_TTL)
		return;
	if (!(flow->flags & FLOW_V6) && (peer->tos & 0xfc)) {
		fact_set(facts, FACT_DSCP_REFLECTED,
			(note->tos & 0xfc) == (peer->tos & 0xfc) ? TRUTH_YES
								 : TRUTH_NO,
			note->frame, peer->last_frame);
		fact_found(
			facts, FACT_DSCP_REFLECTED, "dscp %u", note->tos >> 2);
		fact_expected(facts, FACT_DSCP_REFLECTED,
			"%u, as in the SYN: kernels reflect it, REJECT rules "
			"don't",
			peer->tos >> 2);
	}
	if (flow->flags & FLOW_V6) {
		fact_set(facts, FACT_FLOW_LABEL_SET,
			note->flow_label ? TRUTH_YES : TRUTH_NO, note->frame,
			0);
		fact_found(facts, FACT_FLOW_LABEL_SET, "label 0x%05x",
			note->flow_label);
		fact_expected(facts, FACT_FLOW_LABEL_SET,
			"set by Linux for a closed port, 0 by REJECT rules");
	}
}
