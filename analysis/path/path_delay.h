/* Round trips of small packets to the target: least, median, most, and how much
 * they vary from one to the next (RFC 3550, 6.4.1). */
#ifndef ANALYSIS_PATH_PATH_DELAY_H
#define ANALYSIS_PATH_PATH_DELAY_H

#include "analysis/path/path_record.h"

/* Fills in the totals, where loss was measured. */
void path_delay_measure(struct path *path);

#endif
