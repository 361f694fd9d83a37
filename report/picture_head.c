#include "report/picture_head.h"

#include <inttypes.h>

#include "report/clock.h"

const char *picture_title(
	char text[PICTURE_TITLE], const struct packet_view *view)
{
	const struct incident *incident = view->incident;
	char headline[HEADLINE_TEXT], who[WHO_TEXT], flow[FLOW_TEXT];

	if (!incident) {
		(void)snprintf(text, PICTURE_TITLE, "%s",
			flow_text(flow, &view->packets->follower.flow));
		return text;
	}
	bool is_known = incident->mechanism != MECHANISM_UNKNOWN;
	(void)snprintf(text, PICTURE_TITLE, "%s%s%s%s%s",
		headline_text(headline, incident), is_known ? " · " : "",
		is_known ? grade_word(incident->grade) : "",
		who_text(who, incident)[0] ? " · " : "", who);
	return text;
}

const char *picture_sentence(
	char text[PICTURE_SENTENCE], const struct incident *incident)
{
	(void)snprintf(text, PICTURE_SENTENCE, "%s%s%s",
		incident->summary ? incident->summary : "",
		incident->summary && incident->detail[0] ? " " : "",
		incident->detail);
	return text;
}

/* Connection, time of day and place of the fatal packet. */
static int incident_lines(
	struct svg *svg, int y, const struct packet_view *view)
{
	const struct incident *incident = view->incident;
	struct layout layout = {NULL, view->style, incident->began_ns};
	char line[FLOW_TEXT + 3 * CLOCK_TEXT], sentence[PICTURE_SENTENCE];
	char flow[FLOW_TEXT], clock[CLOCK_TEXT] = "", zone[CLOCK_TEXT];
	uint64_t number = incident->frame;
	const char *file = view->source->locate(
		view->source->context, incident->frame, &number);

	if (incident->began_ns != INT64_MIN)
		(void)clock_text(clock, &layout, incident->time_ns, true);
	(void)clock_zone(zone, &layout, incident->time_ns);
	(void)snprintf(line, sizeof(line), "%s · %s%s%s · #%" PRIu64,
		flow_text(flow, &incident->flow), clock, zone[0] ? " " : "",
		zone, number);
	y = svg_paragraph(
		svg, SVG_MARGIN, y, PICTURE_COLUMNS, SVG_STRONG, line);
	if (file)
		y = svg_paragraph(
			svg, SVG_MARGIN, y, PICTURE_COLUMNS, SVG_FAINT, file);
	return svg_paragraph(svg, SVG_MARGIN, y, PICTURE_COLUMNS, SVG_PLAIN,
		picture_sentence(sentence, incident));
}

int picture_head(struct svg *svg, const struct packet_view *view)
{
	enum { SPACE = 24 };
	char title[PICTURE_TITLE];
	int y = SVG_MARGIN + SVG_LINE;

	svg_text(svg, SVG_MARGIN, y, SVG_START, SVG_HEADLINE,
		picture_title(title, view));
	y += SPACE;
	return view->incident ? incident_lines(svg, y, view) : y;
}
