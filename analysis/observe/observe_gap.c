/* Idle times, and whether the connection survives them. */
#include "analysis/observe/observe.h"

#include "capture/sequence.h"

enum { KEEPALIVE_BYTES = 1 };

/* A silence ends. It counts as idleness only when nothing was waiting for an
 * answer; otherwise it is a retransmission timer. */
void observe_gap(struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *a = &flow->side[0], *b = &flow->side[1];
	int64_t gap_ms =
		(packet->time_ns - flow_last_ns(flow)) / MILLISECOND_NS;
	bool is_quiet = (!(b->flags & SIDE_SEEN) || a->next == b->acked) &&
			(!(a->flags & SIDE_SEEN) || b->next == a->acked);

	/* what comes again had been waiting, though its peer was not seen */
	if (!is_quiet ||
		(packet->payload_bytes > KEEPALIVE_BYTES &&
			sequence_before(packet->sequence,
				flow->side[index].next)))
		return;
	/* the waits between keepalives that nobody answers are no silences of
	 * their own */
	if (flow->flags & FLOW_GAP_PENDING && a->flags & b->flags & SIDE_SEEN &&
		sequence_before(packet->sequence, flow->side[index].next) &&
		!!(flow->flags & FLOW_GAP_SIDE_1) == (index == 1) &&
		gap_ms <= flow->pending_gap_ms)
		return;
	flow->pending_gap_ms =
		gap_ms < UINT32_MAX ? (uint32_t)gap_ms : UINT32_MAX;
	flow->gap_frame = (uint32_t)packet->frame;
	flow->flags |= FLOW_GAP_PENDING;
	if (index)
		flow->flags |= FLOW_GAP_SIDE_1;
	else
		flow->flags &= ~(uint32_t)FLOW_GAP_SIDE_1;
}

void observe_gap_answer(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];

	if (!!(flow->flags & FLOW_GAP_SIDE_1) == (index == 1))
		return; /* the same side again */
	if (side->flags & SIDE_SEEN && peer->flags & SIDE_SEEN &&
		packet->tcp_flags & TCP_ACK && peer->next != side->acked &&
		!sequence_after(packet->acknowledged, side->acked))
		return; /* it speaks, but has not heard what broke the silence
			 */
	if (flow->pending_gap_ms > flow->gap_ms)
		flow->gap_ms = flow->pending_gap_ms;
	flow->flags &= ~(uint32_t)FLOW_GAP_PENDING;
}
