/* Options and flags for which a device drops SYNs. */
#ifndef ANALYSIS_PATH_PATH_FEATURES_H
#define ANALYSIS_PATH_PATH_FEATURES_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

/* A case for each that is refused. */
void path_features_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif
