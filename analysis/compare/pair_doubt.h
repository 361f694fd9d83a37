/* Tracks of other endpoints that have the same initial numbers, and are not one
 * connection for all that: initial numbers that are not drawn at random (of
 * simple devices, generators, tests) are shared by many. */
#ifndef ANALYSIS_COMPARE_PAIR_DOUBT_H
#define ANALYSIS_COMPARE_PAIR_DOUBT_H

#include "analysis/compare/conn_set.h"

/* How often initial numbers occur in each lane. */
struct isn_counts {
	uint64_t *keys; /* sorted; owned */
	uint32_t count;
};

/* False without memory. */
bool isn_counts_make(
	struct isn_counts *counts, const struct track_table *table);
void isn_counts_release(struct isn_counts *counts);

/* May two tracks of different endpoints not be called one connection across a
 * NAT? Several of one lane have these numbers, or their SYNs' timestamps, their
 * data or their times differ. */
bool pair_is_doubtful(const struct conn_set *set,
	const struct isn_counts *counts, const struct track *one,
	const struct track *other);

#endif
