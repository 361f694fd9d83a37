/* Which connections of several capture points are the same one.
 *
 * Every connection that closes leaves a view of itself here. Views with the
 * same endpoints are of one connection if their initial sequence numbers agree,
 * or, without a SYN, the numbers reached. Across a NAT, both initial numbers
 * agreeing are proof whatever the addresses; the client's alone is, if it went
 * to the same server at the same time (scanners use one number for many
 * targets). What went well everywhere is forgotten at once; of the rest the
 * oldest make room. */
#ifndef ANALYSIS_PAIRING_H
#define ANALYSIS_PAIRING_H

#include "analysis/observe/conn_view.h"

enum {
	PAIRING_VIEWS = 1 << 16,
	PAIRING_BUCKETS = 1 << 14,
	PAIRING_PLACES = 64,
	PAIRING_CHAINS = 3, /* by endpoints, by ISN, by first packet */
};

struct pairing_entry {
	struct conn_view view;
	uint32_t next[PAIRING_CHAINS], before[PAIRING_CHAINS]; /* index + 1 */
	bool is_eventful;
};

struct pairing {
	struct pairing_entry *entries;
	uint32_t count, capacity, free; /* free: index + 1 of one, by next[0] */
	uint32_t hand;
	uint32_t *heads[PAIRING_CHAINS];
	unsigned place_count;		   /* that there are so far */
	int64_t offset_ns[PAIRING_PLACES]; /* of the clocks, once it is known */
	uint64_t evicted;
	uint64_t pairs, orderly_pairs; /* connections that came twice */
};

bool pairing_init(struct pairing *pairing);
void pairing_release(struct pairing *pairing);

/* `is_eventful`: something may have to be told of it. */
void pairing_add(struct pairing *pairing, const struct conn_view *view,
	bool is_eventful);

/* The rest of a connection that a NAT gave another client's address or port in
 * the middle: where `there` was recorded, what began with a packet of this
 * sequence and acknowledgment number, to the same server. 64 bits that agree
 * are proof. NULL: there is no such. */
const struct conn_view *pairing_find_moved(const struct pairing *pairing,
	const struct conn_view *there, uint32_t sequence,
	uint32_t acknowledged);

/* How others saw the connection of this view. False: none did. */
bool pairing_find(const struct pairing *pairing, const struct conn_view *view,
	struct conn_link *link);

#endif
