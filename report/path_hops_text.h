/* The table of a path's hops, for people. */
#ifndef REPORT_PATH_HOPS_TEXT_H
#define REPORT_PATH_HOPS_TEXT_H

#include "analysis/path/path.h"
#include "report/layout.h"

void path_hops_text(const struct layout *layout, const struct path *path);

#endif
