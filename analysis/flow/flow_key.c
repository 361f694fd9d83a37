#include "analysis/flow/flow_key.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

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

/* Addresses in host byte order. */
static inline void key_of_v4(uint32_t source, uint32_t target,
	const uint16_t ports[2], uint32_t context, uint64_t seed,
	struct flow_key *key)
{
	bool second = source == target ? ports[0] > ports[1] : source > target;

	key->side = second;
	key->is_v6 = false;
	key->identity[0] = second ? (uint64_t)target << 32 | source
				  : (uint64_t)source << 32 | target;
	key->identity[1] = (uint64_t)ports[second] << 48 |
			   (uint64_t)ports[!second] << 32 | context;
	key->hash = hash_of_v4(key->identity, seed);
}

static inline void key_of_v6(const uint8_t *source, const uint8_t *target,
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

static inline uint32_t host_order(const uint8_t bytes[4])
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return __builtin_bswap32(value);
}

void flow_key_of(
	const struct packet *packet, uint64_t seed, struct flow_key *key)
{
	const uint16_t ports[2] = {packet->source_port, packet->target_port};

	if (packet->family == 4)
		key_of_v4(host_order(packet->source.bytes),
			host_order(packet->target.bytes), ports,
			packet->context, seed, key);
	else
		key_of_v6(packet->source.bytes, packet->target.bytes, ports,
			packet->context, seed, key);
}

void flow_key_of_plain(
	const struct plain_name *name, uint64_t seed, struct flow_key *key)
{
	const uint16_t ports[2] = {name->source_port, name->target_port};

	if (name->family == 4)
		key_of_v4(host_order(name->addresses),
			host_order(name->addresses + 4), ports, 0, seed, key);
	else
		key_of_v6(name->addresses, name->addresses + 16, ports, 0, seed,
			key);
}

uint64_t flow_key_hash(const struct flow *flow, uint64_t seed)
{
	return flow->flags & FLOW_V6 ? flow->identity[0]
				     : hash_of_v4(flow->identity, seed);
}
