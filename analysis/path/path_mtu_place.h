/* Where packets of the forward path are lost, and who reports it. */
#ifndef ANALYSIS_PATH_PATH_MTU_PLACE_H
#define ANALYSIS_PATH_PATH_MTU_PLACE_H

#include "analysis/path/mtu_bound.h"

/* The hop of the PTB's source, or HOP_NOT_KNOWN; `is_hop` where its address is
 * one that reported expired packets. */
int path_mtu_reporter(const struct path *path, int row, bool *is_hop);

/* Sets the link that packets above the bound's size do not pass, and the facts
 * about it. */
void path_mtu_set_link(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound);

#endif
