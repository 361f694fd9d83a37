/* Which packets on the wire are the probe's: those that it sent, and their
 * responses. Other packets of this host, also to the same target, are ignored
 * and not recorded. */
#ifndef PROBE_ENGINE_OWN_TRAFFIC_H
#define PROBE_ENGINE_OWN_TRAFFIC_H

#include "probe/protocol/response_match.h"
#include "probe/engine/probe_packet.h"

struct own_traffic {
	const struct probe_table *table; /* of what was sent */
	const uint16_t *ports; /* guarded source ports, echo identifiers */
	unsigned port_count;
	uint16_t target_port;
};

/* What a probe will look like on the wire; no time, no frame. */
struct sent_probe own_traffic_sent_probe(
	uint8_t family, const struct probe_packet *probe);

bool own_traffic_is_probe(
	const struct own_traffic *own_traffic, const struct packet *packet);
bool own_traffic_is_response(
	const struct own_traffic *own_traffic, const struct packet *packet);

/* The row of an own outbound packet, captured for the first time; -1 when it
 * is not in the table. */
int own_traffic_find(
	const struct own_traffic *own_traffic, const struct packet *packet);

#endif
