#include "report/ladder_marks.h"

#include <string.h>

#include "capture/sequence.h"

enum { DUPLICATE_ACKS = 3 }; /* RFC 5681, 3.2 */

static bool is_from(const struct flow_packet *packet, enum speaker speaker)
{
	return packet->speaker == speaker && packet->packet.kind == PACKET_TCP;
}

static uint32_t length_of(const struct packet *packet)
{
	return packet->payload_bytes + !!(packet->tcp_flags & TCP_SYN) +
	       !!(packet->tcp_flags & TCP_FIN);
}

static uint32_t end_of(const struct packet *packet)
{
	return packet->sequence + length_of(packet);
}

/* The numbers of one side: behind the last byte that it sent so far. */
struct sent {
	uint32_t next;
	bool is_known;
};

static uint8_t repeated(const struct packet *packet, const struct sent *sent)
{
	uint32_t length = length_of(packet);

	if (!sent->is_known || packet->tcp_flags & TCP_RST)
		return 0;
	if (length <= 1 && packet->sequence + 1 == sent->next &&
		(packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_ACK)) == TCP_ACK)
		return MARK_KEEPALIVE;
	return length && sequence_before(packet->sequence, sent->next)
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
static bool is_at_receiver(const struct flow_packet *const *list,
	unsigned count, const struct flow_packet *own)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i]->packet.kind == PACKET_TCP &&
			list[i]->speaker != own->speaker &&
			!(list[i]->packet.tcp_flags & TCP_RST))
			return is_beginning(list[i]->packet.ttl) &&
			       !is_beginning(own->packet.ttl);
	return false;
}

static bool is_in_hole(
	const struct packet *own, uint32_t acknowledged, uint32_t bytes)
{
	return !sequence_before(own->sequence, acknowledged) &&
	       !sequence_before(acknowledged + bytes, end_of(own));
}

/* Lost: the peer asks for it in SACKs or three times before a copy is sent.
 * Unanswered: no copy of several is ever acknowledged. 0: neither. */
static uint8_t fate_of(const struct flow_packet *const *list, unsigned count,
	unsigned at, const struct ladder_marks *marks)
{
	const struct packet *own = &list[at]->packet;
	unsigned asked = 0;
	bool is_sent_again = false, is_asked = false;

	for (unsigned i = at + 1; i < count; i++) {
		const struct packet *packet = &list[i]->packet;

		if (packet->kind != PACKET_TCP)
			continue;
		if (list[i]->speaker == list[at]->speaker) {
			is_sent_again |= marks->of[i] & MARK_SENT_AGAIN &&
					 packet->sequence == own->sequence;
			continue;
		}
		if (packet->tcp_flags & TCP_RST)
			break;
		if (!(packet->tcp_flags & TCP_ACK))
			continue;
		if (!sequence_before(packet->acknowledged, end_of(own)))
			return is_asked && is_sent_again ? MARK_LOST : 0;
		if (is_sent_again || packet->payload_bytes)
			continue;
		asked += packet->acknowledged == own->sequence;
		is_asked |= asked > DUPLICATE_ACKS ||
			    (marks->of[i] & MARK_HOLE &&
				    is_in_hole(own, packet->acknowledged,
					    marks->hole_bytes[i]));
	}
	if (is_asked && is_sent_again)
		return MARK_LOST;
	return is_sent_again || marks->of[at] & MARK_SENT_AGAIN
		       ? MARK_UNANSWERED
		       : 0;
}

static bool is_whole(const struct flow_packet *packet)
{
	return packet->packet.kind == PACKET_TCP &&
	       length_of(&packet->packet) &&
	       !(packet->packet.tcp_flags & TCP_RST);
}

/* Is it another record of a packet shortly before, as a router's capture of
 * several interfaces has them? */
static bool is_recorded_again(
	const struct flow_packet *const *list, unsigned at)
{
	enum { FEW = 8 };
	const struct packet *own = &list[at]->packet;

	for (unsigned i = at; i-- > 0 && at - i <= FEW;) {
		const struct packet *packet = &list[i]->packet;

		if (packet->kind == PACKET_TCP &&
			list[i]->speaker == list[at]->speaker &&
			packet->sequence == own->sequence &&
			packet->acknowledged == own->acknowledged &&
			packet->tcp_flags == own->tcp_flags &&
			packet->payload_bytes == own->payload_bytes &&
			packet->timestamp_value == own->timestamp_value &&
			packet->ip_id == own->ip_id &&
			(packet->ttl != own->ttl ||
				packet->interface != own->interface ||
				packet->device != own->device))
			return true;
	}
	return false;
}

void ladder_marks_make(struct ladder_marks *marks,
	const struct flow_packet *const *list, unsigned count)
{
	struct sent sent[2] = {{0, false}, {0, false}};

	memset(marks, 0, sizeof(*marks));
	for (unsigned i = 0; i < count; i++) {
		const struct packet *packet = &list[i]->packet;
		bool is_server = is_from(list[i], SPEAKER_SERVER);
		struct sent *own = &sent[is_server];

		if (!is_server && !is_from(list[i], SPEAKER_CLIENT))
			continue;
		if (is_recorded_again(list, i))
			continue;
		marks->of[i] = repeated(packet, own);
		marks->hole_bytes[i] = hole_of(packet);
		if (marks->hole_bytes[i])
			marks->of[i] |= MARK_HOLE;
		if (!(packet->tcp_flags & TCP_RST) &&
			(!own->is_known ||
				sequence_before(own->next, end_of(packet))))
			*own = (struct sent){end_of(packet), true};
	}
	for (unsigned i = 0; i < count; i++)
		if (is_whole(list[i]) && !(marks->of[i] & MARK_KEEPALIVE) &&
			!is_at_receiver(list, count, list[i]))
			marks->of[i] |= fate_of(list, count, i, marks);
}
