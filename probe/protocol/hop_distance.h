/* How many hops away the target is, by the hop limits at which probes arrived
 * and expired. The prober computes it while the route is found, the analysis
 * of its recording computes it again. */
#ifndef PROBE_PROTOCOL_HOP_DISTANCE_H
#define PROBE_PROTOCOL_HOP_DISTANCE_H

#include <assert.h>
#include <stdbool.h>

#include "probe/protocol/probe_method.h"

enum { HOP_LIMIT_WHOLE_WAY = 64 }; /* of what is sent to the target itself */
static_assert(HOP_LIMIT_WHOLE_WAY <= 64, "a bit of 64 for each hop limit");

struct hop_distance {
	/* bit `ttl - 1`: packets with this hop limit, by TCP, by echo, by any
	 * method */
	uint64_t tcp_arrived, echo_arrived, arrived;
	uint64_t tcp_expired, echo_expired;
};

void hop_distance_arrived(
	struct hop_distance *distance, enum probe_method method, unsigned ttl);
void hop_distance_expired(
	struct hop_distance *distance, enum probe_method method, unsigned ttl);

/* The least hop limit that arrived, by any method, since one may be lost. A
 * load balancer may answer echo itself and forward the connection, so the
 * distance is more than any at which the connection's packets expired; an
 * expiry at a hop limit at which others arrived is ignored. 0: not known. */
unsigned hop_distance_of(const struct hop_distance *distance);
/* Whether echo is answered at another distance than the connection: by another
 * host, or over another route. */
bool hop_distance_is_echo_elsewhere(const struct hop_distance *distance);

/* By one method: the least hop limit that arrived or, where none below the
 * whole way did, one more than the largest that expired. 0: not known. Of TCP
 * and echo only. */
unsigned hop_distance_by(
	const struct hop_distance *distance, enum probe_method method);

/* A guess, from the hop limit of a packet that came: systems start at 64, 128
 * or 255; the difference is the return path's length. */
unsigned hop_distance_guess(unsigned ttl);

#endif
