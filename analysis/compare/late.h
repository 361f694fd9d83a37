/* Which packets were late on their way between two lanes, or seem so because a
 * clock was set.
 *
 * A packet seems late if its two times are further apart than those of others.
 * A clock that is set moves all packets behind it, those of the other direction
 * by as much the other way. So the packets of the other direction that passed
 * meanwhile decide: if they were as quick as those before and behind, the
 * packet was late; if they seem quicker, the clock was set. Where there are
 * none, both readings stand. */
#ifndef ANALYSIS_COMPARE_LATE_H
#define ANALYSIS_COMPARE_LATE_H

#include "analysis/compare/outcome.h"

enum { LATE_NOT, LATE_POSSIBLE, LATE_LIKELY, LATE_CERTAIN, LATE_CLOCK };

/* One of those for each row of the direction, by the packets of both lanes,
 * `lane` and the next. NULL: none is late, or there is no memory. To be
 * freed. `*step_ns`: by how much a clock seems to have been set; 0: none. */
uint8_t *late_rows(
	const struct judging *judging, unsigned lane, int64_t *step_ns);

#endif
