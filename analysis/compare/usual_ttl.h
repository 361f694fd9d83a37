/* At which TTLs a host's packets arrive in a lane. */
#ifndef ANALYSIS_COMPARE_USUAL_TTL_H
#define ANALYSIS_COMPARE_USUAL_TTL_H

#include "analysis/compare/conn_set.h"

struct ttl_range {
	uint8_t least, most;
	uint32_t packets; /* 0: nothing is known */
};

void ttl_range_add(struct ttl_range *range, uint8_t ttl, uint32_t packets);

/* Does a packet of this TTL come from another distance than those? A host's
 * kernel may begin at another TTL (64, 128, 255) than its sockets, so that the
 * distance counts; and one hop is what a change of the route may do. */
bool ttl_range_is_foreign(const struct ttl_range *range, uint8_t ttl);

/* Of all tracks; later hosts than there is room for are not known. False
 * without memory. */
bool usual_ttl_make(struct conn_set *set);

/* Of the other connections of the host whose address the packet bears; none
 * of fewer than two packets. */
struct ttl_range usual_ttl_of(const struct conn_set *set,
	const struct seen_packet *packet, unsigned lane);

#endif
