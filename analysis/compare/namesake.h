/* Tracks by the name of their connection and an initial number. One name may be
 * used again any number of times, each time with another number: a search
 * through all tracks of the name, for each of them, would have no bound. */
#ifndef ANALYSIS_COMPARE_NAMESAKE_H
#define ANALYSIS_COMPARE_NAMESAKE_H

#include "analysis/compare/track.h"

struct namesakes {
	const struct track_table *table;
	uint32_t *buckets, *next; /* next: by entry; owned */
	uint32_t bucket_count;
	uint64_t looked; /* at entries: work that was done */
};

/* Of all tracks that there are. False without memory. */
bool namesakes_make(
	struct namesakes *namesakes, const struct track_table *table);
void namesakes_release(struct namesakes *namesakes);

/* The newest track in a lane that has the name of `like` and its client's
 * initial number, or else its server's; NULL: none. */
const struct track *namesakes_find(
	struct namesakes *namesakes, const struct track *like, unsigned lane);

#endif
