/* Resets are kept with snapshots of both sides just before; they do not change
 * the state of the side in whose name they come. */
#include "analysis/observe/observe.h"

#include <string.h>

#include "capture/frame.h"

enum { NOTES_AFTER_PER_SIDE = EVIDENCE_AFTER / 2 };

static void take_snapshot(
	const struct flow *flow, unsigned index, struct side_snapshot *snapshot)
{
	const struct side *side = &flow->side[index];

	snapshot->last_ns = side->last_ns;
	snapshot->last_frame = side->last_frame;
	snapshot->next = side->next;
	snapshot->acked = side->acked;
	snapshot->window = side->window;
	snapshot->ip_id = side->ip_id;
	snapshot->last_payload = side->last_payload;
	snapshot->flags = side->flags;
	snapshot->ttl = side->ttl;
	snapshot->tos = side->tos;
	snapshot->last_flags = side->last_flags;
	snapshot->packets = side->packets;
}

static uint16_t unanswered(const struct unacked_run *run)
{
	return run->is_active && !run->is_keepalive ? run->count : 0;
}

/* Equal resets are kept as one with a count. */
static bool is_alike(const struct packet_note *a, const struct packet_note *b)
{
	return a->side == b->side && a->tcp_flags == b->tcp_flags &&
	       a->ttl == b->ttl && a->window == b->window &&
	       a->sequence == b->sequence && a->is_df == b->is_df &&
	       a->acknowledged == b->acknowledged;
}

void observe_reset(struct observer *observer, struct flow *flow, unsigned side,
	const struct packet *packet)
{
	struct evidence *evidence = observe_evidence(observer, flow);
	struct reset *reset;
	struct packet_note note;

	if (packet->tcp_flags & TCP_ACK && flow->side[!side].flags & SIDE_SYN &&
		!(flow->side[side].flags & SIDE_SEEN))
		refusals_learn(observer->refusals, &packet->source,
			packet->source_port, packet->time_ns);
	flow->flags |= FLOW_RESET;
	flow->side[side].flags |= SIDE_RST;
	if (!evidence)
		return;
	evidence->last_reset_ns = packet->time_ns;
	evidence->last_reset_frame = (uint32_t)packet->frame;
	observe_note(observer, &note, packet, side);
	for (unsigned i = 0; i < evidence->reset_count; i++)
		if (is_alike(&evidence->resets[i].note, &note)) {
			count16(&evidence->resets[i].repeats);
			evidence->resets[i].last_frame = note.frame;
			return;
		}
	if (evidence->reset_count == EVIDENCE_RESETS) {
		count16(&evidence->resets_more[side]);
		return;
	}
	reset = &evidence->resets[evidence->reset_count++];
	reset->note = note;
	take_snapshot(flow, 0, &reset->before[0]);
	take_snapshot(flow, 1, &reset->before[1]);
	reset->has_repeated[0] = flow_has_repeated(flow, 0);
	reset->has_repeated[1] = flow_has_repeated(flow, 1);
	for (unsigned i = 0; i < 2; i++)
		reset->unanswered[i] = unanswered(&evidence->unacked[i]);
	reset->text_bytes =
		(uint8_t)(packet->payload_captured < sizeof(reset->text)
				  ? packet->payload_captured
				  : sizeof(reset->text));
	if (reset->text_bytes)
		memcpy(reset->text, packet->payload, reset->text_bytes);
}

/* Packets other than resets, after the first reset: does the reset's alleged
 * sender keep sending? */
void observe_after(const struct observer *observer, struct evidence *evidence,
	unsigned side, const struct packet *packet)
{
	unsigned of_side = 0;

	for (unsigned i = 0; i < evidence->after_count; i++)
		of_side += evidence->after[i].side == side;
	if (of_side < NOTES_AFTER_PER_SIDE)
		observe_note(observer,
			&evidence->after[evidence->after_count++], packet,
			side);
}

/* A copy of a reset that was captured just before on another interface. The
 * inbound copy is kept: it shows that this host did not send the reset. */
bool observe_twin_reset(struct observer *observer, const struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence;

	if (!flow->evidence)
		return false;
	evidence = evidence_at(&observer->evidence_pool, flow->evidence);
	for (unsigned i = 0; i < evidence->reset_count; i++) {
		struct packet_note *note = &evidence->resets[i].note;

		if (note->side == index && note->sequence == packet->sequence &&
			note->acknowledged == packet->acknowledged &&
			note->tcp_flags == packet->tcp_flags &&
			note->ip_id == packet->ip_id &&
			note->capture_point != observer->capture_point &&
			packet->time_ns - note->time_ns <
				observer->thresholds->duplicate_ms *
					MILLISECOND_NS) {
			if (packet->direction == FRAME_INBOUND)
				observe_note(observer, note, packet, index);
			return true;
		}
	}
	return false;
}
