/* Packet by packet, what several capture points recorded of the same
 * connections.
 *
 * Every TCP packet is kept in 64 bytes until the recordings have ended: only
 * then is it known how far their clocks are apart, and which connections are
 * the same. Then each connection is gone through by itself: its packets are
 * laid side by side (row.h), and what a lane lacks is judged (outcome.h).
 * Memory is bounded; packets for which there is none are counted, and their
 * connections are not judged. */
#ifndef ANALYSIS_COMPARE_COMPARE_H
#define ANALYSIS_COMPARE_COMPARE_H

#include "analysis/compare/change.h"
#include "analysis/compare/outcome.h"

/* Of the outcomes that are kept, those that accuse nobody take half at most.
 * LOOK_STEPS: rows that are gone through for what is beyond JUDGED_MOST. */
enum {
	SPANS_MOST = 64,
	OUTCOMES_MOST = 1 << 16,
	OUTCOMES_PLAIN_MOST = OUTCOMES_MOST / 2,
	SPAN_SAMPLES = 1024,
	LOOK_STEPS = 1 << 28,
};

/* The packets of one direction between two neighbouring lanes. */
struct span {
	uint8_t after, before; /* lanes, from the client to the server */
	bool is_to_server;
	uint64_t sent; /* that the lane nearer to their sender has */
	uint64_t count[OUTCOME_COUNT];
	/* some of the differences of time, by the clocks as they are */
	int64_t *delays_ns;
	uint32_t delay_count, delay_stride, delay_skipped;
	int64_t least_ns, median_ns, most_ns; /* of those; by set clocks */
};

/* By frame numbers, both of an outcome's. */
enum { FRAME_BUCKETS = 1 << 14 };
struct frame_entry {
	uint64_t frame;
	uint32_t outcome, next; /* next: index + 1 */
};

/* A clock that was set between two packets of a connection. */
struct clock_step {
	int64_t size_ns;   /* 0: none was */
	unsigned files[2]; /* one of those was */
};

struct compare {
	struct track_table table;
	struct conn_set set;
	struct span spans[SPANS_MOST];
	unsigned span_count;
	struct outcome *outcomes; /* all but what simply arrived */
	uint32_t outcome_count, outcome_room;
	uint32_t plain_count; /* of those, not-judged and not-recorded */
	uint64_t outcomes_not_kept;
	uint64_t steps_left;   /* of LOOK_STEPS */
	uint64_t beyond_limit; /* packets that were not looked into */
	struct frame_entry *frames;
	uint32_t frame_first[FRAME_BUCKETS];
	struct change_list changes;
	uint64_t connections;	   /* all */
	uint64_t shared;	   /* of several files */
	uint64_t only[FILES_MOST]; /* of one file and no other */
	uint64_t turned;	   /* whose client is at the far end */
	uint64_t straight;	   /* whose client is at the near end */
	uint64_t mixed; /* whose lanes are in neither order of the files, */
	uint32_t mixed_group; /* and one of those */
	uint64_t order_told;  /* whose lanes' order the arguments tell, and
				 nothing else */
	uint64_t proxied;
	uint64_t not_judged;   /* connections, for want of memory */
	uint64_t same_moment;  /* packets that two files have at the very
				  same time, */
	uint64_t other_moment; /* and at another */
	struct clock_step step;
};

/* `memory_bytes`: what packets may take. NULL without memory. */
struct compare *compare_new(uint64_t memory_bytes, uint64_t seed);
void compare_free(struct compare *compare);

/* Packets of file number `file`, below FILES_MOST. */
void compare_packet(
	struct compare *compare, unsigned file, const struct packet *packet);

/* `clocks`: of each file. False without memory for what comes now. */
bool compare_finish(struct compare *compare, const struct clock_offset *clocks);

/* For each packet of a connection in the order of time, by the first lane's
 * clock: the rows of both directions. False without memory. */
struct ladder_packet {
	const struct row_set *rows;
	const struct packet_row *row;
	int64_t time_ns; /* by the first file's clock */
};
struct compare_ladder {
	struct row_set rows[2]; /* to the client, to the server */
	struct ladder_packet *packets;
	uint32_t count;
};
bool compare_ladder_make(struct compare_ladder *ladder,
	const struct compare *compare, uint32_t group);
void compare_ladder_release(struct compare_ladder *ladder);

#endif
