#include "report/segment_fates.h"

#include <stdlib.h>

#include "capture/array.h"
#include "capture/sequence.h"

enum {
	DUPLICATE_ACKS = 3,  /* RFC 5681, 3.2 */
	WAITING_MOST = 4096, /* segments in flight of a side */
};

/* Lost: the peer asks for it in SACKs or three times before a copy is sent.
 * Unanswered: no copy of several is ever acknowledged. */
struct fate_segment {
	uint64_t id;
	uint32_t sequence, end;
	uint32_t asked; /* ACKs that ask for it */
	uint8_t ttl;
	bool is_asked;
	bool is_copy; /* bytes of it were sent before */
	bool is_sent_again;
	bool is_reset; /* the peer has sent a reset: nothing later counts */
};

static uint32_t end_of(const struct packet *packet)
{
	return packet->sequence + packet_sequence_length(packet);
}

static uint8_t repeated(
	const struct packet *packet, const struct fate_side *own)
{
	uint32_t length = packet_sequence_length(packet);

	if (!own->is_known || packet->tcp_flags & TCP_RST)
		return 0;
	if (length <= 1 && packet->sequence + 1 == own->next &&
		(packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_ACK)) == TCP_ACK)
		return MARK_KEEPALIVE;
	return length && sequence_before(packet->sequence, own->next)
		       ? MARK_SENT_AGAIN
		       : 0;
}

/* The bytes that the first block leaves out behind what is acknowledged; 0:
 * there is none, or it is a block of what came twice (RFC 2883). */
static uint32_t hole_of(const struct packet *packet)
{
	if (packet->sack_count == 0 || !(packet->tcp_flags & TCP_ACK))
		return 0;
	for (unsigned i = 0; i < packet->sack_count; i++)
		if (sequence_before(
			    packet->sack[i].start, packet->acknowledged))
			return 0;
	uint32_t start = packet->sack[0].start;

	for (unsigned i = 1; i < packet->sack_count; i++)
		if (sequence_before(packet->sack[i].start, start))
			start = packet->sack[i].start;
	return start - packet->acknowledged;
}

static bool is_beginning(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

/* Was it recorded where its receiver is? It came there, whatever followed. */
static bool is_at_receiver(
	const struct fate_segment *segment, const struct fate_side *peer)
{
	return peer->has_ttl && is_beginning(peer->ttl) &&
	       !is_beginning(segment->ttl);
}

static struct fate_record record_of(
	const struct packet *packet, enum speaker speaker)
{
	return (struct fate_record){
		.speaker = packet->kind == PACKET_TCP ? speaker
						      : SPEAKER_NOBODY,
		.sequence = packet->sequence,
		.acknowledged = packet->acknowledged,
		.payload_bytes = packet->payload_bytes,
		.timestamp_value = packet->timestamp_value,
		.interface = packet->interface,
		.ip_id = packet->ip_id,
		.device = packet->device,
		.tcp_flags = packet->tcp_flags,
		.ttl = packet->ttl,
	};
}

/* Is it another record of a packet shortly before, as a router's capture of
 * several interfaces has them? */
static bool is_recorded_again(
	const struct segment_fates *fates, const struct fate_record *own)
{
	for (uint64_t i = 1; i <= FATE_RECENT && i <= fates->taken; i++) {
		const struct fate_record *one =
			&fates->recent[(fates->taken - i) % FATE_RECENT];

		if (one->speaker == own->speaker &&
			one->sequence == own->sequence &&
			one->acknowledged == own->acknowledged &&
			one->tcp_flags == own->tcp_flags &&
			one->payload_bytes == own->payload_bytes &&
			one->timestamp_value == own->timestamp_value &&
			one->ip_id == own->ip_id &&
			(one->ttl != own->ttl ||
				one->interface != own->interface ||
				one->device != own->device))
			return true;
	}
	return false;
}

static bool is_in_hole(const struct fate_segment *segment,
	uint32_t acknowledged, uint32_t bytes)
{
	return !sequence_before(segment->sequence, acknowledged) &&
	       !sequence_before(acknowledged + bytes, segment->end);
}

static void tell(struct segment_fates *fates,
	const struct fate_segment *segment, const struct fate_side *peer,
	uint8_t mark)
{
	if (mark && segment->id != FATE_ID_NONE &&
		!is_at_receiver(segment, peer))
		fates->tell(fates->context, segment->id, mark);
}

/* An ACK of the peer that leaves the segment out. */
static void note_request(struct fate_segment *segment,
	const struct packet *packet, uint32_t hole_bytes)
{
	if (segment->is_sent_again || packet->payload_bytes)
		return;
	segment->asked += packet->acknowledged == segment->sequence;
	segment->is_asked |= segment->asked > DUPLICATE_ACKS ||
			     (hole_bytes && is_in_hole(segment,
						    packet->acknowledged,
						    hole_bytes));
}

/* What the packet of its peer says of the segments of `side`. */
static void note_answer(struct segment_fates *fates, struct fate_side *side,
	const struct fate_side *peer, const struct packet *packet,
	uint32_t hole_bytes)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < side->count; i++) {
		struct fate_segment *segment = &side->waiting[i];

		segment->is_reset |= !!(packet->tcp_flags & TCP_RST);
		if (!segment->is_reset && packet->tcp_flags & TCP_ACK) {
			if (!sequence_before(
				    packet->acknowledged, segment->end)) {
				tell(fates, segment, peer,
					segment->is_asked &&
							segment->is_sent_again
						? MARK_LOST
						: 0);
				continue;
			}
			note_request(segment, packet, hole_bytes);
		}
		side->waiting[left++] = *segment;
	}
	side->count = left;
}

static void note_copy(struct fate_side *side, const struct packet *packet)
{
	for (uint32_t i = 0; i < side->count; i++)
		if (!side->waiting[i].is_reset &&
			side->waiting[i].sequence == packet->sequence)
			side->waiting[i].is_sent_again = true;
}

static void follow(struct fate_side *side, const struct packet *packet,
	uint64_t id, uint8_t marks)
{
	struct fate_segment *grown;

	if (!packet_sequence_length(packet) || packet->tcp_flags & TCP_RST ||
		marks & MARK_KEEPALIVE || side->count == WAITING_MOST)
		return;
	grown = array_grown(
		side->waiting, side->count, &side->room, sizeof(*grown));
	if (!grown)
		return;
	side->waiting = grown;
	grown[side->count++] = (struct fate_segment){
		.id = id,
		.sequence = packet->sequence,
		.end = end_of(packet),
		.ttl = packet->ttl,
		.is_copy = marks & MARK_SENT_AGAIN,
	};
}

static void note_sent(struct fate_side *own, const struct packet *packet)
{
	if (packet->tcp_flags & TCP_RST)
		return;
	if (!own->is_known || sequence_before(own->next, end_of(packet)))
		own->next = end_of(packet);
	own->is_known = true;
}

uint8_t segment_fates_take(struct segment_fates *fates,
	const struct packet *packet, enum speaker speaker, uint64_t id,
	uint32_t *hole_bytes)
{
	struct fate_record record = record_of(packet, speaker);
	struct fate_side *own = &fates->sides[speaker == SPEAKER_SERVER];
	struct fate_side *peer = &fates->sides[speaker != SPEAKER_SERVER];
	bool is_again = is_recorded_again(fates, &record);
	uint8_t marks = 0;

	*hole_bytes = 0;
	fates->recent[fates->taken++ % FATE_RECENT] = record;
	if (record.speaker != SPEAKER_CLIENT &&
		record.speaker != SPEAKER_SERVER)
		return 0;
	if (!own->has_ttl && !(packet->tcp_flags & TCP_RST)) {
		own->has_ttl = true;
		own->ttl = packet->ttl;
	}
	if (!is_again) {
		marks = repeated(packet, own);
		*hole_bytes = hole_of(packet);
		marks |= *hole_bytes ? MARK_HOLE : 0;
		note_sent(own, packet);
	}
	if (marks & MARK_SENT_AGAIN)
		note_copy(own, packet);
	note_answer(fates, peer, own, packet, *hole_bytes);
	follow(own, packet, id, marks);
	return marks;
}

void segment_fates_end(struct segment_fates *fates)
{
	for (unsigned i = 0; i < 2; i++) {
		struct fate_side *side = &fates->sides[i];

		for (uint32_t j = 0; j < side->count; j++) {
			const struct fate_segment *one = &side->waiting[j];

			tell(fates, one, &fates->sides[!i],
				one->is_asked && one->is_sent_again ? MARK_LOST
				: one->is_sent_again || one->is_copy
					? MARK_UNANSWERED
					: 0);
		}
		free(side->waiting);
		*side = (struct fate_side){.waiting = NULL};
	}
}
