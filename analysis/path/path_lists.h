/* The three lists of a judged path: what was found, what is excluded with the
 * evidence that would have shown it, and what is not determined, with the
 * reason and what determines it. Every question is in one of them. What a row
 * leaves open is never excluded by another one. */
#ifndef ANALYSIS_PATH_PATH_LISTS_H
#define ANALYSIS_PATH_PATH_LISTS_H

#include "analysis/path/path_record.h"

/* Makes the lists, once, of the rows that hold. */
void path_lists_make(struct path *path);

#endif
