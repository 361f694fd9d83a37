/* Fragments that do not arrive: the same echo request is answered whole and not
 * in fragments, repeatedly. */
#ifndef ANALYSIS_PATH_PATH_FRAGMENTS_H
#define ANALYSIS_PATH_PATH_FRAGMENTS_H

#include "analysis/path/path_record.h"

void path_fragments_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif
