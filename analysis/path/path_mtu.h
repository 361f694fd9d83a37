/* Path MTU and black holes of the way there, from which sizes arrived, were
 * refused or vanished; the way back (path_reverse.h) is judged beside it. */
#ifndef ANALYSIS_PATH_PATH_MTU_H
#define ANALYSIS_PATH_PATH_MTU_H

#include "analysis/path/path_record.h"

void path_mtu_cases(const struct path *path, const struct path_case_sink *sink);

#endif
