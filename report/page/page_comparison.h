/* A comparison of capture points as an HTML report. */
#ifndef REPORT_PAGE_PAGE_COMPARISON_H
#define REPORT_PAGE_PAGE_COMPARISON_H

#include <stdio.h>

#include "report/comparison.h"

/* Writes the whole page, no larger than page_incidents.h allows: what finds no
 * room is counted in it. False without memory; then the page has no incidents,
 * or nothing is written. */
bool page_comparison(const struct comparison *comparison, FILE *out);

#endif
