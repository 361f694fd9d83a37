/* What of a path is excluded, and what is not determined, for people. */
#ifndef REPORT_PATH_LISTS_TEXT_H
#define REPORT_PATH_LISTS_TEXT_H

#include "analysis/path/path.h"
#include "report/layout.h"

void path_lists_text(const struct layout *layout, const struct path *path);

#endif
