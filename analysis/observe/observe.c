#include "analysis/observe/observe.h"

#include <string.h>

void observe_note(const struct observer *observer, struct packet_note *note,
	const struct packet *packet, unsigned side)
{
	memset(note, 0, sizeof(*note));
	note->time_ns = packet->time_ns;
	note->frame = (uint32_t)packet->frame;
	note->kind = packet->kind;
	note->side = (uint8_t)side;
	note->ttl = packet->ttl;
	note->tos = packet->tos;
	note->ip_id = packet->ip_id;
	note->ip_bytes = saturate16(packet->ip_bytes);
	note->is_df = packet->is_df;
	note->flow_label = packet->flow_label;
	note->capture_point = observer->capture_point;
	note->direction = packet->direction;
	note->link_source = packet->link_source;
	if (packet->kind == PACKET_TCP) {
		note->sequence = packet->sequence;
		note->acknowledged = packet->acknowledged;
		note->payload_bytes = packet->payload_bytes;
		note->tcp_flags = packet->tcp_flags;
		note->window = packet->window;
		note->options = packet->options;
	}
}

/* Half-open connections of a flood are evicted before established ones. */
static bool take_from_another(struct observer *observer)
{
	struct flow *victim = evidence_victim(&observer->evidence_pool);

	if (!victim)
		return false;
	evidence_give_back(&observer->evidence_pool, victim->evidence);
	victim->evidence = 0;
	victim->flags &= ~(uint32_t)FLOW_WATCHED;
	victim->flags |= FLOW_DULL | FLOW_WEAKENED;
	observer->evicted_incidents++;
	return true;
}

/* `take` is evidence_take, or evidence_take_packed. */
static bool open_evidence(struct observer *observer, struct flow *flow,
	uint32_t (*take)(struct evidence_pool *pool, struct flow *flow))
{
	if (flow->evidence)
		return true;
	flow->evidence = take(&observer->evidence_pool, flow);
	if (!flow->evidence &&
		(flow->flags & (FLOW_ESTABLISHED | FLOW_DULL)) ==
			FLOW_ESTABLISHED &&
		take_from_another(observer))
		flow->evidence = take(&observer->evidence_pool, flow);
	if (flow->evidence)
		return true;
	if (!(flow->flags & FLOW_DULL))
		observer->evicted_incidents++;
	flow->flags |= FLOW_DULL | FLOW_WEAKENED;
	return false;
}

struct evidence *observe_evidence(struct observer *observer, struct flow *flow)
{
	if (!open_evidence(observer, flow, evidence_take))
		return NULL;
	flow->flags |= FLOW_WATCHED;
	return evidence_at(&observer->evidence_pool, flow->evidence);
}

bool observe_has_evidence(struct observer *observer, struct flow *flow)
{
	return open_evidence(observer, flow, evidence_take_packed);
}
