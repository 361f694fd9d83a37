/* Determines, in recording order, capture time, capture point and the part that
 * analyses each frame. Time and capture points depend on the order of all
 * packets of a recording, so they are determined once, before the parts of an
 * analysis take their packets; the part follows from the connection's key,
 * which is computed here since the addresses and ports are at hand. */
#ifndef ANALYSIS_SIGHT_H
#define ANALYSIS_SIGHT_H

#include "analysis/flow/flow_key.h"
#include "analysis/learned/capture_points.h"
#include "analysis/thresholds/thresholds.h"
#include "capture/frame.h"
#include "capture/packet.h"

enum {
	PARTS_MOST = 64,
	/* Steps back of the clock at which every part looks at all of its
	 * flows; more than these don't tell more of a clock. */
	STEPS_MOST = 64,
};

struct sighter {
	const struct thresholds *thresholds;
	struct capture_points capture_points;
	unsigned part_count;
	uint64_t seed; /* of the keys */
	/* The latest time since the clock last stepped back; INT64_MIN: no
	 * packet had a time. */
	int64_t now_ns;
	int64_t first_ns, last_ns; /* of packets, as recorded */
	uint64_t steps; /* packets that are older than the one before */
	uint64_t turns; /* times that `now_ns` went back */
};

/* Of one frame. */
struct sighted {
	struct flow_key key; /* of TCP */
	int64_t now_ns;	     /* once it has come */
	uint8_t part;	/* whose it is */
	uint8_t capture_point;
	/* of a plain packet: where its IP header begins; 0: it is decoded */
	uint8_t network_offset;
	uint8_t family; /* of a plain packet */
};

/* Of up to BATCH_FRAMES frames that follow each other. */
struct sighting {
	const struct frame *frames; /* NULL: all packets were decoded before */
	const struct packet *packets; /* of the decoded ones, by their place */
	unsigned count;
	int64_t before_ns; /* `now_ns` before the first */
	int64_t first_ns;  /* of the recording */
	bool has_steps;	   /* the clock steps back within them */
	struct sighted sighted[BATCH_FRAMES];
};

/* `seed` is that of the tables of flows in all parts. */
void sighter_init(struct sighter *sighter, const struct thresholds *thresholds,
	unsigned part_count, uint64_t seed);

/* Frames in the order of recording, at most BATCH_FRAMES. Those that are not
 * plain are decoded into `packets`, as many as there are frames. What
 * `sighting` points to has to live as long as it. */
void sight_frames(struct sighter *sighter, const struct frame *frames,
	struct packet *packets, unsigned count, struct sighting *sighting);
/* The same of packets that are decoded. */
void sight_packets(struct sighter *sighter, const struct packet *packets,
	unsigned count, struct sighting *sighting);

/* A time that can be reckoned with: from 1970 on, and so far from the end of
 * the numbers that no difference overflows. */
static inline bool sight_is_timed(int64_t time_ns)
{
	return time_ns >= 0 && time_ns <= INT64_MAX / 2;
}

#endif
