/* A probe's findings as an HTML report. */
#ifndef REPORT_PAGE_PAGE_PATH_H
#define REPORT_PAGE_PAGE_PATH_H

#include <stdio.h>

#include "analysis/path/path.h"

/* Writes the whole page of a judged path. False without memory; then nothing
 * is written. */
bool page_path(const struct path *path, FILE *out);

#endif
