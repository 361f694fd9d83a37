/* Joins tracks that SYN and ISN could not pair, by a packet (sequence and
 * acknowledgment number) recorded in both lanes. */
#ifndef ANALYSIS_COMPARE_KINSHIP_H
#define ANALYSIS_COMPARE_KINSHIP_H

#include "analysis/compare/conn_set.h"

/* False without memory. */
bool kinship_join(struct conn_set *set, struct track_table *table);

#endif
