/* The TTLs at which a side's packets arrive: of this connection, and where it
 * tells none, of the host's other connections. Those that differ by what
 * routes of one place differ by are one place; there may be several. */
#ifndef ANALYSIS_VERDICT_TTL_SPREAD_H
#define ANALYSIS_VERDICT_TTL_SPREAD_H

#include "analysis/flow/ttl.h"
#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/verdict_context.h"

struct ttl_spread {
	uint8_t ttl[SIDE_TTLS + HOST_TTLS]; /* in ascending order */
	unsigned count;
	unsigned packets; /* 0: known from other connections only, or not */
	uint8_t first;	  /* of this connection: the handshake's */
	bool is_host;	  /* learned from other connections */
	bool is_cut;	  /* there were more than are known here */
};

/* What is known of the side that `note` names. */
struct ttl_spread ttl_spread_of(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note);

/* How far a TTL is from the nearest that is known. */
unsigned ttl_spread_off(const struct thresholds *limits,
	const struct ttl_spread *spread, uint8_t ttl);

/* Is a TTL known that began with another usual one and passed as many routers,
 * give or take `slack`? `known` is that. */
bool ttl_spread_has_other_initial(const struct ttl_spread *spread, uint8_t ttl,
	unsigned slack, uint8_t *known);

/* Does this side speak from another place than the handshake's, too? */
bool ttl_spread_is_split(
	const struct thresholds *limits, const struct ttl_spread *spread);

static inline uint8_t ttl_spread_low(const struct ttl_spread *spread)
{
	return spread->ttl[0];
}

static inline uint8_t ttl_spread_high(const struct ttl_spread *spread)
{
	return spread->ttl[spread->count - 1];
}

#endif
