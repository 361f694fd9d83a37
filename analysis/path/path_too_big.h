/* Whether the target honours a PTB that we sent about one of its segments: it
 * retransmits the same bytes in smaller segments, or at the same size. */
#ifndef ANALYSIS_PATH_PATH_TOO_BIG_H
#define ANALYSIS_PATH_PATH_TOO_BIG_H

#include "analysis/path/path_record.h"

/* A case for each connection on which one was sent. */
void path_too_big_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif
