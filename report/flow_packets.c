#include "report/flow_packets.h"

#include <string.h>

static bool is_endpoint(const struct endpoint *endpoint,
	const struct address *address, uint16_t port)
{
	return endpoint->port == port &&
	       memcmp(&endpoint->address, address, sizeof(*address)) == 0;
}

/* Of an ICMP error: the quoted packet's sender is whom it is sent to. */
static enum speaker quoted_speaker(
	const struct flow_name *flow, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;

	if (quoted->family != flow->family || !quoted->has_ports ||
		quoted->protocol != PROTOCOL_TCP)
		return SPEAKER_NOBODY;
	if (is_endpoint(&flow->client, &quoted->source, quoted->source_port) &&
		is_endpoint(
			&flow->server, &quoted->target, quoted->target_port))
		return memcmp(&packet->source, &flow->server.address,
			       sizeof(packet->source)) == 0
			       ? SPEAKER_SERVER
			       : SPEAKER_TO_CLIENT;
	if (is_endpoint(&flow->server, &quoted->source, quoted->source_port) &&
		is_endpoint(
			&flow->client, &quoted->target, quoted->target_port))
		return memcmp(&packet->source, &flow->client.address,
			       sizeof(packet->source)) == 0
			       ? SPEAKER_CLIENT
			       : SPEAKER_TO_SERVER;
	return SPEAKER_NOBODY;
}

enum speaker flow_speaker(
	const struct flow_name *flow, const struct packet *packet)
{
	if (packet->family != flow->family)
		return SPEAKER_NOBODY;
	if (packet->kind == PACKET_ICMP)
		return quoted_speaker(flow, packet);
	if (packet->kind != PACKET_TCP)
		return SPEAKER_NOBODY;
	if (is_endpoint(&flow->client, &packet->source, packet->source_port) &&
		is_endpoint(
			&flow->server, &packet->target, packet->target_port))
		return SPEAKER_CLIENT;
	if (is_endpoint(&flow->server, &packet->source, packet->source_port) &&
		is_endpoint(
			&flow->client, &packet->target, packet->target_port))
		return SPEAKER_SERVER;
	return SPEAKER_NOBODY;
}

void flow_follower_begin(struct flow_follower *follower,
	const struct flow_name *flow, int64_t began_ns, uint64_t key_frame)
{
	*follower = (struct flow_follower){
		.flow = *flow, .began_ns = began_ns, .key_frame = key_frame};
}

enum speaker flow_follower_take(
	struct flow_follower *follower, const struct packet *packet)
{
	if (follower->is_over)
		return SPEAKER_NOBODY;
	enum speaker speaker = flow_speaker(&follower->flow, packet);
	if (speaker == SPEAKER_NOBODY)
		return SPEAKER_NOBODY;
	if (follower->began_ns != INT64_MIN && packet->time_ns != INT64_MIN &&
		packet->time_ns < follower->began_ns)
		return SPEAKER_NOBODY;
	if (packet->kind != PACKET_TCP || speaker != SPEAKER_CLIENT ||
		(packet->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return speaker;
	/* A SYN: the first, the same again, or another connection's. */
	if (!follower->has_first_syn) {
		follower->has_first_syn = true;
		follower->first_sequence = packet->sequence;
	} else if (packet->sequence != follower->first_sequence &&
		   follower->key_frame != 0 &&
		   packet->frame > follower->key_frame) {
		follower->is_over = true;
		return SPEAKER_NOBODY;
	}
	return speaker;
}

void flow_packets_keep(struct flow_packets *packets,
	const struct packet *packet, enum speaker speaker)
{
	uint64_t key_frame = packets->follower.key_frame;
	struct flow_packet *to;

	if (packets->head_count < FLOW_HEAD)
		to = &packets->head[packets->head_count++];
	else if (key_frame == 0 || packet->frame <= key_frame)
		to = &packets->before[packets->before_count++ % FLOW_BEFORE];
	else if (packets->after_count < FLOW_AFTER)
		to = &packets->after[packets->after_count++];
	else
		to = &packets->tail[packets->tail_count++ % FLOW_TAIL];
	*to = (struct flow_packet){.packet = *packet,
		.ordinal = packets->total++,
		.speaker = speaker};
	to->packet.payload = to->packet.segment = NULL;
}

static unsigned list_ring(const struct flow_packet *ring, uint64_t ever,
	uint64_t size, const struct flow_packet **list)
{
	unsigned count = 0;

	for (uint64_t i = ever > size ? ever - size : 0; i < ever; i++)
		list[count++] = &ring[i % size];
	return count;
}

unsigned flow_packets_list(const struct flow_packets *packets,
	const struct flow_packet *list[FLOW_PACKETS_MAX])
{
	unsigned count =
		list_ring(packets->head, packets->head_count, FLOW_HEAD, list);

	count += list_ring(packets->before, packets->before_count, FLOW_BEFORE,
		list + count);
	count += list_ring(
		packets->after, packets->after_count, FLOW_AFTER, list + count);
	return count + list_ring(packets->tail, packets->tail_count, FLOW_TAIL,
			       list + count);
}
