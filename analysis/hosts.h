/* What is usual for a host over the whole recording: at which TTLs its packets
 * arrive. Bounded; hosts that come when it is full are not learned. */
#ifndef ANALYSIS_HOSTS_H
#define ANALYSIS_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum { HOST_TTLS = 4 };

struct host {
	struct address address;
	uint8_t family;
	uint8_t home; /* where its packets first came in, see homes.h */
	uint8_t ttl[HOST_TTLS];
	uint32_t connections[HOST_TTLS]; /* in which that TTL was the usual */
	uint32_t established; /* connections in which it answered */
	int64_t last_ns; /* it was last heard in an established connection */
};

struct hosts {
	struct host *slots;
	uint32_t capacity, count;
	uint64_t seed, not_learned;
};

bool hosts_init(struct hosts *hosts, uint32_t capacity, uint64_t seed);
void hosts_release(struct hosts *hosts);

/* One connection's usual TTL for this host. */
void hosts_learn(struct hosts *hosts, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t home, int64_t last_ns);
/* NULL when nothing is known. */
const struct host *hosts_find(const struct hosts *hosts,
	const struct address *address, uint8_t family);

#endif
