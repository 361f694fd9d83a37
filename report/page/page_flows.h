/* The connections of a capture's HTML report that are shown packet by packet:
 * those that stand for their groups. Their packets come from a second reading
 * of the capture. */
#ifndef REPORT_PAGE_PAGE_FLOWS_H
#define REPORT_PAGE_PAGE_FLOWS_H

#include "report/page/page_incidents.h"

struct page_flows;

/* NULL without memory. About 60 KB a connection. `source` has to stay. */
struct page_flows *page_flows_new(const struct page_examples *examples,
	const struct report_source *source);
void page_flows_free(struct page_flows *flows);
/* Keeps a packet if it is of one of them and matters. */
void page_flows_take(struct page_flows *flows, const struct packet *packet);
void page_flows_write(const struct page_flows *flows, struct report_page *page);

#endif
