/* The packets of a compared connection in the HTML report, a lane for each
 * capture point. */
#ifndef REPORT_PAGE_PAGE_LANES_H
#define REPORT_PAGE_PAGE_LANES_H

#include "report/comparison.h"
#include "report/page/page.h"

/* What has been gone through, of a comparison's connections in their order. */
struct page_lanes {
	struct report_page *page;
	const struct comparison *comparison;
	uint64_t most_bytes; /* of the page's data */
	uint32_t next_outcome, next_change;
};

/* Writes the first packets of a connection and those around its outcomes and
 * changes, while there is room. Connections come in ascending order. False
 * without memory; then nothing is written. */
bool page_lanes(struct page_lanes *lanes, uint32_t group);

#endif
