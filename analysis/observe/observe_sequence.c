/* Sequence numbers that are not the next: what a side sends for the first time,
 * what lies ahead, a keepalive, what it has sent before. */
#include "analysis/observe/observe.h"

#include "capture/sequence.h"

enum { KEEPALIVE_BYTES = 1 };

/* Bytes before the side's first are none that it sends again: a tool measures
 * the path with them (culprit probe), since the peer answers them and delivers
 * nothing; or they are of an earlier connection of these ports. */
static bool is_older(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	return flow->side[index].flags & SIDE_SYN &&
	       sequence_before(packet->sequence,
		       flow->cold[index].first_sequence);
}

void observe_sequence(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];
	uint32_t length =
		packet->payload_bytes + !!(packet->tcp_flags & TCP_FIN);
	uint32_t end = packet->sequence + length;
	int32_t distance = sequence_distance(side->next, packet->sequence);

	if (!(side->flags & SIDE_SEEN) && !(peer->flags & SIDE_SEEN)) {
		side->next = end;
		flow->cold[index].first_sequence = packet->sequence;
		return;
	}
	if (!(side->flags & SIDE_SEEN)) {
		/* the peer's acknowledgments were all there was */
		flow->cold[index].first_sequence = packet->sequence;
		if (sequence_after(end, side->next) || side->next == 0)
			side->next = end;
		return;
	}
	if (distance > 0) {
		if (distance >= observer->thresholds->far_ahead_bytes)
			return;
		observe_seq_gap(observer, flow, index, packet);
		side->next = end;
	} else if (length == 0) {
		if (distance == -1 && !(side->flags & SIDE_FIN))
			observe_retransmission(
				observer, flow, index, packet, true);
	} else if (distance == -1 && length == KEEPALIVE_BYTES &&
		   !(packet->tcp_flags & TCP_FIN) &&
		   peer->acked == side->next) {
		observe_retransmission(observer, flow, index, packet, true);
	} else if (is_older(flow, index, packet)) {
		return;
	} else {
		/* also what this recording saw acknowledged: perhaps the
		 * acknowledgment was lost behind it */
		observe_retransmission(observer, flow, index, packet, false);
		observe_again(observer, flow, index, packet);
		if (sequence_after(end, side->next))
			side->next = end;
	}
	if (flow->evidence)
		observe_above_seq_gap(
			evidence_at(&observer->evidence_pool, flow->evidence),
			index, packet);
}
