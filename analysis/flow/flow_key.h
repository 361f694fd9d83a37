/* The key of a connection in the table of flows. */
#ifndef ANALYSIS_FLOW_FLOW_KEY_H
#define ANALYSIS_FLOW_FLOW_KEY_H

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
/* The same of a plain packet. */
void flow_key_of_plain(
	const struct plain_name *name, uint64_t seed, struct flow_key *key);
/* The hash of a flow's identity, the same as its key had. */
uint64_t flow_key_hash(const struct flow *flow, uint64_t seed);

#endif
