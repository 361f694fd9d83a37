/* Counts and delays between two neighbouring lanes. */
#ifndef ANALYSIS_COMPARE_SPAN_H
#define ANALYSIS_COMPARE_SPAN_H

#include "analysis/compare/compare.h"

/* Between the lanes `first` and `first` + 1 of the way. NULL: there are more
 * pairs of lanes than are told apart, or there is no memory. */
struct span *span_behind(
	struct compare *compare, const struct row_set *rows, unsigned first);

/* One of many is kept, evenly. */
void span_add_delay(struct span *span, int64_t delay_ns);

/* Once all are in: least, median, most. */
void span_settle_delays(struct compare *compare);

#endif
