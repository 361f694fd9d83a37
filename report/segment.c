#include "report/segment.h"

#include <string.h>

#include "capture/sequence.h"
#include "report/packet_origin.h"

void segment_tracker_begin(
	struct segment_tracker *tracker, const struct incident *incident)
{
	memset(tracker, 0, sizeof(*tracker));
	tracker->incident = incident;
}

/* A number near the highest of a side. */
static int64_t number_of(const struct segment_side *side, uint32_t sequence)
{
	uint32_t nearby = side->base + (uint32_t)side->most_end;

	return side->most_end + sequence_distance(nearby, sequence);
}

static void take_base(struct segment_side *side, const struct packet *packet)
{
	bool is_syn = packet->tcp_flags & TCP_SYN;

	if ((side->has_base && !is_syn) || side->has_syn)
		return;
	side->has_base = true;
	side->base = packet->sequence;
	side->most_end = 0;
	side->has_sent = false;
	side->has_syn = is_syn;
	side->has_scale = is_syn && (packet->options & OPTION_WINDOW_SCALE);
	side->scale = packet->window_scale < 14 ? packet->window_scale : 14;
}

static void drop_hole(struct segment_side *side, unsigned at)
{
	side->hole_count--;
	memmove(&side->holes[at], &side->holes[at + 1],
		(side->hole_count - at) * sizeof(side->holes[0]));
}

static void add_hole(struct segment_side *side, int64_t start, int64_t end)
{
	if (start >= end)
		return;
	if (side->hole_count == SEGMENT_HOLES)
		drop_hole(side, 0);
	side->holes[side->hole_count++] = (struct segment_range){start, end};
}

/* Whether it brings numbers that were jumped over. */
static bool fills_hole(
	struct segment_side *side, const struct segment_range *data)
{
	for (unsigned i = 0; i < side->hole_count; i++) {
		struct segment_range hole = side->holes[i];

		if (data->start >= hole.end || data->end <= hole.start)
			continue;
		drop_hole(side, i);
		add_hole(side, hole.start, data->start);
		add_hole(side, data->end, hole.end);
		return true;
	}
	return false;
}

static enum segment_kind kind_of(struct segment_side *side,
	const struct packet *packet, const struct segment_range *data)
{
	bool is_plain = !(packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST));

	if (!side->has_sent)
		return data->end > data->start ? SEGMENT_NEW : SEGMENT_NONE;
	if (packet->payload_bytes <= 1 && is_plain &&
		data->start == side->most_end - 1)
		return SEGMENT_PROBE;
	if (data->end == data->start)
		return SEGMENT_NONE;
	if (data->start < side->most_end)
		return fills_hole(side, data) ? SEGMENT_NEW : SEGMENT_AGAIN;
	add_hole(side, side->most_end, data->start);
	return SEGMENT_NEW;
}

static void wait_for(struct segment_side *side, int64_t end, int64_t time_ns)
{
	if (side->waiting_end - side->waiting_first == SEGMENT_WAITING)
		side->waiting_first++;
	side->waiting[side->waiting_end++ % SEGMENT_WAITING] =
		(struct segment_waiting){end, time_ns, true};
}

static void doubt_waiting(struct segment_side *side, int64_t start)
{
	for (uint32_t i = side->waiting_first; i != side->waiting_end; i++)
		if (side->waiting[i % SEGMENT_WAITING].end > start)
			side->waiting[i % SEGMENT_WAITING].is_sure = false;
}

static void take_data(struct segment_side *side, const struct packet *packet,
	struct segment *segment)
{
	struct segment_range *data = &segment->data;

	data->start = number_of(side, packet->sequence);
	data->end = data->start + packet->payload_bytes +
		    !!(packet->tcp_flags & TCP_SYN) +
		    !!(packet->tcp_flags & TCP_FIN);
	if (segment->is_foreign || segment->is_reset)
		return;
	segment->kind = kind_of(side, packet, data);
	if (segment->kind == SEGMENT_AGAIN)
		doubt_waiting(side, data->start);
	else if (segment->kind == SEGMENT_NEW && packet->time_ns != INT64_MIN)
		wait_for(side, data->end, packet->time_ns);
	if (!side->has_sent || data->end > side->most_end)
		side->most_end = data->end;
	side->has_sent = true;
}

static void take_round_trip(struct segment_side *peer, struct segment *segment)
{
	while (peer->waiting_first != peer->waiting_end) {
		const struct segment_waiting *one =
			&peer->waiting[peer->waiting_first % SEGMENT_WAITING];

		if (one->end > segment->ack)
			return;
		if (one->is_sure && segment->packet->time_ns != INT64_MIN &&
			__builtin_sub_overflow(segment->packet->time_ns,
				one->time_ns, &segment->rtt_ns))
			segment->rtt_ns = -1;
		peer->waiting_first++;
	}
}

static void take_ack(const struct segment_side *own, struct segment_side *peer,
	struct segment *segment)
{
	const struct packet *packet = segment->packet;
	bool is_scaled = own->has_scale && peer->has_scale &&
			 !(packet->tcp_flags & TCP_SYN);

	if (!(packet->tcp_flags & TCP_ACK) || segment->is_foreign ||
		segment->is_reset)
		return;
	if (!peer->has_base) {
		peer->has_base = true;
		peer->base = packet->acknowledged;
	}
	segment->has_ack = true;
	segment->ack = number_of(peer, packet->acknowledged);
	segment->edge = segment->ack + ((int64_t)packet->window
					       << (is_scaled ? own->scale : 0));
	take_round_trip(peer, segment);
	for (unsigned i = 0; i < packet->sack_count && i < 4; i++)
		segment->sack[segment->sack_count++] = (struct segment_range){
			segment->ack + sequence_distance(packet->acknowledged,
					       packet->sack[i].start),
			segment->ack + sequence_distance(packet->acknowledged,
					       packet->sack[i].end)};
}

void segment_take(struct segment_tracker *tracker, const struct packet *packet,
	enum speaker speaker, struct segment *segment)
{
	bool is_to_client =
		speaker == SPEAKER_SERVER || speaker == SPEAKER_TO_CLIENT;
	struct segment_side *own = &tracker->sides[is_to_client];

	*segment = (struct segment){
		.packet = packet,
		.is_to_client = is_to_client,
		.is_icmp = packet->kind == PACKET_ICMP,
		.rtt_ns = -1,
	};
	segment->is_reset =
		!segment->is_icmp && (packet->tcp_flags & TCP_RST) != 0;
	segment->is_foreign =
		speaker == SPEAKER_TO_CLIENT || speaker == SPEAKER_TO_SERVER ||
		(tracker->incident &&
			packet_is_from_device(tracker->incident, packet->frame,
				packet->tcp_flags, packet->ttl, !is_to_client));
	if (segment->is_icmp)
		return;
	if (!segment->is_foreign && !(segment->is_reset && !own->has_base))
		take_base(own, packet);
	take_data(own, packet, segment);
	take_ack(own, &tracker->sides[!is_to_client], segment);
}
