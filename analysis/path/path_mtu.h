/* Path MTU and black holes of the forward path, from the sizes that arrived,
 * were rejected or were lost; path_reverse.h is the return path. */
#ifndef ANALYSIS_PATH_PATH_MTU_H
#define ANALYSIS_PATH_PATH_MTU_H

#include "analysis/path/path_record.h"

void path_mtu_cases(const struct path *path, const struct path_case_sink *sink);

#endif
