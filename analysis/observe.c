#include "analysis/observe.h"

#include <string.h>

void observe_note(const struct analysis *analysis, struct note *note,
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
	note->home = analysis->home;
	note->direction = packet->direction;
	if (packet->kind == PACKET_TCP) {
		note->sequence = packet->sequence;
		note->acknowledged = packet->acknowledged;
		note->payload_bytes = packet->payload_bytes;
		note->tcp_flags = packet->tcp_flags;
		note->window = packet->window;
		note->options = packet->options;
	}
}

/* A flood's connections make room for those that were served. */
static bool take_from_another(struct analysis *analysis)
{
	struct flow *victim = dossier_victim(&analysis->dossiers);

	if (!victim)
		return false;
	dossier_give_back(&analysis->dossiers, victim->dossier);
	victim->dossier = 0;
	victim->flags &= ~(uint32_t)FLOW_WATCHED;
	victim->flags |= FLOW_DULL | FLOW_WEAKENED;
	analysis->totals.evicted_incidents++;
	return true;
}

struct dossier *observe_dossier(struct analysis *analysis, struct flow *flow)
{
	if (!flow->dossier) {
		flow->dossier = dossier_take(&analysis->dossiers, flow);
		if (!flow->dossier &&
			(flow->flags & (FLOW_ESTABLISHED | FLOW_DULL)) ==
				FLOW_ESTABLISHED &&
			take_from_another(analysis))
			flow->dossier =
				dossier_take(&analysis->dossiers, flow);
		if (!flow->dossier) {
			if (!(flow->flags & FLOW_DULL))
				analysis->totals.evicted_incidents++;
			flow->flags |= FLOW_DULL | FLOW_WEAKENED;
			return NULL;
		}
	}
	flow->flags |= FLOW_WATCHED;
	return dossier_at(&analysis->dossiers, flow->dossier);
}
