/* Resets are kept with both sides as they stood just before; they change
 * nothing of what is known about the side they claim to come from. */
#include "analysis/observe.h"

#include <string.h>

#include "capture/frame.h"

enum { NOTES_AFTER_PER_SIDE = DOSSIER_AFTER / 2 };

static void take_standing(
	const struct flow *flow, unsigned index, struct standing *standing)
{
	const struct side *side = &flow->side[index];

	standing->last_ns = side->last_ns;
	standing->last_frame = side->last_frame;
	standing->next = side->next;
	standing->acked = side->acked;
	standing->window = side->window;
	standing->ip_id = side->ip_id;
	standing->last_payload = side->last_payload;
	standing->flags = side->flags;
	standing->ttl = side->ttl;
	standing->tos = side->tos;
	standing->last_flags = side->last_flags;
	standing->packets = side->packets;
}

/* Resets that say the same are one, told several times. */
static bool is_alike(const struct note *a, const struct note *b)
{
	return a->side == b->side && a->tcp_flags == b->tcp_flags &&
		a->ttl == b->ttl && a->window == b->window &&
		a->sequence == b->sequence && a->is_df == b->is_df &&
		a->acknowledged == b->acknowledged;
}

void observe_reset(struct analysis *analysis, struct flow *flow,
	unsigned side, const struct packet *packet)
{
	struct dossier *dossier = observe_dossier(analysis, flow);
	struct reset *reset;
	struct note note;

	flow->flags |= FLOW_RESET;
	flow->side[side].flags |= SIDE_RST;
	if (!dossier)
		return;
	dossier->last_reset_ns = packet->time_ns;
	dossier->last_reset_frame = (uint32_t)packet->frame;
	observe_note(analysis, &note, packet, side);
	for (unsigned i = 0; i < dossier->reset_count; i++)
		if (is_alike(&dossier->resets[i].note, &note)) {
			count16(&dossier->resets[i].repeats);
			dossier->resets[i].last_frame = note.frame;
			return;
		}
	if (dossier->reset_count == DOSSIER_RESETS) {
		count16(&dossier->resets_more[side]);
		return;
	}
	reset = &dossier->resets[dossier->reset_count++];
	reset->note = note;
	take_standing(flow, 0, &reset->before[0]);
	take_standing(flow, 1, &reset->before[1]);
	reset->text_bytes = (uint8_t)(packet->payload_captured <
				sizeof(reset->text)
			? packet->payload_captured
			: sizeof(reset->text));
	if (reset->text_bytes)
		memcpy(reset->text, packet->payload, reset->text_bytes);
}

/* Packets that are no resets, after the first reset: does the side that is
 * said to have reset go on? */
void observe_after(const struct analysis *analysis, struct dossier *dossier,
	unsigned side, const struct packet *packet)
{
	unsigned of_side = 0;

	for (unsigned i = 0; i < dossier->after_count; i++)
		of_side += dossier->after[i].side == side;
	if (of_side < NOTES_AFTER_PER_SIDE)
		observe_note(analysis, &dossier->after[dossier->after_count++],
			packet, side);
}

/* A reset that was recorded a moment ago on its other interface. The copy that
 * came in is the one to keep: it tells that the reset was not made here. */
bool observe_twin_reset(struct analysis *analysis,
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	struct dossier *dossier;

	if (!flow->dossier)
		return false;
	dossier = dossier_at(&analysis->dossiers, flow->dossier);
	for (unsigned i = 0; i < dossier->reset_count; i++) {
		struct note *note = &dossier->resets[i].note;

		if (note->side == index &&
			note->sequence == packet->sequence &&
			note->acknowledged == packet->acknowledged &&
			note->tcp_flags == packet->tcp_flags &&
			note->ip_id == packet->ip_id &&
			note->home != analysis->home &&
			packet->time_ns - note->time_ns < DUPLICATE_NS) {
			if (packet->direction == FRAME_INBOUND)
				observe_note(analysis, note, packet, index);
			return true;
		}
	}
	return false;
}
