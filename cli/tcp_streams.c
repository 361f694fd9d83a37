#include "cli/tcp_streams.h"

#include <stdlib.h>
#include <string.h>

#include "capture/array.h"

struct tcp_stream {
	struct address address[2]; /* the lower one first */
	uint16_t port[2];
	uint8_t family;
	bool has_base[2];
	uint32_t base[2]; /* first sequence number of each side */
	uint32_t next;	  /* index + 1 in its bucket */
	struct tcp_stream_start start;
};

/* Which of both ends the packet is from, as they are ordered. */
static unsigned side_of(const struct packet *packet)
{
	int order = memcmp(
		&packet->source, &packet->target, sizeof(packet->source));

	if (order == 0)
		return packet->source_port > packet->target_port;
	return order > 0;
}

static struct tcp_stream named_by(const struct packet *packet)
{
	struct tcp_stream named = {.family = packet->family,
		.start = {packet->frame, packet->time_ns}};
	unsigned side = side_of(packet);

	named.address[side] = packet->source;
	named.address[!side] = packet->target;
	named.port[side] = packet->source_port;
	named.port[!side] = packet->target_port;
	return named;
}

static uint32_t hash_of(uint64_t seed, const struct tcp_stream *stream)
{
	uint64_t hash = seed + stream->family; /* FNV-1a */

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned j = 0; j < sizeof(stream->address[i]); j++)
			hash = (hash ^ stream->address[i].bytes[j]) *
			       0x100000001b3u;
		hash = (hash ^ stream->port[i]) * 0x100000001b3u;
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static bool is_same(
	const struct tcp_stream *one, const struct tcp_stream *other)
{
	return one->family == other->family && one->port[0] == other->port[0] &&
	       one->port[1] == other->port[1] &&
	       memcmp(one->address, other->address, sizeof(one->address)) == 0;
}

static bool has_buckets(struct tcp_streams *streams)
{
	uint32_t wanted =
		streams->bucket_count ? 4 * streams->bucket_count : 1 << 12;
	uint32_t *buckets;

	if (streams->count < streams->bucket_count)
		return true;
	buckets = calloc(wanted, sizeof(*buckets));
	if (!buckets)
		return streams->bucket_count != 0;
	free(streams->buckets);
	streams->buckets = buckets;
	streams->bucket_count = wanted;
	for (uint32_t i = 0; i < streams->count; i++) {
		struct tcp_stream *stream = &streams->streams[i];
		uint32_t *bucket = &buckets[hash_of(streams->seed, stream) &
					     (wanted - 1)];

		stream->next = *bucket;
		*bucket = i + 1;
	}
	return true;
}

static uint32_t begin(struct tcp_streams *streams,
	const struct tcp_stream *stream, uint32_t *bucket)
{
	struct tcp_stream *grown = array_grown(streams->streams, streams->count,
		&streams->room, sizeof(*grown));

	if (!grown) {
		streams->has_no_memory = true;
		return TCP_STREAM_NONE;
	}
	streams->streams = grown;
	grown[streams->count] = *stream;
	grown[streams->count].next = *bucket;
	*bucket = ++streams->count;
	return streams->count - 1;
}

uint32_t tcp_streams_take(
	struct tcp_streams *streams, const struct packet *packet)
{
	struct tcp_stream named = named_by(packet);
	unsigned side = side_of(packet);
	uint32_t *bucket, found;

	if (packet->kind != PACKET_TCP)
		return TCP_STREAM_NONE;
	if (streams->has_no_memory || !has_buckets(streams)) {
		streams->has_no_memory = true;
		return TCP_STREAM_NONE;
	}
	bucket = &streams->buckets[hash_of(streams->seed, &named) &
				   (streams->bucket_count - 1)];
	found = *bucket;
	while (found && !is_same(&streams->streams[found - 1], &named))
		found = streams->streams[found - 1].next;
	if (found) {
		struct tcp_stream *stream = &streams->streams[found - 1];

		if ((packet->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
			!stream->has_base[side] ||
			stream->base[side] == packet->sequence) {
			if (!stream->has_base[side])
				stream->base[side] = packet->sequence;
			stream->has_base[side] = true;
			return found - 1;
		}
	}
	named.has_base[side] = true;
	named.base[side] = packet->sequence;
	return begin(streams, &named, bucket);
}

uint32_t tcp_streams_find(const struct tcp_streams *streams,
	const struct flow_name *flow, uint64_t frame)
{
	const struct packet packet = {.family = flow->family,
		.source = flow->client.address,
		.target = flow->server.address,
		.source_port = flow->client.port,
		.target_port = flow->server.port};
	struct tcp_stream named = named_by(&packet);
	uint32_t found;

	if (streams->has_no_memory || streams->bucket_count == 0)
		return TCP_STREAM_NONE;
	found = streams->buckets[hash_of(streams->seed, &named) &
				 (streams->bucket_count - 1)];
	/* the newest stand first */
	while (found && (streams->streams[found - 1].start.frame > frame ||
				!is_same(&streams->streams[found - 1], &named)))
		found = streams->streams[found - 1].next;
	return found ? found - 1 : TCP_STREAM_NONE;
}

struct tcp_stream_start tcp_stream_start(
	const struct tcp_streams *streams, uint32_t stream)
{
	return streams->streams[stream].start;
}

void tcp_streams_release(struct tcp_streams *streams)
{
	free(streams->streams);
	free(streams->buckets);
	*streams = (struct tcp_streams){.streams = NULL};
}
