/* The report for people: verdicts first, each with the few packets that decide
 * it, what else it could be, what to do, and what would settle it. */
#ifndef REPORT_REPORT_TEXT_H
#define REPORT_REPORT_TEXT_H

#include <stdio.h>

#include "report/source.h"
#include "report/style.h"

/* The whole report. Incidents of one group (`group`) are one entry. */
void report_text(const struct report_source *source, const struct style *style,
	FILE *out);

#endif
