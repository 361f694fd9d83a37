/* Tracks that nothing else pairs, joined by a packet that both recorded. */
#ifndef ANALYSIS_COMPARE_KINSHIP_H
#define ANALYSIS_COMPARE_KINSHIP_H

#include "analysis/compare/conn_set.h"

/* False without memory. */
bool kinship_join(struct conn_set *set, struct track_table *table);

#endif
