/* Incidents by place, for the question of who has how many. */
#ifndef ANALYSIS_VERDICT_GROUP_TALLY_H
#define ANALYSIS_VERDICT_GROUP_TALLY_H

#include <stdint.h>

#include "analysis/verdict/group_table.h"

/* Of one cell: the part of its name that is asked for, the rest is zero. */
struct group_tally {
	struct address address, client_network;
	uint16_t port;
	uint8_t family;
	uint8_t is_taken; /* sorts behind: its cell has a group */
	uint32_t cell;
	uint64_t incidents;
};

void group_tally_sort(struct group_tally *tallies, uint32_t count);
/* The end of the run of sorted tallies of one place that starts at `first`, and
 * its incidents. */
uint32_t group_tally_run(const struct group_tally *tallies, uint32_t first,
	uint32_t count, uint64_t *incidents);

#endif
