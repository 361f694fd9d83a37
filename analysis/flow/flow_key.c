#include "analysis/flow/flow_key.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void flow_key_of_v6(const uint8_t *source, const uint8_t *target,
	const uint16_t ports[2], uint32_t context, uint64_t seed,
	struct flow_key *key)
{
	struct { /* read as one row of bytes */
		struct address low, high;
		uint32_t context;
		uint16_t low_port, high_port;
	} name;
	int order = memcmp(source, target, sizeof(name.low));
	bool second = order == 0 ? ports[0] > ports[1] : order > 0;
	XXH128_hash_t hash;

	memcpy(&name.low, second ? target : source, sizeof(name.low));
	memcpy(&name.high, second ? source : target, sizeof(name.high));
	name.context = context;
	name.low_port = ports[second];
	name.high_port = ports[!second];
	hash = XXH3_128bits_withSeed(&name, sizeof(name), seed);
	key->side = second;
	key->is_v6 = true;
	key->identity[0] = hash.low64;
	key->identity[1] = hash.high64;
	key->hash = hash.low64;
}

void flow_key_of(
	const struct packet *packet, uint64_t seed, struct flow_key *key)
{
	const uint16_t ports[2] = {packet->source_port, packet->target_port};

	if (packet->family == 4)
		flow_key_of_v4(packet->source.bytes, packet->target.bytes,
			ports, packet->context, seed, key);
	else
		flow_key_of_v6(packet->source.bytes, packet->target.bytes,
			ports, packet->context, seed, key);
}

uint64_t flow_key_hash(const struct flow *flow, uint64_t seed)
{
	return flow->flags & FLOW_V6 ? flow->identity[0]
				     : flow_key_hash_v4(flow->identity, seed);
}
