#include "cli/shared_handshakes.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cli/notice.h"

struct shared_handshakes *shared_handshakes_new(void)
{
	return calloc(1, sizeof(struct shared_handshakes));
}

/* All that two copies of one SYN-ACK have in common; one that is sent again has
 * a later timestamp. Never 0, which marks an empty slot. */
static uint64_t hash_of(const struct packet *packet)
{
	uint64_t hash = packet->options & OPTION_TIMESTAMP
				? packet->timestamp_value
				: 0;
	const uint32_t numbers[] = {packet->sequence, packet->acknowledged,
		packet->source_port, packet->target_port};

	hash = XXH3_64bits_withSeed(numbers, sizeof(numbers), hash);
	hash = XXH3_64bits_withSeed(
		&packet->source, sizeof(packet->source), hash);
	return XXH3_64bits_withSeed(
		       &packet->target, sizeof(packet->target), hash) |
	       1;
}

void shared_handshakes_look(
	struct shared_handshakes *shared, const struct packet *packet)
{
	uint64_t hash;
	unsigned slot;

	if (packet->kind != PACKET_TCP ||
		(packet->tcp_flags & (TCP_SYN | TCP_ACK)) !=
			(TCP_SYN | TCP_ACK))
		return;
	hash = hash_of(packet);
	slot = (unsigned)(hash >> 1) % SHARED_HANDSHAKES;
	if (shared->slots[slot].hash == hash) {
		if (shared->pair_count == SHARED_PAIRS)
			return;
		shared->pairs[shared->pair_count][0] =
			shared->slots[slot].frame;
		shared->pairs[shared->pair_count++][1] = packet->frame;
		return;
	}
	shared->slots[slot].hash = hash;
	shared->slots[slot].frame = packet->frame;
}

void shared_handshakes_tell(const struct shared_handshakes *shared,
	const struct inputs *inputs)
{
	for (unsigned i = 0; i < shared->pair_count; i++) {
		const uint64_t *pair = shared->pairs[i];
		uint64_t number;
		const char *one = inputs_locate(inputs, pair[0], &number);
		const char *other = inputs_locate(inputs, pair[1], &number);

		if (pair[0] >> INPUT_PLACE_SHIFT !=
				pair[1] >> INPUT_PLACE_SHIFT ||
			!one || !other || strcmp(one, other) == 0)
			continue;
		/* A name in words of a command would have to be quoted. */
		notice_print("%.200s and %.200s have the same connections, at "
			     "different times: two captures of the same "
			     "traffic whose clocks are apart. They were read "
			     "one after the other, as one capture. Name the "
			     "places: --at A=FILE --at B=FILE",
			one, other);
		return;
	}
}
