/* The key of a connection in the table of flows. */
#ifndef ANALYSIS_FLOW_FLOW_KEY_H
#define ANALYSIS_FLOW_FLOW_KEY_H

#include <string.h>

#include "analysis/flow/flow.h"
#include "capture/decode/plain_packet.h"
#include "capture/packet.h"

/* The key of a packet's flow in the table. IPv4: both addresses, both ports
 * and the context, exactly. IPv6: 128 bits of a seeded hash of the same; the
 * probability of a collision is negligible. */
struct flow_key {
	uint64_t identity[2];
	uint64_t hash;
	uint8_t side; /* which side sent the packet */
	bool is_v6;
};

void flow_key_of(
	const struct packet *packet, uint64_t seed, struct flow_key *key);
/* The hash of a flow's identity, the same as its key had. */
uint64_t flow_key_hash(const struct flow *flow, uint64_t seed);

/* Addresses as 16 bytes each, in network order; ports of source and target. */
void flow_key_of_v6(const uint8_t *source, const uint8_t *target,
	const uint16_t ports[2], uint32_t context, uint64_t seed,
	struct flow_key *key);

static inline uint64_t flow_key_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)a * (b | 1);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t flow_key_hash_v4(
	const uint64_t identity[2], uint64_t seed)
{
	return flow_key_mix(identity[0] ^ seed,
		flow_key_mix(identity[1] ^ 0x9e3779b97f4a7c15u,
			seed ^ 0xc2b2ae3d27d4eb4fu));
}

/* Addresses as four bytes each, in network order. Which side is the sender is
 * as good as random: no branch is taken by it. */
static inline void flow_key_of_v4(const uint8_t *source, const uint8_t *target,
	const uint16_t ports[2], uint32_t context, uint64_t seed,
	struct flow_key *key)
{
	uint32_t words[2];
	uint64_t there, back, there_ports, back_ports;
	bool second;

	memcpy(&words[0], source, sizeof(words[0]));
	memcpy(&words[1], target, sizeof(words[1]));
	there = (uint64_t)__builtin_bswap32(words[0]) << 32 |
		__builtin_bswap32(words[1]);
	back = there << 32 | there >> 32;
	there_ports = (uint64_t)ports[0] << 48 | (uint64_t)ports[1] << 32;
	back_ports = (uint64_t)ports[1] << 48 | (uint64_t)ports[0] << 32;
	second = there == back ? there_ports > back_ports : there > back;
	key->side = second;
	key->is_v6 = false;
	key->identity[0] = second ? back : there;
	key->identity[1] = (second ? back_ports : there_ports) | context;
	key->hash = flow_key_hash_v4(key->identity, seed);
}

/* The key of a plain packet. */
static inline void flow_key_of_plain(
	const struct plain_name *name, uint64_t seed, struct flow_key *key)
{
	const uint16_t ports[2] = {name->source_port, name->target_port};

	if (name->family == 4)
		flow_key_of_v4(name->addresses, name->addresses + 4, ports, 0,
			seed, key);
	else
		flow_key_of_v6(name->addresses, name->addresses + 16, ports, 0,
			seed, key);
}

#endif
