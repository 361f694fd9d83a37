/* Large segments of ours on a connection that speaks a protocol. */
#ifndef ANALYSIS_PATH_PATH_LARGE_H
#define ANALYSIS_PATH_PATH_LARGE_H

#include "analysis/path/path_record.h"

/* The frame of a PTB for one of them; 0: none came. */
uint64_t path_large_reported(
	const struct path *path, const struct path_dialog *flow);

/* The frame of a PTB for a segment of another connection that is as large, or
 * larger; 0: none came. */
uint64_t path_large_size_reported(
	const struct path *path, const struct path_dialog *flow);

#endif
