/* Packets that were recorded more than once. */
#include "analysis/observe/observe.h"

#include "capture/sequence.h"

/* A mirror of two ports records each packet before and behind a router, and
 * others may have come between: the copy has one hop less, and an
 * identification that was seen. What fills a hole was not. */
static bool is_second_of_mirror(const struct observer *observer,
	const struct flow *flow, const struct side *side,
	const struct packet *packet)
{
	uint16_t back = (uint16_t)(side->ip_id - packet->ip_id);
	unsigned index = side == &flow->side[1];

	return packet->family == 4 && packet->ip_id != 0 && back &&
	       packet->ttl + 1 == side->ttl &&
	       back <= observer->thresholds->id_steps &&
	       !sequence_after(
		       packet->sequence + packet_sequence_length(packet),
		       side->next) &&
	       !(flow->evidence &&
		       evidence_at(&observer->evidence_pool, flow->evidence)
			       ->seq_gap[index]
			       .is_active);
}

/* The same packet recorded twice: by `any` on the way in and out, by a span
 * port, by a bridge. Retransmissions have another identification, or come
 * later. */
bool observe_is_copy(const struct observer *observer, struct flow *flow,
	const struct side *side, const struct packet *packet)
{
	const struct thresholds *limits = observer->thresholds;
	uint8_t capture_point = observer->capture_point;
	int64_t later_ns = packet->time_ns - side->last_ns;

	if (!(side->flags & SIDE_SEEN) ||
		later_ns > limits->resolution_ms * MILLISECOND_NS)
		return false;
	/* A router queues a packet while it resolves the next hop's link
	 * address; the copy that it sends later has a TTL lower by one. */
	if (later_ns > limits->duplicate_ms * MILLISECOND_NS &&
		(capture_point == side->capture_point ||
			packet->ttl + 1 != side->ttl))
		return false;
	if ((flow->flags & FLOW_DUPLICATED) &&
		capture_point != side->capture_point)
		return true;
	if (is_second_of_mirror(observer, flow, side, packet))
		return true;
	if (packet->ip_id != side->ip_id ||
		(uint8_t)packet->tcp_flags != side->last_flags ||
		packet->acknowledged != side->acked ||
		packet->sequence + packet_sequence_length(packet) !=
			side->next ||
		saturate16(packet->payload_bytes) != side->last_payload)
		return false;
	if (capture_point != side->capture_point) {
		flow->flags |= FLOW_DUPLICATED;
		return true;
	}
	/* same way in: a mirror that copies; zero says nothing */
	return packet->ip_id != 0 && packet->family == 4 &&
	       packet->ttl <= side->ttl && packet->window == side->window;
}
