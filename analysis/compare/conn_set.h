/* Which tracks are the same connection, and in which order its packets pass the
 * lanes.
 *
 * Initial sequence numbers and names tell, as analysis/pairing.h says, NATs or
 * not. What that leaves alone is known by a packet of its own: sequence and
 * acknowledgment number, IP ID and timestamp that agree are proof, so a NAT in
 * a connection that began before the recordings, or that changes the mapping
 * in the middle, is seen through. A device that gives one end other numbers (a
 * SYN proxy the server, a firewall that randomises initial numbers the end that
 * it protects) leaves the name and the other end's number. */
#ifndef ANALYSIS_COMPARE_CONN_SET_H
#define ANALYSIS_COMPARE_CONN_SET_H

#include "analysis/compare/track.h"
#include "analysis/learned/shared_packets.h"

/* Its last lane has nothing of it, and should: SYNs nobody answered
 * (unanswered.h). */
enum expected {
	EXPECTED_NOT,
	EXPECTED_BY_SERVER, /* packets of the same server pass there */
	EXPECTED_BY_TIME, /* it recorded at that time, and nothing in common */
};

struct path_conn {
	uint32_t track;		   /* one of its tracks; others by group_next */
	uint32_t named;		   /* that of the lane nearest to the client */
	uint8_t lanes[LANES_MOST]; /* from the client to the server */
	uint8_t lane_count;
	bool is_renumbered; /* an end's numbers differ between lanes */
	bool is_proxied;    /* something between ends it and begins another */
	bool is_turned;	    /* its client is at the far end of the path given */
	bool is_mixed;	    /* its lanes are in neither order of the files */
	bool is_lent;	    /* some lanes had only its hosts' other ports */
	bool is_order_told; /* by the arguments alone: no TTL and no time tells
			       which of two files is nearer to the client */
	enum expected expected;
};

struct usual_ttl;

struct conn_set {
	struct path_conn *groups;
	uint32_t count, room;
	const struct track_table *table;
	struct clock_offset clocks[FILES_MOST];
	struct usual_ttl *ttls; /* usual_ttl.h; owned */
	uint64_t not_paired;	/* tracks beyond what pairing holds */
	uint64_t looked; /* at tracks, for those of one connection: work done */
};

/* False without memory. */
bool conn_set_make(struct conn_set *set, struct track_table *table);
void conn_set_release(struct conn_set *set);

/* A time at one lane by the clock of another; false: it is not known how far
 * both are apart. */
bool conn_set_time_at(const struct conn_set *set, unsigned lane, unsigned there,
	int64_t time_ns, int64_t *there_ns);

/* By how much such a time may be wrong at most. */
int64_t conn_set_error_ns(
	const struct conn_set *set, unsigned lane, unsigned there);

static inline const struct track *conn_set_track(
	const struct conn_set *set, uint32_t index)
{
	return &set->table->tracks[index];
}

#endif
