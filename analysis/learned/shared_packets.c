#include "analysis/learned/shared_packets.h"

#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "capture/hash.h"
#include "capture/numbers.h"

enum {
	SLOTS = 1 << 16,
	WAYS = 4,
	LEAST_SKEW_S = 10,	 /* shorter recordings tell jitter, not skew */
	LEAST_SKEW_SAMPLES = 16, /* in each half of them */
	MOST_SKEW_PPM = 1000,	 /* no clock is that bad: it was set */
};

bool shared_packets_init(struct shared_packets *shared)
{
	*shared = (struct shared_packets){
		.slots = calloc(SLOTS, sizeof(*shared->slots)),
		.samples = calloc(SHARED_PLACES, sizeof(*shared->samples)),
	};
	if (shared->slots && shared->samples)
		return true;
	shared_packets_release(shared);
	return false;
}

void shared_packets_release(struct shared_packets *shared)
{
	free(shared->slots);
	free(shared->samples);
	*shared = (struct shared_packets){.slots = NULL};
}

uint64_t shared_packet_identity(const struct packet *packet)
{
	uint64_t hash = hash_mixed(packet->tcp_flags,
		(uint64_t)packet->sequence << 32 | packet->acknowledged);
	uint32_t bytes = packet->payload_captured;

	hash = hash_mixed(hash, (uint64_t)packet->timestamp_value << 32 |
					packet->timestamp_echo);
	hash = hash_mixed(
		hash, (uint64_t)packet->payload_bytes << 16 | packet->ip_id);
	if (bytes > SHARED_PACKET_BYTES)
		bytes = SHARED_PACKET_BYTES;
	for (uint32_t i = 0; i < bytes; i++)
		hash = (hash ^ packet->payload[i]) * 0x100000001b3u; /* FNV */
	hash = hash_mixed(hash, bytes);
	return hash ? hash : 1;
}

unsigned shared_packet_direction(const struct packet *packet)
{
	return packet->source_port < packet->target_port;
}

static void keep(
	struct clock_samples *samples, int64_t time_ns, int64_t later_ns)
{
	if (samples->stride == 0)
		samples->stride = 1;
	if (++samples->skipped < samples->stride)
		return;
	samples->skipped = 0;
	if (samples->count == SHARED_SAMPLES) {
		for (unsigned i = 0; i < SHARED_SAMPLES / 2; i++)
			samples->row[i] = samples->row[2 * i];
		samples->count = SHARED_SAMPLES / 2;
		samples->stride *= 2;
	}
	samples->row[samples->count].time_ns = time_ns;
	samples->row[samples->count++].later_ns = later_ns;
}

static void compare(struct shared_packets *shared, struct shared_slot *slot,
	unsigned place, const struct packet *packet)
{
	unsigned direction = shared_packet_direction(packet);
	int64_t later_ns = packet->time_ns - slot->time_ns;

	if (slot->met >> place & 1)
		return; /* recorded twice there, by `any` or a mirror */
	slot->met |= (uint64_t)1 << place;
	shared->shared++;
	if (slot->place == 0) {
		shared->packets[place]++;
		keep(&shared->samples[place][direction], slot->time_ns,
			later_ns);
	} else if (place == 0) {
		shared->packets[slot->place]++;
		keep(&shared->samples[slot->place][direction], packet->time_ns,
			-later_ns);
	}
}

void shared_packets_add(struct shared_packets *shared, unsigned place,
	const struct packet *packet)
{
	uint64_t identity;
	struct shared_slot *bucket, *oldest;

	/* without a time, or with one that no difference can be made of */
	if (packet->time_ns < 0 || packet->time_ns > INT64_MAX / 2)
		return;
	identity = shared_packet_identity(packet);
	bucket = &shared->slots[identity % (SLOTS / WAYS) * WAYS];
	oldest = bucket;

	for (unsigned i = 0; i < WAYS; i++) {
		if (bucket[i].identity == identity) {
			compare(shared, &bucket[i], place, packet);
			return;
		}
		if (bucket[i].time_ns < oldest->time_ns || !bucket[i].identity)
			oldest = &bucket[i];
		if (!oldest->identity)
			break;
	}
	*oldest = (struct shared_slot){
		.identity = identity,
		.time_ns = packet->time_ns,
		.place = (uint8_t)place,
		.met = (uint64_t)1 << place,
	};
}

/* Of those between two times; false: there are too few. */
static bool median(const struct clock_samples *samples, int64_t from_ns,
	int64_t to_ns, unsigned least, int64_t *later_ns)
{
	int64_t sorted[SHARED_SAMPLES];
	unsigned count = 0;

	for (uint32_t i = 0; i < samples->count; i++)
		if (samples->row[i].time_ns >= from_ns &&
			samples->row[i].time_ns <= to_ns)
			sorted[count++] = samples->row[i].later_ns;
	if (count < least)
		return false;
	array_sort(sorted, count);
	*later_ns = sorted[count / 2];
	return true;
}

static int64_t middle(int64_t a, int64_t b)
{
	return a / 2 + b / 2;
}

/* When the first and the last of all were taken. False: there are none. */
static bool span_of(
	const struct clock_samples samples[2], int64_t *first, int64_t *last)
{
	*first = INT64_MAX;
	*last = INT64_MIN;
	for (unsigned i = 0; i < 2; i++) {
		if (samples[i].count == 0)
			return false;
		if (samples[i].row[0].time_ns < *first)
			*first = samples[i].row[0].time_ns;
		if (samples[i].row[samples[i].count - 1].time_ns > *last)
			*last = samples[i].row[samples[i].count - 1].time_ns;
	}
	return true;
}

/* How much the difference grows from the first half of the time to the second,
 * half the time apart. */
static double skew_of(const struct clock_samples samples[2])
{
	int64_t first, last, half, early[2], late[2], grown_ns;
	double ppm;

	if (!span_of(samples, &first, &last) || first < 0 ||
		last - first < LEAST_SKEW_S * SECOND_NS)
		return 0;
	half = middle(first, last);
	for (unsigned i = 0; i < 2; i++)
		if (!median(&samples[i], first, half, LEAST_SKEW_SAMPLES,
			    &early[i]) ||
			!median(&samples[i], half, last, LEAST_SKEW_SAMPLES,
				&late[i]))
			return 0;
	grown_ns = middle(late[0], late[1]) - middle(early[0], early[1]);
	ppm = (double)grown_ns * 2e6 / (double)(last - first);
	return ppm > MOST_SKEW_PPM || ppm < -MOST_SKEW_PPM ? 0 : ppm;
}

/* Packets of one direction come later by offset and delay, those of the other
 * by offset less delay: the offset is between the least of the one and the most
 * of the other. */
static int64_t error_of(const struct clock_samples samples[2],
	int64_t offset_ns, bool is_first_forward)
{
	const struct clock_samples *forward = &samples[!is_first_forward];
	const struct clock_samples *back = &samples[is_first_forward];
	int64_t least = INT64_MAX, most = INT64_MIN, above, below;

	for (uint32_t i = 0; i < forward->count; i++)
		if (forward->row[i].later_ns < least)
			least = forward->row[i].later_ns;
	for (uint32_t i = 0; i < back->count; i++)
		if (back->row[i].later_ns > most)
			most = back->row[i].later_ns;
	if (__builtin_sub_overflow(least, offset_ns, &above) ||
		__builtin_sub_overflow(offset_ns, most, &below))
		return INT64_MAX / 4;
	above = above < 0 ? -above : above; /* a clock that drifts */
	below = below < 0 ? -below : below;
	above = above > below ? above : below;
	return above < INT64_MAX / 4 ? above : INT64_MAX / 4;
}

struct clock_offset shared_packets_offset(
	const struct shared_packets *shared, unsigned place)
{
	const struct clock_samples *samples = shared->samples[place];
	struct clock_offset offset = {.packets = shared->packets[place]};
	int64_t there, back, first, last;

	if (place == 0) {
		offset.is_known = true;
		return offset;
	}
	if (!median(&samples[0], INT64_MIN, INT64_MAX, 1, &there) ||
		!median(&samples[1], INT64_MIN, INT64_MAX, 1, &back))
		return offset;
	offset.is_known = true;
	offset.offset_ns = middle(there, back);
	offset.error_ns = error_of(samples, offset.offset_ns, there >= back);
	offset.skew_ppm = skew_of(samples);
	if (span_of(samples, &first, &last))
		offset.middle_ns = middle(first, last);
	return offset;
}
