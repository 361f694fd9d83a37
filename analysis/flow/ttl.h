/* What a TTL, or a hop limit, tells by itself. */
#ifndef ANALYSIS_FLOW_TTL_H
#define ANALYSIS_FLOW_TTL_H

#include <stdbool.h>
#include <stdint.h>

/* The usual TTL that a packet began with, as far as can be told. */
static inline unsigned ttl_initial(uint8_t ttl)
{
	return ttl > 128 ? 255 : ttl > 64 ? 128 : ttl > 32 ? 64 : 32;
}

/* Has a packet passed no router? */
static inline bool ttl_is_initial(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

/* Routers passed, if the packet began with one of the usual TTLs. */
static inline unsigned ttl_hops(uint8_t ttl)
{
	return ttl_initial(ttl) - ttl;
}

#endif
