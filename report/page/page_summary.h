/* What the HTML report says of a whole capture. */
#ifndef REPORT_PAGE_PAGE_SUMMARY_H
#define REPORT_PAGE_PAGE_SUMMARY_H

#include "report/page/page.h"

/* Writes the line "summary", an object, and what the facts mean. `kind` is
 * "capture" or "connection". */
void page_summary(struct report_page *page, const struct report_source *source,
	const char *kind);

/* The number of a file in the summary's list, by the path that `locate` gave;
 * 0 when there is none. */
unsigned page_summary_file(
	const struct report_source *source, const char *file);

#endif
