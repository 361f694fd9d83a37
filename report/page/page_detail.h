/* All that is known of one incident, as a line of the HTML report. */
#ifndef REPORT_PAGE_PAGE_DETAIL_H
#define REPORT_PAGE_PAGE_DETAIL_H

#include "report/page/page.h"

/* `row` is the number of its line among those of incidents, from 0. */
void page_detail(struct report_page *page, const struct report_source *source,
	uint64_t row, const struct incident *incident);

#endif
