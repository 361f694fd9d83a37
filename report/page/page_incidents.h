/* The incidents of a capture in the HTML report. */
#ifndef REPORT_PAGE_PAGE_INCIDENTS_H
#define REPORT_PAGE_PAGE_INCIDENTS_H

#include "report/page/page.h"

/* Besides 1.5 million bytes; a page of 40,000 incidents can then be mailed. */
enum { PAGE_BYTES_BASE = 1500000, PAGE_BYTES_A_PACKET = 60 };

/* An incident that stands for its group. */
struct page_example {
	uint64_t index; /* among the source's incidents */
	struct flow_name flow;
	int64_t began_ns;
	uint64_t frame; /* the fatal packet's */
};

enum { PAGE_EXAMPLES_MOST = 64 };

struct page_examples {
	unsigned count;
	struct page_example entries[PAGE_EXAMPLES_MOST];
};

/* Writes a line for every incident, and all that is known of it while it fits
 * into the page's size, first of those that stand for their groups; these are
 * named in `examples`, the worst first. Reads each incident twice. False
 * without memory; then the page has none. */
bool page_incidents(struct report_page *page,
	const struct report_source *source, struct page_examples *examples);

/* The same of one incident, for the page of a connection. */
void page_incident(struct report_page *page, const struct report_source *source,
	const struct incident *incident);

#endif
