/* What goes missing and what comes again: retransmissions, holes, selective
 * acknowledgments, "too big" messages that are heeded or not. */
#include "analysis/observe.h"

#include <string.h>

#include "capture/sequence.h"

void observe_retransmission(struct analysis *analysis,
	struct flow *flow, unsigned index, const struct packet *packet,
	bool is_probe)
{
	struct dossier *dossier = observe_dossier(analysis, flow);
	const struct side *side = &flow->side[index];
	struct outage *outage;
	uint16_t ip_bytes = saturate16(packet->ip_bytes);

	if (!is_probe)
		flow->flags |= index ? FLOW_REPEATED_1 : FLOW_REPEATED_0;
	/* from now on an acknowledgment tells of the size sent last, not of
	 * the largest */
	flow->side[index].flags &= (uint16_t)~SIDE_CANDIDATE;
	flow->cold[index].candidate_bytes = 0;
	if (!dossier)
		return;
	outage = &dossier->outage[index];
	if (!outage->is_active ||
		(packet->sequence != outage->start && !is_probe &&
			sequence_before(packet->sequence, outage->start)) ||
		(outage->is_keepalive && !is_probe)) {
		memset(outage, 0, sizeof(*outage));
		outage->is_active = true;
		outage->start = packet->sequence;
		outage->end = packet->sequence + packet_sequence_length(packet);
		outage->since_ns = side->last_ns;
		outage->first_ns = packet->time_ns;
		outage->first_frame = (uint32_t)packet->frame;
		outage->first_ip_bytes = ip_bytes;
		outage->smallest_ip_bytes = ip_bytes;
		outage->is_fin = packet->tcp_flags & TCP_FIN;
		outage->is_df = packet->is_df || packet->family == 6;
		outage->is_keepalive = is_probe;
	}
	if (packet->sequence != outage->start)
		return; /* another segment of the same loss */
	count16(&outage->count);
	outage->last_ns = packet->time_ns;
	outage->last_frame = (uint32_t)packet->frame;
	if (ip_bytes < outage->smallest_ip_bytes)
		outage->smallest_ip_bytes = ip_bytes;
	if (ip_bytes > outage->largest_ip_bytes)
		outage->largest_ip_bytes = ip_bytes;
	if (is_probe) {
		count16(&dossier->probes[index]);
		dossier->probe_frame[index] = (uint32_t)packet->frame;
		dossier->probe_ns[index] = packet->time_ns;
	}
}

void observe_hole(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct dossier *dossier = observe_dossier(analysis, flow);
	struct hole *hole;

	if (!dossier)
		return;
	hole = &dossier->hole[index];
	if (hole->is_active)
		return; /* the first is the one that holds everything up */
	memset(hole, 0, sizeof(*hole));
	hole->is_active = true;
	hole->start = hole->first_start = flow->side[index].next;
	hole->end = packet->sequence;
	hole->frame = (uint32_t)packet->frame;
	hole->since_ns = packet->time_ns;
}

/* A hole was filled; one that took long and smaller packets is told of. */
static void end_hole(struct dossier *dossier, unsigned index)
{
	struct hole *hole = &dossier->hole[index];

	hole->is_active = false;
	if (hole->first_fill_ns - hole->since_ns >
		dossier->healed[index].first_fill_ns -
			dossier->healed[index].since_ns)
		dossier->healed[index] = *hole;
}

void observe_above_hole(
	struct dossier *dossier, unsigned index, const struct packet *packet)
{
	struct hole *hole = &dossier->hole[index];

	if (!hole->is_active || packet->payload_bytes == 0)
		return;
	if (sequence_before(packet->sequence, hole->end)) {
		uint32_t end =
			packet->sequence + packet_sequence_length(packet);

		if (!sequence_after(packet->sequence, hole->start) &&
			sequence_after(end, hole->start))
			hole->start = end;
		if (hole->first_fill_ns == 0)
			hole->first_fill_ns = packet->time_ns;
		if (packet->ip_bytes > hole->largest_fill)
			hole->largest_fill = saturate16(packet->ip_bytes);
		if (!sequence_before(hole->start, hole->end))
			end_hole(dossier, index);
		return;
	}
	count16(&hole->later_packets);
	if (packet->ip_bytes > hole->largest_later)
		hole->largest_later = saturate16(packet->ip_bytes);
}

/* An outage of `index` is over: what it sent has been acknowledged. */
static void end_outage(
	struct flow *flow, struct dossier *dossier, unsigned index)
{
	struct outage *outage = &dossier->outage[index];
	struct outage *worst = &dossier->repaired[index];

	outage->is_active = false;
	if (outage->is_keepalive) {
		dossier->probes_answered[index] = dossier->probes[index];
		return;
	}
	outage->smaller_passed = flow->side[index].passed_bytes;
	if (outage->count >= worst->count)
		*worst = *outage;
}

/* Selective acknowledgments (RFC 2018) say what arrived beyond a loss; blocks
 * below the acknowledgment are duplicates (RFC 2883) and say nothing here. */
void observe_sack(struct dossier *dossier, unsigned index,
	const struct packet *packet)
{
	for (unsigned i = 0; i < packet->sack_count; i++) {
		const struct sack_block *block = &packet->sack[i];
		int32_t length = sequence_distance(block->start, block->end);

		if (length <= 0 ||
			!sequence_after(block->start, packet->acknowledged))
			continue;
		dossier->sacked_end[!index] = block->end;
		dossier->sacked_frame[!index] = (uint32_t)packet->frame;
		if (length > dossier->sacked_largest[!index])
			dossier->sacked_largest[!index] =
				saturate16((uint32_t)length);
	}
	if (packet->sack_count == 0 && dossier->sacked_frame[!index] &&
		!sequence_before(packet->acknowledged,
			dossier->sacked_end[!index])) {
		dossier->sacked_frame[!index] = 0;
		dossier->sacked_largest[!index] = 0;
	}
}

/* What any packet of `index` means for the troubles of its peer. */
void observe_answer(struct flow *flow, struct dossier *dossier,
	unsigned index, const struct packet *packet)
{
	struct outage *outage = &dossier->outage[!index];
	struct hole *hole = &dossier->hole[!index];

	if (outage->is_active) {
		count16(&outage->answers);
		outage->answer_frame = (uint32_t)packet->frame;
		if (packet->options & OPTION_SACK &&
			sequence_after(packet->sack[0].end, outage->start))
			count16(&outage->answers_beyond);
		if (outage->is_keepalive ||
			sequence_after(packet->acknowledged, outage->start))
			end_outage(flow, dossier, !index);
	}
	if (hole->is_active) {
		if (sequence_after(packet->acknowledged, hole->start)) {
			hole->is_active = false;
			if (!sequence_before(packet->acknowledged, hole->end))
				flow->side[!index].flags |= SIDE_UNSEEN;
		} else if (packet->options & OPTION_SACK) {
			hole->is_sacked = true;
		}
	}
	if (packet->window == 0)
		count16(&dossier->zero_windows[index]);
}

void observe_too_big(
	struct flow *flow, struct dossier *dossier, unsigned index,
	const struct packet *packet)
{
	struct too_big *too_big = &dossier->too_big[index];
	int64_t round_trip_ns = 1000 *
		(int64_t)(flow->server_rtt_us + flow->client_rtt_us);

	if (too_big->count == 0 || packet->payload_bytes == 0)
		return;
	if (packet->ip_bytes > too_big->mtu) {
		/* what was under way already is no disobedience, and what
		 * segmentation offload still has to cut is no packet */
		if (packet->time_ns - too_big->first_ns <
				round_trip_ns + 10000000 ||
			packet->ip_bytes > LARGEST_WIRE_BYTES)
			return;
		count16(&too_big->larger_after);
		too_big->larger_frame = (uint32_t)packet->frame;
	} else {
		count16(&too_big->fitting_after);
	}
}
