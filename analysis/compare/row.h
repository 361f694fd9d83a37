/* The packets of one direction of a connection, each with the lanes that
 * recorded it: what one lane has and the next has not becomes visible.
 *
 * A packet is known again by numbers, length and flags, and of several copies
 * by IP ID, timestamp and payload. Segments that one lane has as one and
 * another as several (segmentation offload) are known by the bytes they
 * cover. */
#ifndef ANALYSIS_COMPARE_ROW_H
#define ANALYSIS_COMPARE_ROW_H

#include <stddef.h>

#include "analysis/compare/conn_set.h"

struct packet_row {
	uint32_t at[LANES_MOST]; /* packet, index + 1, by place on the way;
				    0: not recorded there */
	uint32_t next;		 /* index + 1 in its bucket */
	uint32_t key;
	bool has_twin; /* nothing tells it from another row: which packet of
			  one lane is which of another's is a guess */
};

/* Bytes of a lane, in order, that overlap with nothing. */
struct stretch {
	int32_t start, end; /* from the row set's base */
};

struct row_set {
	const struct conn_set *set;
	const struct path_conn *group;
	bool is_to_server;
	unsigned lane_count;
	uint8_t lanes[LANES_MOST];     /* in the order of the way */
	uint32_t shift[LANES_MOST][2]; /* to the first lane's numbers: own,
					  the peer's */
	struct packet_row *rows;
	uint32_t count, room;
	uint32_t *buckets;
	uint32_t bucket_count;
	uint64_t looked; /* at rows in buckets: work that was done */
	/* a device writes these anew, in every packet */
	bool has_other_ids, has_other_times;
	/* what a lane, the first index, has in segments that another lane, the
	 * second index, has not as such */
	uint32_t base;
	struct stretch *alone[LANES_MOST][LANES_MOST];
	uint32_t alone_count[LANES_MOST][LANES_MOST];
};

/* False without memory, or when the connection is too long for it. */
bool row_set_make(struct row_set *rows, const struct conn_set *set,
	const struct path_conn *group, bool is_to_server);
void row_set_release(struct row_set *rows);

static inline const struct seen_packet *row_packet(
	const struct row_set *rows, const struct packet_row *row, unsigned lane)
{
	return row->at[lane] ? track_packet(rows->set->table, row->at[lane])
			     : NULL;
}

/* The first and the last place on the way that has it. */
static inline unsigned row_first(
	const struct row_set *rows, const struct packet_row *row)
{
	unsigned lane = 0;

	while (lane < rows->lane_count && !row->at[lane])
		lane++;
	return lane;
}

static inline unsigned row_last(
	const struct row_set *rows, const struct packet_row *row)
{
	unsigned lane = rows->lane_count - 1;

	while (lane > 0 && !row->at[lane])
		lane--;
	return lane;
}

/* The first sequence number by the first lane's numbers. */
static inline uint32_t row_sequence(const struct row_set *rows,
	const struct seen_packet *packet, unsigned lane)
{
	return packet->sequence - rows->shift[lane][0];
}

#endif
