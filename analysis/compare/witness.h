/* What packets of the other direction tell of packets that seem late
 * (analysis/compare/late.h). */
#ifndef ANALYSIS_COMPARE_WITNESS_H
#define ANALYSIS_COMPARE_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

/* A packet that both lanes have. */
struct passage {
	uint64_t frame, frame_there; /* at the lane, and at the next */
	int64_t time_ns;	     /* at the lane */
	int64_t delay_ns;
	uint32_t row;
	bool is_late;
};

/* In the order of `frame`. */
struct passages {
	struct passage *list;
	uint32_t count;
};

/* Late packets with none in time between them, in the order of the lane. */
struct late_run {
	uint32_t first, last;
	uint64_t first_there, last_there; /* frames at the next lane */
	int64_t least_ns;		  /* by which all of them are late */
};

struct witness {
	int64_t before_ns, inside_ns, after_ns; /* least delays; MAX: none */
	int64_t last_before_ns, first_after_ns; /* times at the lane */
};

struct frame_range {
	uint64_t least, most;
};

/* Of a direction, all runs of the other: what they cost together grows with the
 * number of packets, and not with that of runs times packets. */
struct witnesses {
	const struct passages *back;
	/* a tree of the frames at the next lane: node n covers nodes 2n and
	 * 2n + 1, `leaves` + i is that of passage i; owned */
	struct frame_range *nodes;
	uint32_t leaves;
	uint64_t looked; /* at nodes and passages: work that was done */
};

/* `back` is set, and stays. False without memory. */
bool witnesses_begin(struct witnesses *witnesses);
void witnesses_end(struct witnesses *witnesses);

/* Of the other direction, what both recorders have within the run; and outside
 * of it, beyond the next packet that is not late, for a clock may be set just
 * before that one. */
struct witness witness_of(struct witnesses *witnesses,
	const struct passages *own, const struct late_run *run);

#endif
