/* The HTML report of one connection, written while its packets come by. */
#ifndef CLI_TIMELINE_PAGE_H
#define CLI_TIMELINE_PAGE_H

#include "capture/failure.h"
#include "report/page/page_flow.h"

/* All zero: none is asked for; then nothing of the below does anything. */
struct timeline_page {
	struct report_page *page;
	struct page_flow flow;
};

/* `out` is NULL where no page is asked for; `incident`, where nothing happened.
 * All has to stay until the end. */
bool timeline_page_begin(struct timeline_page *page, FILE *out,
	const struct report_source *source, const struct incident *incident,
	const struct flow_name *name, struct failure *failure);
void timeline_page_packet(struct timeline_page *page,
	const struct packet *packet, enum speaker speaker);
void timeline_page_end(struct timeline_page *page);

/* The page of a capture of which no connection is to be shown. */
bool timeline_page_without(
	FILE *out, const struct report_source *source, struct failure *failure);

#endif
