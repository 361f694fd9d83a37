/* A path that takes less since some time in the run. */
#ifndef ANALYSIS_PATH_PATH_CHANGE_H
#define ANALYSIS_PATH_PATH_CHANGE_H

#include "analysis/path/path_record.h"

/* Finds it, and takes the larger packets before it out of what measures: once,
 * before sizes are counted. */
void path_change_exclude(struct path *path);

#endif
