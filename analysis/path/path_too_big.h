/* Whether the target honours a "too big" that we sent it about a segment of its
 * own: the same bytes come again in smaller segments, or as large as before. */
#ifndef ANALYSIS_PATH_PATH_TOO_BIG_H
#define ANALYSIS_PATH_PATH_TOO_BIG_H

#include "analysis/path/path_record.h"

/* A case for each connection on which one was sent. */
void path_too_big_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif
