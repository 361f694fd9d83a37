#include "analysis/sight.h"

#include <assert.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/decode/plain_packet.h"

void sighter_init(struct sighter *sighter, const struct thresholds *thresholds,
	unsigned part_count, uint64_t seed)
{
	*sighter = (struct sighter){
		.thresholds = thresholds,
		.part_count = part_count,
		.seed = seed,
		.now_ns = INT64_MIN,
		.first_ns = INT64_MIN,
		.last_ns = INT64_MIN,
	};
}

/* Both directions of a connection, through whatever tunnels, have the same
 * sums. No seed: which part has a connection does not change what is found. */
static inline uint64_t hash_of(
	const uint8_t *source, const uint8_t *target, unsigned bytes)
{
	uint64_t sum = 0, both = 0;

	for (unsigned i = 0; i < bytes; i += 4) {
		uint32_t a, b;

		memcpy(&a, source + i, sizeof(a));
		memcpy(&b, target + i, sizeof(b));
		sum += (uint64_t)a + b;
		both = both * 31 + (a ^ b);
	}
	return sum ^ both << 32;
}

static inline uint8_t part_of(const struct sighter *sighter,
	const uint8_t *source, const uint8_t *target, uint16_t source_port,
	uint16_t target_port, uint8_t family)
{
	uint64_t hash = hash_of(source, target, family == 4 ? 4 : 16);

	hash += (uint64_t)(source_port ^ target_port) << 16 |
		(uint16_t)(source_port + target_port);
	hash *= 0x9e3779b97f4a7c15u;
	hash ^= hash >> 32;
	hash *= 0xc2b2ae3d27d4eb4fu;
	return (uint8_t)((hash >> 32) * sighter->part_count >> 32);
}

/* An ICMP error is joined to the connection that it quotes; what teaches
 * distances only is counted in one place. */
static uint8_t part_of_packet(
	const struct sighter *sighter, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;

	if (sighter->part_count == 1)
		return 0;
	if (packet->kind == PACKET_TCP)
		return part_of(sighter, packet->source.bytes,
			packet->target.bytes, packet->source_port,
			packet->target_port, packet->family);
	if (packet->kind == PACKET_ICMP && quoted->family &&
		quoted->protocol == PROTOCOL_TCP && quoted->has_ports)
		return part_of(sighter, quoted->source.bytes,
			quoted->target.bytes, quoted->source_port,
			quoted->target_port, quoted->family);
	return 0;
}

static inline void pass_time(
	struct sighter *sighter, struct sighting *sighting, int64_t time_ns)
{
	int64_t step_ns = sighter->thresholds->clock_step_ms * MILLISECOND_NS;

	if (!sight_is_timed(time_ns))
		return;
	if (sighter->last_ns != INT64_MIN &&
		time_ns < sighter->last_ns - step_ns)
		sighter->steps++;
	if (sighter->now_ns == INT64_MIN) {
		sighter->first_ns = sighter->now_ns = time_ns;
	} else if (time_ns > sighter->now_ns) {
		sighter->now_ns = time_ns;
	} else if (time_ns < sighter->now_ns - step_ns) {
		sighting->has_steps |= sighter->turns++ < STEPS_MOST;
		sighter->now_ns = time_ns;
	}
	sighter->last_ns = time_ns;
}

static void begin(struct sighter *sighter, unsigned count,
	struct sighting *sighting)
{
	assert(count <= BATCH_FRAMES);
	sighting->count = count;
	sighting->before_ns = sighter->now_ns;
	sighting->has_steps = false;
}

static inline void sight_packet(struct sighter *sighter,
	struct sighting *sighting, unsigned at, const struct packet *packet)
{
	struct sighted *sighted = &sighting->sighted[at];

	pass_time(sighter, sighting, packet->time_ns);
	if (packet->kind == PACKET_TCP)
		flow_key_of(packet, sighter->seed, &sighted->key);
	sighted->now_ns = sighter->now_ns;
	sighted->part = part_of_packet(sighter, packet);
	sighted->capture_point =
		capture_points_of_packet(&sighter->capture_points, packet);
	sighted->network_offset = 0;
	sighted->family = 0;
}

static inline void sight_plain(struct sighter *sighter,
	struct sighting *sighting, unsigned at, const struct frame *frame,
	const struct plain_name *name)
{
	unsigned bytes = name->family == 4 ? 4 : 16;
	struct sighted *sighted = &sighting->sighted[at];

	pass_time(sighter, sighting, frame->time_ns);
	flow_key_of_plain(name, sighter->seed, &sighted->key);
	sighted->now_ns = sighter->now_ns;
	sighted->part = sighter->part_count == 1
				? 0
				: part_of(sighter, name->addresses,
					  name->addresses + bytes,
					  name->source_port, name->target_port,
					  name->family);
	sighted->capture_point = capture_points_of(&sighter->capture_points,
		capture_points_place(frame->interface, 0), frame->direction);
	sighted->network_offset = (uint8_t)(name->network.at - frame->bytes);
	sighted->family = name->family;
}

void sight_frames(struct sighter *sighter, const struct frame *frames,
	struct packet *packets, unsigned count, struct sighting *sighting)
{
	struct plain_name name;

	begin(sighter, count, sighting);
	sighting->frames = frames;
	sighting->packets = packets;
	for (unsigned i = 0; i < count; i++) {
		if (plain_name_of(&frames[i], &name)) {
			sight_plain(sighter, sighting, i, &frames[i], &name);
			continue;
		}
		packet_decode(&frames[i], &packets[i]);
		sight_packet(sighter, sighting, i, &packets[i]);
	}
	sighting->first_ns = sighter->first_ns;
}

void sight_packets(struct sighter *sighter, const struct packet *packets,
	unsigned count, struct sighting *sighting)
{
	begin(sighter, count, sighting);
	sighting->frames = NULL;
	sighting->packets = packets;
	for (unsigned i = 0; i < count; i++)
		sight_packet(sighter, sighting, i, &packets[i]);
	sighting->first_ns = sighter->first_ns;
}
