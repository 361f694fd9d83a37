#include "report/notice_text.h"

#include <inttypes.h>

#include "report/incident_text.h"
#include "report/titles.h"

void report_text_notice(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out)
{
	struct layout layout = {out, style, source->totals.first_ns};
	struct incident_block block = {
		.source = source,
		.incident = incident,
		.members = 1,
	};

	incident_headline(&layout, &block);
	if (style->verbosity > 0) {
		incident_body(&layout, &block);
	} else {
		incident_sentence(&layout, incident);
		incident_moment(&layout, &block);
	}
	(void)fflush(out); /* errors stay in the stream */
}

void report_text_withdrawal(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out)
{
	struct layout layout = {out, style, source->totals.first_ns};
	char flow[FLOW_TEXT], headline[HEADLINE_TEXT];
	char line[FLOW_TEXT + HEADLINE_TEXT + 120];

	(void)snprintf(line, sizeof(line),
		"Withdrawn: %s, %s (#%" PRIu64 "): later packets show that it "
		"is not so.",
		headline_text(headline, incident),
		flow_text(flow, &incident->flow),
		report_frame(source, incident->frame));
	layout_wrap(&layout, 0, 4, INK_DOUBT, line);
	(void)fflush(out); /* errors stay in the stream */
}
