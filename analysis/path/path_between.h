/* Sizes that are lost each time, although larger ones pass. */
#ifndef ANALYSIS_PATH_PATH_BETWEEN_H
#define ANALYSIS_PATH_PATH_BETWEEN_H

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_case.h"

void path_between_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound);

#endif
