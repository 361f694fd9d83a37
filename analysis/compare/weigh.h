/* What an outcome is worth by how its lanes were recorded. */
#ifndef ANALYSIS_COMPARE_WEIGH_H
#define ANALYSIS_COMPARE_WEIGH_H

#include "analysis/compare/compare.h"

/* Of a packet between the lanes `lane` and `lane` + 1 of its way: takes a claim
 * back, or lowers its grade, for what is known of those lanes. */
void weigh_outcome(const struct judging *judging, unsigned lane,
	struct outcome *outcome);

/* Of all outcomes, once it is known which recorders miss packets. */
void weigh_recorders(struct compare *compare);

#endif
