#include "analysis/rebind.h"

#include <string.h>

/* Looking through the table takes time: so many slots in all, which is a
 * thousand looks at a table of a few thousand. What is picked up at the very
 * beginning of a recording has nothing to go on with. */
static const uint64_t SLOTS_MOST = 1 << 24;

/* The side of `other` that would have sent this packet next, or probed with it;
 * false: neither. */
static bool would_send(
	const struct flow *other, const struct packet *packet, unsigned *side)
{
	for (*side = 0; *side < 2; (*side)++) {
		const struct side *own = &other->side[*side];
		const struct side *peer = &other->side[!*side];

		if (own->flags & peer->flags & SIDE_SEEN &&
			(own->next == packet->sequence ||
				own->next == packet->sequence + 1) &&
			peer->next == packet->acknowledged)
			return true;
	}
	return false;
}

static bool goes_on(const struct analysis *analysis, const struct flow *other,
	const struct packet *packet, struct rebound *rebound)
{
	int64_t idle_ns = packet->time_ns - flow_last_ns(other);
	struct address addresses[2];
	uint16_t ports[2];
	unsigned side;

	if (idle_ns < analysis->observer.thresholds->idle_ms * MILLISECOND_NS ||
		!would_send(other, packet, &side))
		return false;
	flow_table_endpoints(
		&analysis->observer.flows, other, addresses, ports);
	if (ports[!side] != packet->target_port ||
		memcmp(&addresses[!side], &packet->target,
			sizeof(packet->target)) != 0)
		return false;
	rebound->idle_ns = idle_ns;
	rebound->port = ports[side];
	rebound->is_address_new = memcmp(&addresses[side], &packet->source,
					  sizeof(packet->source)) != 0;
	rebound->last_frame = other->side[0].last_ns > other->side[1].last_ns
				      ? other->side[0].last_frame
				      : other->side[1].last_frame;
	return true;
}

void rebind_look(struct analysis *analysis, struct flow *flow, unsigned side,
	const struct packet *packet)
{
	const struct flow_table *table = &analysis->observer.flows;
	int64_t first_ns = analysis->totals.first_ns;
	struct rebound rebound = {.side = (uint8_t)side};
	struct evidence *evidence;

	if ((packet->tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) != TCP_ACK ||
		first_ns == INT64_MIN || /* no packet had a time */
		packet->time_ns - first_ns <
			analysis->observer.thresholds->idle_ms *
				MILLISECOND_NS ||
		analysis->slots_looked_at + table->slots_used > SLOTS_MOST)
		return;
	analysis->slots_looked_at += table->slots_used;
	for (uint32_t i = 0; i < table->slots_used; i++) {
		const struct flow *other = flow_table_slot(table, i);

		if (other == flow || !(other->flags & FLOW_USED) ||
			!goes_on(analysis, other, packet, &rebound))
			continue;
		evidence = observe_evidence(&analysis->observer, flow);
		if (evidence)
			evidence->rebound = rebound;
		return;
	}
}
