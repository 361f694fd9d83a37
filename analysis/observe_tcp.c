/* The streaming pass: what each TCP packet does to its flow.
 *
 * The common packet - in order, or a plain acknowledgment - changes a few
 * fields of its side and is done. Everything else goes through the functions
 * above observe_tcp, which open a dossier when there is something to keep.
 * Resets change nothing of what is known about the side they claim to come
 * from: they are judged against it later. */
#include "analysis/state.h"

#include <string.h>

#include "capture/frame.h"
#include "capture/sequence.h"

enum {
	GAP_MS = 1000, /* shorter silences are not idleness */
	FAR_AHEAD = 1 << 30, /* a jump this large is no data in flight */
	DUPLICATE_NS = 20000000,
	KEEPALIVE_BYTES = 1,
	SSH_PORT = 22,
	RTT_SAMPLES = 16, /* packets of a side that are timed */
	NOTES_AFTER_PER_SIDE = DOSSIER_AFTER / 2,
	LARGEST_WIRE_BYTES = 9216, /* above it only offload makes packets */
};

static uint16_t saturate16(uint32_t value)
{
	return value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;
}

static inline void count16(uint16_t *counter)
{
	if (*counter < UINT16_MAX)
		(*counter)++;
}

void observe_note(
	struct note *note, const struct packet *packet, unsigned side)
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
	note->home = packet_home(packet);
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

struct dossier *observe_dossier(struct analysis *analysis, struct flow *flow)
{
	if (!flow->dossier) {
		flow->dossier = dossier_take(&analysis->dossiers);
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

/* Whether a later packet, whatever it is, can change the dossier. Most come to
 * rest soon, and then nobody touches their memory. */
static bool is_unfinished(const struct dossier *dossier)
{
	if (dossier->reset_count)
		return true;
	for (unsigned i = 0; i < 2; i++)
		if (dossier->outage[i].is_active || dossier->hole[i].is_active ||
			dossier->too_big[i].count || dossier->sacked_frame[i])
			return true;
	return false;
}

static void note_ttl(struct flow *flow, unsigned side, uint8_t ttl)
{
	struct side_cold *cold = &flow->cold[side];

	for (unsigned i = 0; i < SIDE_TTLS; i++) {
		if (cold->ttl_count[i] && cold->ttl[i] != ttl)
			continue;
		cold->ttl[i] = ttl;
		if (cold->ttl_count[i] < UINT8_MAX)
			cold->ttl_count[i]++;
		return;
	}
	flow->side[side].flags |= SIDE_TTL_MIXED;
}

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

static void observe_reset(struct analysis *analysis, struct flow *flow,
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
	observe_note(&note, packet, side);
	for (unsigned i = 0; i < dossier->reset_count; i++)
		if (is_alike(&dossier->resets[i].note, &note)) {
			count16(&dossier->resets[i].repeats);
			dossier->resets[i].last_frame = note.frame;
			return;
		}
	if (dossier->reset_count == DOSSIER_RESETS) {
		count16(&dossier->resets_more);
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
static void observe_after(
	struct dossier *dossier, unsigned side, const struct packet *packet)
{
	unsigned of_side = 0;

	for (unsigned i = 0; i < dossier->after_count; i++)
		of_side += dossier->after[i].side == side;
	if (of_side < NOTES_AFTER_PER_SIDE)
		observe_note(&dossier->after[dossier->after_count++], packet,
			side);
}

static void observe_syn(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	struct side_cold *cold = &flow->cold[index];
	bool is_answer = packet->tcp_flags & TCP_ACK;

	if (side->flags & SIDE_SYN) {
		struct dossier *dossier;

		if (!is_answer) {
			if (flow_syns(flow) < 15)
				flow->flags += 1u << FLOW_SYNS_SHIFT;
			return;
		}
		dossier = observe_dossier(analysis, flow);
		if (dossier)
			dossier->synack_retransmissions++;
		return;
	}
	side->flags |= SIDE_SYN;
	cold->first_sequence = packet->sequence;
	cold->mss = packet->options & OPTION_MSS ? packet->mss : 0;
	cold->window_scale = packet->options & OPTION_WINDOW_SCALE
		? packet->window_scale
		: 0;
	cold->syn_options = (uint8_t)packet->options;
	side->next = packet->sequence + packet_sequence_length(packet);
	/* from where the other side's acknowledgments count */
	if (!(flow->side[!index].last_flags & TCP_ACK))
		flow->side[!index].acked = packet->sequence;
	flow->flags |= FLOW_ORIENTED;
	if ((is_answer && index == 0) || (!is_answer && index == 1))
		flow->flags |= FLOW_CLIENT_IS_1;
	else
		flow->flags &= ~(uint32_t)FLOW_CLIENT_IS_1;
	if (!is_answer) {
		flow->flags += 1u << FLOW_SYNS_SHIFT;
		return;
	}
	services_learn(
		&analysis->services, &packet->source, packet->source_port);
	flow->flags |= FLOW_SYNACK;
	flow->synack_frame = (uint32_t)packet->frame;
	if (flow_syns(flow) == 1) {
		int64_t rtt_us = (packet->time_ns - flow->first_ns) / 1000;

		if (rtt_us >= 0 && rtt_us < UINT32_MAX) {
			flow->server_rtt_us = (uint32_t)rtt_us;
			flow->flags |= FLOW_SYN_RTT;
		}
	}
}

/* A connection picked up in the middle: who listens? Whoever answered a SYN
 * on that port before; else the lower port; on a tie the first to speak is
 * taken for the client. */
static void guess_client(const struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	uint16_t own = packet->source_port, other = packet->target_port;
	bool is_client = own == other || own > other;

	if (services_know(&analysis->services, &packet->target, other))
		is_client = true;
	else if (services_know(&analysis->services, &packet->source, own))
		is_client = false;

	if ((index == 1) == is_client)
		flow->flags |= FLOW_CLIENT_IS_1;
}

static void observe_first(const struct analysis *analysis, struct flow *flow,
	unsigned index,
	const struct packet *packet)
{
	flow->first_frame = (uint32_t)packet->frame;
	flow->first_ns = packet->time_ns;
	flow->flags |= (uint32_t)packet->tunnel << FLOW_TUNNEL_SHIFT;
	if (packet->source_port == SSH_PORT || packet->target_port == SSH_PORT)
		flow->flags |= FLOW_SSH;
	if (packet->tcp_flags & TCP_SYN)
		return;
	flow->flags |= FLOW_MIDSTREAM;
	if (!(packet->tcp_flags & TCP_RST))
		flow->flags |= FLOW_ESTABLISHED;
	guess_client(analysis, flow, index, packet);
}

/* A silence ends. It counts as idleness only when nothing was waiting for an
 * answer; otherwise it is a retransmission timer. */
static void observe_gap(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *a = &flow->side[0], *b = &flow->side[1];
	int64_t gap_ms = (packet->time_ns - flow_last_ns(flow)) / 1000000;
	bool is_quiet = (!(b->flags & SIDE_SEEN) || a->next == b->acked) &&
		(!(a->flags & SIDE_SEEN) || b->next == a->acked);

	if (!is_quiet || gap_ms < GAP_MS)
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

static void observe_gap_answer(struct flow *flow, unsigned index)
{
	if (!!(flow->flags & FLOW_GAP_SIDE_1) == (index == 1))
		return; /* the same side again */
	if (flow->pending_gap_ms > flow->gap_ms)
		flow->gap_ms = flow->pending_gap_ms;
	flow->flags &= ~(uint32_t)FLOW_GAP_PENDING;
}

static void observe_retransmission(struct analysis *analysis,
	struct flow *flow, unsigned index, const struct packet *packet,
	bool is_probe)
{
	struct dossier *dossier = observe_dossier(analysis, flow);
	const struct side *side = &flow->side[index];
	struct outage *outage;
	uint16_t ip_bytes = saturate16(packet->ip_bytes);

	/* from now on an acknowledgment tells of the size sent last, not of
	 * the largest */
	flow->side[index].flags &= (uint16_t)~SIDE_CANDIDATE;
	flow->cold[index].candidate_bytes = 0;
	if (!dossier)
		return;
	outage = &dossier->outage[index];
	if (!is_probe)
		count16(&dossier->retransmissions[index]);
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

static void observe_hole(struct analysis *analysis, struct flow *flow,
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

static void observe_above_hole(
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

/* Sequence numbers of one side's packet against what it sent before. */
static void observe_sequence(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];
	uint32_t length = packet->payload_bytes +
		!!(packet->tcp_flags & TCP_FIN);
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
		if (distance >= FAR_AHEAD)
			return;
		observe_hole(analysis, flow, index, packet);
		side->next = end;
	} else if (length == 0) {
		if (distance == -1 && !(side->flags & SIDE_FIN))
			observe_retransmission(
				analysis, flow, index, packet, true);
	} else if (distance == -1 && length == KEEPALIVE_BYTES &&
		!(packet->tcp_flags & TCP_FIN) && peer->acked == side->next) {
		observe_retransmission(analysis, flow, index, packet, true);
	} else {
		/* also what this recording saw acknowledged: perhaps the
		 * acknowledgment was lost behind it */
		observe_retransmission(analysis, flow, index, packet, false);
		if (sequence_after(end, side->next))
			side->next = end;
	}
	if (flow->dossier)
		observe_above_hole(dossier_at(&analysis->dossiers,
					   flow->dossier),
			index, packet);
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

/* The shortest time in which this side answered: the handshake alone may have
 * waited for address resolution or a busy host. */
static void observe_round_trip(
	struct flow *flow, unsigned index, int64_t elapsed_ns)
{
	bool is_server = index == flow_server(flow);
	uint32_t *shortest =
		is_server ? &flow->server_rtt_us : &flow->client_rtt_us;
	uint32_t known = is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT;
	int64_t elapsed_us = elapsed_ns / 1000;

	if ((flow->flags & known) && elapsed_us >= 0 &&
		elapsed_us < *shortest)
		*shortest = (uint32_t)elapsed_us;
}

/* What a packet of `index` says about its peer's data. */
static void observe_acknowledgment(struct analysis *analysis,
	struct flow *flow, unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	struct side *peer = &flow->side[!index];
	uint32_t acked = packet->acknowledged;
	int32_t beyond;

	if (!(peer->flags & SIDE_SEEN)) {
		peer->next = acked;
		side->acked = acked;
		return;
	}
	beyond = sequence_distance(peer->next, acked);
	if (beyond > 0) {
		if (beyond >= FAR_AHEAD)
			return;
		/* received, though never recorded */
		peer->flags |= SIDE_UNSEEN;
		peer->next = acked;
		analysis->totals.lost_packets += 1 + (uint32_t)beyond / 1461;
		if (flow->dossier)
			dossier_at(&analysis->dossiers, flow->dossier)
				->hole[!index]
				.is_active = false;
	}
	if (!(side->flags & SIDE_SEEN) || sequence_after(acked, side->acked)) {
		if (acked == peer->next && side->packets < RTT_SAMPLES &&
			peer->last_payload)
			observe_round_trip(flow, index,
				packet->time_ns - peer->last_ns);
		side->acked = acked;
	}
	if (acked == peer->next) {
		if (peer->flags & SIDE_CANDIDATE) {
			struct side_cold *cold = &flow->cold[!index];

			peer->flags &= (uint16_t)~SIDE_CANDIDATE;
			if (cold->candidate_bytes > peer->passed_bytes)
				peer->passed_bytes = cold->candidate_bytes;
			cold->candidate_bytes = 0;
		}
		if (peer->flags & SIDE_FIN)
			peer->flags |= SIDE_FIN_ACKED;
	}
}

/* Selective acknowledgments (RFC 2018) say what arrived beyond a loss; blocks
 * below the acknowledgment are duplicates (RFC 2883) and say nothing here. */
static void observe_sack(struct dossier *dossier, unsigned index,
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
static void observe_answer(struct flow *flow, struct dossier *dossier,
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

static void observe_too_big(
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

static void observe_ssh(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct dossier *dossier;

	if (!(flow->flags & FLOW_SSH)) {
		if (!(flow->flags & FLOW_ORIENTED) ||
			packet->sequence !=
				flow->cold[index].first_sequence + 1)
			return;
		if (!ssh_is_banner(packet))
			return;
		flow->flags |= FLOW_SSH;
	}
	dossier = observe_dossier(analysis, flow);
	if (!dossier)
		return;
	if (!dossier->ssh)
		dossier->ssh = ssh_talk_new();
	if (dossier->ssh)
		ssh_talk_feed(dossier->ssh,
			index == flow_client(flow) ? SSH_CLIENT : SSH_SERVER,
			packet);
}

static void observe_payload(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	uint16_t limit = flow->cold[!index].mss;

	if ((limit && packet->payload_bytes > limit) ||
		packet->ip_bytes > LARGEST_WIRE_BYTES) {
		side->flags |= SIDE_OFFLOAD;
	} else if (packet->ip_bytes > side->passed_bytes) {
		struct side_cold *cold = &flow->cold[index];

		if (packet->ip_bytes > cold->candidate_bytes)
			cold->candidate_bytes = saturate16(packet->ip_bytes);
		side->flags |= SIDE_CANDIDATE;
	}
	/* the opening of a connection may be SSH; later it is only followed
	 * where it was */
	if (flow->flags & FLOW_SSH || !(side->flags & SIDE_DATA))
		observe_ssh(analysis, flow, index, packet);
	side->flags |= SIDE_DATA;
}

/* The same packet recorded twice: by `any` on the way in and out, by a span
 * port, by a bridge. Retransmissions have another identification, or come
 * later. */
static bool is_duplicate(struct flow *flow, const struct side *side,
	const struct packet *packet)
{
	uint8_t home = packet_home(packet);

	if (!(side->flags & SIDE_SEEN) ||
		packet->time_ns - side->last_ns > DUPLICATE_NS)
		return false;
	if (packet->tcp_flags & TCP_RST) {
		/* resets: only against one that was kept, by the caller */
		return false;
	}
	if ((flow->flags & FLOW_DUPLICATED) && home != side->home)
		return true;
	if (packet->ip_id != side->ip_id ||
		(uint8_t)packet->tcp_flags != side->last_flags ||
		packet->acknowledged != side->acked ||
		packet->sequence + packet_sequence_length(packet) !=
			side->next ||
		saturate16(packet->payload_bytes) != side->last_payload)
		return false;
	if (home != side->home) {
		flow->flags |= FLOW_DUPLICATED;
		return true;
	}
	/* same way in: a mirror that copies; zero says nothing */
	return packet->ip_id != 0 && packet->family == 4 &&
		packet->ttl <= side->ttl &&
		packet->window == side->window;
}

/* A reset that was recorded a moment ago on its other interface. The copy that
 * came in is the one to keep: it tells that the reset was not made here. */
static bool is_duplicate_reset(struct analysis *analysis,
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
			note->home != packet_home(packet) &&
			packet->time_ns - note->time_ns < DUPLICATE_NS) {
			if (packet->direction == FRAME_INBOUND)
				observe_note(note, packet, index);
			return true;
		}
	}
	return false;
}

static void observe_identification(
	struct side *side, const struct packet *packet)
{
	uint16_t step;

	if (packet->family != 4)
		return;
	side->flags |= packet->is_df ? SIDE_DF : SIDE_NO_DF;
	if (packet->ip_id == 0) {
		side->flags |= SIDE_ID_ZERO;
		return;
	}
	step = (uint16_t)(packet->ip_id - side->ip_id);
	if (side->ip_id == 0)
		return;
	if (step >= 1 && step <= 64)
		side->flags |= SIDE_ID_STEP;
	else if (step)
		side->flags |= SIDE_ID_JUMP;
}

void observe_tcp(struct analysis *analysis, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct side *side = &flow->side[index];
	uint16_t flags = packet->tcp_flags;

	if (flow->first_frame == 0)
		observe_first(analysis, flow, index, packet);
	if (flags & TCP_RST) {
		if (is_duplicate_reset(analysis, flow, index, packet))
			analysis->totals.duplicates++;
		else
			observe_reset(analysis, flow, index, packet);
		return;
	}
	if (is_duplicate(flow, side, packet)) {
		analysis->totals.duplicates++;
		return;
	}
	if (packet->time_ns < flow_last_ns(flow) - 1000000000)
		flow->flags |= FLOW_CLOCK_STEP;

	/* what a side that knows nothing of a reset still sends is no sign
	 * that the connection survived its silence */
	if (flow->flags & FLOW_ESTABLISHED && !(flow->flags & FLOW_RESET)) {
		if (packet->time_ns - flow_last_ns(flow) >=
			(int64_t)GAP_MS * 1000000)
			observe_gap(flow, index, packet);
		else if (flow->flags & FLOW_GAP_PENDING)
			observe_gap_answer(flow, index);
	}
	if (packet->ttl != side->ttl || side->packets < 8)
		note_ttl(flow, index, packet->ttl);
	if (!(flags & TCP_SYN))
		observe_identification(side, packet);

	if (flags & TCP_SYN) {
		observe_syn(analysis, flow, index, packet);
	} else if (packet->sequence == side->next &&
		(side->flags & SIDE_SEEN)) {
		side->next += packet->payload_bytes + (flags & TCP_FIN);
		if (flow->flags & FLOW_WATCHED && packet->payload_bytes &&
			flow->dossier)
			observe_above_hole(dossier_at(&analysis->dossiers,
						   flow->dossier),
				index, packet);
	} else {
		observe_sequence(analysis, flow, index, packet);
	}
	if (flags & TCP_ACK) {
		observe_acknowledgment(analysis, flow, index, packet);
		if (!(flow->flags & FLOW_ESTABLISHED) && !(flags & TCP_SYN) &&
			(flow->flags & FLOW_SYNACK) &&
			index == flow_client(flow)) {
			const struct side *server = &flow->side[!index];
			int64_t rtt_us =
				(packet->time_ns - server->last_ns) / 1000;

			flow->flags |= FLOW_ESTABLISHED | FLOW_ACK_RTT;
			flow->client_rtt_us = rtt_us > 0 && rtt_us < UINT32_MAX
				? (uint32_t)rtt_us
				: 0;
		}
	}
	if (packet->payload_bytes && !(flags & TCP_SYN))
		observe_payload(analysis, flow, index, packet);
	if (flags & TCP_FIN && !(side->flags & SIDE_FIN)) {
		if (flow->flags & FLOW_SSH)
			(void)observe_dossier(analysis, flow); /* its end will
								  be looked at */
		side->flags |= SIDE_FIN;
		flow->cold[index].fin_frame = (uint32_t)packet->frame;
	}
	if (packet->sack_count)
		(void)observe_dossier(analysis, flow); /* for observe_sack */
	if (flow->dossier &&
		(flow->flags & FLOW_WATCHED || packet->window == 0)) {
		struct dossier *dossier =
			dossier_at(&analysis->dossiers, flow->dossier);

		observe_sack(dossier, index, packet);
		if (flags & TCP_ACK)
			observe_answer(flow, dossier, index, packet);
		observe_too_big(flow, dossier, index, packet);
		if (dossier->reset_count)
			observe_after(dossier, index, packet);
		if (!is_unfinished(dossier))
			flow->flags &= ~(uint32_t)FLOW_WATCHED;
	}
	if (packet->options & OPTION_TIMESTAMP)
		side->flags |= SIDE_TIMESTAMP;
	if (!(side->flags & SIDE_SEEN))
		side->home = packet_home(packet);
	side->flags |= SIDE_SEEN;
	side->last_ns = packet->time_ns;
	side->last_frame = (uint32_t)packet->frame;
	side->window = packet->window;
	side->ip_id = packet->ip_id;
	side->ttl = packet->ttl;
	side->tos = packet->tos;
	side->last_flags = (uint8_t)flags;
	side->last_payload = saturate16(packet->payload_bytes);
	if (side->packets < UINT32_MAX)
		side->packets++;
}
