#include "analysis/verdict/facts_refusal.h"

#include "capture/sequence.h"

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
	bool refuses = !(own->flags & SIDE_SEEN) && (peer->flags & SIDE_SYN) &&
		       !(flow->flags & FLOW_SYNACK) &&
		       note->side != flow_client(flow) &&
		       peer->packets <= flow_syns(flow);

	/* before any response; later packets decide elsewhere */
	if (!(own->flags & SIDE_SEEN) && (peer->flags & SIDE_SYN) &&
		note->side != flow_client(flow) && peer->packets <= 1)
		refuses = true;
	fact_set(facts, FACT_RESET_REFUSES_SYN, refuses ? TRUTH_YES : TRUTH_NO,
		note->frame, peer->last_frame);
	if (!refuses &&
		((own->flags & SIDE_SEEN) || note->side == flow_client(flow)))
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
	for (unsigned i = 0; i < conn->evidence->reset_count; i++) {
		const struct packet_note *other =
			&conn->evidence->resets[i].note;
		unsigned apart = other->ttl > note->ttl
					 ? (unsigned)(other->ttl - note->ttl)
					 : (unsigned)(note->ttl - other->ttl);

		if (other->side == note->side &&
			apart > context->thresholds->ttl_near_hops) {
			fact_set(facts, FACT_REFUSED_TWICE, TRUTH_YES,
				note->frame, other->frame);
			fact_found(facts, FACT_REFUSED_TWICE,
				"ttl %u, window %u", note->ttl, note->window);
			fact_expected(facts, FACT_REFUSED_TWICE,
				"one refusal; another has ttl %u, window %u",
				other->ttl, other->window);
		}
	}
	if (!refuses)
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
