/* Idle time-outs: after which idle time connections die, what happens to the
 * packet that comes then, and which hop forgets them. */
#ifndef ANALYSIS_PATH_PATH_IDLE_H
#define ANALYSIS_PATH_PATH_IDLE_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

void path_idle_cases(
	const struct path *path, const struct path_case_sink *sink);

/* The longest time without packets that a connection survived, below those that
 * were fatal; 0: none was tested. */
int64_t path_idle_survived_ns(const struct path *path);

#endif
