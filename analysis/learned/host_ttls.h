/* The usual TTLs of a host's packets over the whole capture, in whatever order
 * its connections ended. Bounded: of too many hosts some are not known
 * (learned_table.h). */
#ifndef ANALYSIS_LEARNED_HOST_TTLS_H
#define ANALYSIS_LEARNED_HOST_TTLS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

enum { HOST_TTLS = 4 };

struct host_ttl {
	struct {
		uint8_t family;
		uint8_t address[16];
	} key;
	uint8_t capture_point;	/* the lowest at which its packets came in, see
				   capture_points.h; of others nothing is
				   counted */
	uint8_t ttl[HOST_TTLS]; /* ascending; of more, the last is the highest
				   and stands for the others as well */
	uint32_t connections[HOST_TTLS]; /* in which that TTL was the usual; 0:
					    unused, and so are the next */
	int64_t first_ns, last_ns; /* between which its connections ended */
};

struct host_ttls {
	struct learned_table table; /* of struct host_ttl */
};

bool host_ttls_init(
	struct host_ttls *host_ttls, uint32_t capacity, uint64_t seed);
void host_ttls_release(struct host_ttls *host_ttls);

/* One connection's usual TTL for this host. */
void host_ttls_learn(struct host_ttls *host_ttls, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t capture_point, int64_t last_ns);
/* Starts the cache on its way to what is known of the host. */
void host_ttls_prefetch(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family);
void host_ttls_merge(struct host_ttls *host_ttls, const struct host_ttls *from);
/* NULL when nothing is known. */
const struct host_ttl *host_ttls_find(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family);

#endif
