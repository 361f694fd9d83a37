#include "cli/timeline_page.h"

#include "report/page/page_incidents.h"
#include "report/page/page_summary.h"

static bool begin(struct timeline_page *page, FILE *out,
	const struct report_source *source, struct failure *failure)
{
	page->page = page_begin(out);
	if (!page->page)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the HTML report");
	page_summary(page->page, source, "connection");
	return true;
}

bool timeline_page_begin(struct timeline_page *page, FILE *out,
	const struct report_source *source, const struct incident *incident,
	const struct flow_name *name, struct failure *failure)
{
	if (!out)
		return true;
	if (!begin(page, out, source, failure))
		return false;
	if (incident)
		page_incident(page->page, source, incident);
	page_flow_begin(&page->flow, page->page, source, incident, name,
		incident ? 0 : UINT64_MAX);
	return true;
}

void timeline_page_packet(struct timeline_page *page,
	const struct packet *packet, enum speaker speaker)
{
	if (page->page)
		page_flow_sample(&page->flow, packet, speaker);
}

void timeline_page_end(struct timeline_page *page)
{
	if (!page->page)
		return;
	page_flow_end(&page->flow, page->flow.seen);
	page_end(page->page);
	page->page = NULL;
}

bool timeline_page_without(
	FILE *out, const struct report_source *source, struct failure *failure)
{
	struct timeline_page page = {.page = NULL};

	if (!out)
		return true;
	if (!begin(&page, out, source, failure))
		return false;
	page_end(page.page);
	return true;
}
