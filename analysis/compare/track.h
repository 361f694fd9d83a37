/* The connections of every lane, with all that was recorded of them.
 *
 * A lane is where packets are recorded: an interface of a capture point. A file
 * of one interface is one lane; a router's `any` is one for each of its
 * interfaces, so that a packet which comes in and does not go out is seen to.
 * A connection has a track in each lane that recorded it. */
#ifndef ANALYSIS_COMPARE_TRACK_H
#define ANALYSIS_COMPARE_TRACK_H

#include "analysis/compare/seen_packet.h"
#include "analysis/compare/silence.h"

enum { LANES_MOST = 16, NO_LANE = LANES_MOST, FILES_MOST = 64, TRACK_TTLS = 3 };

struct track_side {
	struct address address;
	uint16_t port;
	bool has_isn;
	bool has_sent;
	uint32_t isn;	/* of its SYN; else its first sequence number */
	uint32_t next;	/* behind the highest number that it sent */
	uint32_t acked; /* the highest number that it acknowledged */
	/* of packets without RST, the first that are distinct */
	uint8_t ttl[TRACK_TTLS];
	uint32_t ttl_count[TRACK_TTLS];
	uint32_t packets;
};

struct track {
	uint64_t identity[2]; /* as flow_key */
	struct track_side side[2];
	uint32_t first, last; /* packets, index + 1; 0: none */
	uint32_t chain;	      /* index + 1 of the next in its bucket */
	uint32_t group;	      /* once it is known; UINT32_MAX: none */
	uint32_t group_next;  /* index + 1 of another of its group */
	uint32_t dropped;     /* packets for which there was no memory */
	int64_t first_ns, last_ns;
	uint8_t lane, family;
	uint8_t client; /* side */
	bool has_syn;	/* the client is known by it */
	bool is_paired; /* in another lane too */
};

/* Where packets were recorded. */
struct lane {
	uint64_t place; /* interface and device, as capture_points_place */
	unsigned file;	/* place of analysis/places.h */
	uint64_t packets;
	uint64_t missed; /* packets that it is known not to have recorded */
};

/* What time a file covers, by all of its frames. */
struct covered {
	int64_t first_ns, last_ns; /* by its own clock; INT64_MIN: none */
	uint64_t frames;
	struct silences silences;
};

struct track_table {
	struct seen_packet *packets;
	uint32_t packet_count, packet_room;
	struct track *tracks;
	uint32_t track_count, track_room;
	uint32_t *buckets;
	uint32_t bucket_count;
	uint64_t looked; /* at tracks in buckets: work that was done */
	uint32_t packets_most, tracks_most;
	uint64_t seed;
	struct lane lanes[LANES_MOST];
	unsigned lane_count;
	struct covered files[FILES_MOST];
	uint64_t not_kept; /* packets, for want of memory or lanes */
};

/* False without memory. `memory_bytes`: of packets and tracks together. */
bool track_table_init(
	struct track_table *table, uint64_t memory_bytes, uint64_t seed);
void track_table_release(struct track_table *table);

/* A packet of file `file`, of any kind: only TCP is kept, others tell what time
 * a lane covers. */
void track_table_add(
	struct track_table *table, unsigned file, const struct packet *packet);

/* The TTL that most of a side's packets have; 0: not known. */
static inline uint8_t track_usual_ttl(const struct track_side *side)
{
	unsigned most = 0;

	for (unsigned i = 1; i < TRACK_TTLS; i++)
		if (side->ttl_count[i] > side->ttl_count[most])
			most = i;
	return side->ttl[most];
}

static inline struct seen_packet *track_packet(
	const struct track_table *table, uint32_t index_1)
{
	return &table->packets[index_1 - 1];
}

#endif
