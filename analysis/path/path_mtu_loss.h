/* Packets of the size that passes may still be lost more often than smaller
 * ones. */
#ifndef ANALYSIS_PATH_PATH_MTU_LOSS_H
#define ANALYSIS_PATH_PATH_MTU_LOSS_H

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_case.h"

/* Says so where chance does not explain it. */
void path_mtu_loss_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound);

#endif
