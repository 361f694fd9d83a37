/* What became of the SYNs to the port, of all connections of the run. */
#ifndef ANALYSIS_PATH_PATH_SYNS_H
#define ANALYSIS_PATH_PATH_SYNS_H

#include "analysis/path/path_record.h"

/* Counts them, into the path's totals: when loss is known. */
void path_syns_measure(struct path *path);

#endif
