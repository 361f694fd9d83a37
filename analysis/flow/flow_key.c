#include "analysis/flow/flow_key.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* A pair of ports whose order follows that of the addresses. */
static bool is_second(const struct packet *packet)
{
	int order = memcmp(packet->source.bytes, packet->target.bytes, 16);

	if (order == 0)
		return packet->source_port > packet->target_port;
	return order > 0;
}

static inline uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)a * (b | 1);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_of_v4(const uint64_t identity[2], uint64_t seed)
{
	return mix(identity[0] ^ seed, mix(identity[1] ^ 0x9e3779b97f4a7c15u,
					       seed ^ 0xc2b2ae3d27d4eb4fu));
}

void flow_key_of(
	const struct packet *packet, uint64_t seed, struct flow_key *key)
{
	uint16_t low_port, high_port;
	const struct address *low, *high;

	if (packet->family == 4) {
		uint32_t source, target;
		bool second;

		memcpy(&source, packet->source.bytes, 4);
		memcpy(&target, packet->target.bytes, 4);
		source = __builtin_bswap32(source);
		target = __builtin_bswap32(target);
		second = source == target
				 ? packet->source_port > packet->target_port
				 : source > target;
		key->side = second;
		key->is_v6 = false;
		low_port = second ? packet->target_port : packet->source_port;
		high_port = second ? packet->source_port : packet->target_port;
		key->identity[0] = second ? (uint64_t)target << 32 | source
					  : (uint64_t)source << 32 | target;
		key->identity[1] = (uint64_t)low_port << 48 |
				   (uint64_t)high_port << 32 | packet->context;
		key->hash = hash_of_v4(key->identity, seed);
		return;
	}

	key->side = is_second(packet);
	key->is_v6 = true;
	low = key->side ? &packet->target : &packet->source;
	high = key->side ? &packet->source : &packet->target;
	low_port = key->side ? packet->target_port : packet->source_port;
	high_port = key->side ? packet->source_port : packet->target_port;
	struct { /* read as one row of bytes */
		struct address low, high;
		uint32_t context;
		uint16_t low_port, high_port;
	} name = {*low, *high, packet->context, low_port, high_port};
	XXH128_hash_t hash = XXH3_128bits_withSeed(&name, sizeof(name), seed);

	key->identity[0] = hash.low64;
	key->identity[1] = hash.high64;
	key->hash = hash.low64;
}

uint64_t flow_key_hash(const struct flow *flow, uint64_t seed)
{
	return flow->flags & FLOW_V6 ? flow->identity[0]
				     : hash_of_v4(flow->identity, seed);
}
