/* Draws the marks of a plot: a panel with axes for each direction, or one. At
 * most one mark of a series is drawn at a place, so that a picture of a million
 * packets is no larger than what can be seen. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/picture_head.h"
#include "report/plot.h"
#include "report/plot_marks.h"
#include "report/plot_scale.h"

enum {
	LEFT = 110, /* of a panel: its labels stand before it */
	WIDE = 1000,
	HIGH = 380,
	SPACE = 24,
	LABEL = 48,
};

struct panel {
	struct svg *svg;
	const struct plot *plot;
	const struct plot_marks *series;
	int64_t most; /* of sequence numbers, 0 in other plots */
	int top;
	double y_least, y_most; /* values at its ends */
	double x_most;		/* nanoseconds; 0 stands at the left */
	uint8_t *taken; /* a bit for each place; NULL: no memory, all drawn */
};

static const char *panel_title(const struct plot *plot, unsigned number)
{
	switch (plot->kind) {
	case PLOT_SEQUENCE:
		return number ? "Sequence numbers, server → client"
			      : "Sequence numbers, client → server";
	case PLOT_RTT:
		return "Round trips at the capture point, of segments that "
		       "were sent once";
	case PLOT_TTL:
		return "TTL on arrival";
	case PLOT_IP_ID:
		return "IP ID";
	case PLOT_NONE:
	case PLOT_COUNT:
		break;
	}
	return "";
}

/* Where a mark is drawn: what has no place of its own is drawn at an end. */
static double shown_y(
	const struct panel *panel, enum plot_series series, double y)
{
	if (panel->most == 0)
		return y;
	if (series == SERIES_EDGE)
		return fmin(y, (double)panel->most * 1.25 + 1);
	if (series == SERIES_RESET || series == SERIES_FOREIGN)
		return fmax(0, fmin(y, (double)panel->most));
	return y;
}

static void find_range(struct panel *panel)
{
	double least = INFINITY, most = -INFINITY, margin;

	for (unsigned i = 0; i < SERIES_COUNT; i++)
		for (uint32_t j = 0; j < panel->series[i].count; j++) {
			const struct plot_mark *mark =
				&panel->series[i].marks[j];

			least = fmin(least, shown_y(panel, i, (double)mark->y));
			most = fmax(most, shown_y(panel, i, (double)mark->y2));
		}
	if (least > most)
		least = most = 0;
	margin = most > least ? (most - least) * 0.06 : 1;
	/* so large a number that one more is the same to it */
	margin = fmax(margin, fmax(fabs(least), fabs(most)) * 1e-9);
	panel->y_least = least - margin;
	panel->y_most = most + margin;
	panel->x_most = panel->plot->has_first
				? (double)panel->plot->last_ns -
					  (double)panel->plot->first_ns
				: 0;
	if (panel->x_most <= 0)
		panel->x_most = 1e6;
	panel->x_most *= 1.02;
}

static int place_x(const struct panel *panel, double time_ns)
{
	double part = time_ns / panel->x_most;

	return LEFT + (int)lrint(fmax(0, fmin(1, part)) * WIDE);
}

static int place_y(const struct panel *panel, double y)
{
	double part = (y - panel->y_least) / (panel->y_most - panel->y_least);

	return panel->top + HIGH - (int)lrint(fmax(0, fmin(1, part)) * HIGH);
}

static void y_label(
	char text[LABEL], const struct plot *plot, double value, double step)
{
	if (plot->kind == PLOT_RTT)
		(void)snprintf(text, LABEL, "%.*f ms",
			plot_scale_decimals(step / 1e6), value / 1e6);
	else
		(void)count_text(text, (uint64_t)fmax(0, value));
}

static void grid(const struct panel *panel, const struct plot_scale *across,
	const struct plot_scale *up)
{
	struct svg *svg = panel->svg;

	svg_lines_begin(svg, SHADE_GRID, 1);
	for (int64_t i = up->first; i <= up->last; i++) {
		int y = place_y(panel, (double)i * up->step);

		svg_line(svg, LEFT, y, LEFT + WIDE, y);
	}
	for (int64_t i = across->first; i <= across->last; i++) {
		int x = place_x(panel, (double)i * across->step);

		svg_line(svg, x, panel->top, x, panel->top + HIGH);
	}
	svg_lines_end(svg);
}

static void axes(const struct panel *panel)
{
	struct svg *svg = panel->svg;
	struct plot_scale across = plot_scale_of(0, panel->x_most);
	struct plot_scale up = plot_scale_of(panel->y_least, panel->y_most);
	int bottom = panel->top + HIGH;
	char text[LABEL];

	grid(panel, &across, &up);
	for (int64_t i = up.first; i <= up.last; i++) {
		double y = (double)i * up.step;

		y_label(text, panel->plot, y, up.step);
		if (y >= 0)
			svg_text(svg, LEFT - 8, place_y(panel, y) + 4, SVG_END,
				SVG_FAINT, text);
	}
	for (int64_t i = across.first; i <= across.last; i++) {
		double x = (double)i * across.step;

		(void)snprintf(text, sizeof(text), "%.*f s",
			plot_scale_decimals(across.step / 1e9), x / 1e9);
		svg_text(svg, place_x(panel, x), bottom + SVG_LINE, SVG_MIDDLE,
			SVG_FAINT, text);
	}
	svg_lines_begin(svg, SHADE_AXIS, 1);
	svg_line(svg, LEFT, panel->top, LEFT, bottom);
	svg_line(svg, LEFT, bottom, LEFT + WIDE, bottom);
	svg_lines_end(svg);
}

/* Whether nothing of the series stands there. */
static bool is_free(const struct panel *panel, int x, int y)
{
	size_t at = (size_t)(y - panel->top) * (WIDE + 1) + (size_t)(x - LEFT);
	uint8_t bit = (uint8_t)(1u << (at % 8));

	if (!panel->taken)
		return true;
	if (panel->taken[at / 8] & bit)
		return false;
	panel->taken[at / 8] |= bit;
	return true;
}

static void cross(struct svg *svg, int x, int y, int half)
{
	svg_line(svg, x - half, y - half, x + half, y + half);
	svg_line(svg, x - half, y + half, x + half, y - half);
}

static void ring(struct svg *svg, int x, int y, int half)
{
	svg_line(svg, x - half, y - half, x + half, y - half);
	svg_line(svg, x - half, y + half, x + half, y + half);
	svg_line(svg, x - half, y - half, x - half, y + half);
	svg_line(svg, x + half, y - half, x + half, y + half);
}

static void one_mark(
	struct svg *svg, const struct plot_look *look, int x, int y, int y2)
{
	int half = look->size / 2;

	switch (look->shape) {
	case SHAPE_BAR:
		svg_line(svg, x, y, x, y2 == y ? y - 1 : y2);
		break;
	case SHAPE_CROSS:
		cross(svg, x, y, half);
		break;
	case SHAPE_RING:
		ring(svg, x, y, half);
		break;
	case SHAPE_DOT:
	case SHAPE_STEP:
		svg_line(svg, x - 1, y, x + 2, y);
		break;
	}
}

static int line_width(const struct plot_look *look)
{
	return look->shape == SHAPE_BAR || look->shape == SHAPE_DOT ? look->size
	       : look->shape == SHAPE_CROSS			    ? 2
								    : 1;
}

static void draw_steps(const struct panel *panel, enum plot_series series)
{
	const struct plot_marks *marks = &panel->series[series];
	int last_x = 0, last_y = 0;

	for (uint32_t i = 0; i < marks->count; i++) {
		const struct plot_mark *mark = &marks->marks[i];
		int x = place_x(panel, (double)mark->time_ns);
		int y = place_y(panel, shown_y(panel, series, (double)mark->y));

		if (i > 0 && (x != last_x || y != last_y)) {
			if (x != last_x)
				svg_line(panel->svg, last_x, last_y, x, last_y);
			if (y != last_y)
				svg_line(panel->svg, x, last_y, x, y);
		}
		last_x = x;
		last_y = y;
	}
}

static void draw_series(const struct panel *panel, enum plot_series series)
{
	const struct plot_marks *marks = &panel->series[series];
	const struct plot_look *look = plot_look(series);

	if (marks->count == 0)
		return;
	svg_lines_begin(panel->svg, look->shade, line_width(look));
	if (look->shape == SHAPE_STEP) {
		draw_steps(panel, series);
		svg_lines_end(panel->svg);
		return;
	}
	if (panel->taken)
		memset(panel->taken, 0, (WIDE + 1) * (HIGH + 1) / 8 + 1);
	for (uint32_t i = 0; i < marks->count; i++) {
		const struct plot_mark *mark = &marks->marks[i];
		int x = place_x(panel, (double)mark->time_ns);
		int y = place_y(panel, shown_y(panel, series, (double)mark->y));

		if (is_free(panel, x, y))
			one_mark(panel->svg, look, x, y,
				place_y(panel, shown_y(panel, series,
						       (double)mark->y2)));
	}
	svg_lines_end(panel->svg);
}

/* What is drawn, and of how much of it. Returns where the panel may begin. */
static int legend(const struct panel *panel, int y)
{
	int x = LEFT;

	for (unsigned i = 0; i < SERIES_COUNT; i++) {
		const struct plot_look *look = plot_look(i);
		char text[96];

		if (panel->series[i].count == 0)
			continue;
		(void)snprintf(text, sizeof(text), "%s", look->name);
		if (panel->series[i].stride)
			(void)snprintf(text, sizeof(text), "%s (one of %u)",
				look->name, panel->series[i].stride);
		if (x > LEFT &&
			x + svg_text_width(SVG_FAINT, text) > LEFT + WIDE) {
			x = LEFT;
			y += SVG_LINE;
		}
		svg_lines_begin(panel->svg, look->shade, 3);
		svg_line(panel->svg, x, y - 4, x + 14, y - 4);
		svg_lines_end(panel->svg);
		svg_text(panel->svg, x + 20, y, SVG_START, SVG_FAINT, text);
		x += 20 + svg_text_width(SVG_FAINT, text) + SPACE;
	}
	return y + SVG_LINE / 2;
}

static void fatal_line(
	const struct panel *panel, const struct packet_view *view)
{
	int x = place_x(panel, (double)panel->plot->fatal_ns);
	char text[LABEL];

	if (panel->plot->fatal_ns == INT64_MIN)
		return;
	svg_vertical(panel->svg, x, panel->top, panel->top + HIGH, true);
	(void)snprintf(text, sizeof(text), "#%" PRIu64,
		report_frame(view->source, panel->plot->incident->frame));
	svg_text(panel->svg, x + (x > LEFT + WIDE / 2 ? -6 : 6),
		panel->top + SVG_LINE,
		x > LEFT + WIDE / 2 ? SVG_END : SVG_START, SVG_BAD, text);
}

static bool is_empty(const struct plot_marks series[SERIES_COUNT])
{
	return series[SERIES_SEGMENT].count + series[SERIES_AGAIN].count +
		       series[SERIES_PROBE].count +
		       series[SERIES_CLIENT].count +
		       series[SERIES_SERVER].count +
		       series[SERIES_RESET].count +
		       series[SERIES_FOREIGN].count ==
	       0;
}

static int draw_panel(
	struct svg *svg, const struct packet_view *view, unsigned number, int y)
{
	const struct plot *plot = view->plot;
	struct panel panel = {
		.svg = svg,
		.plot = plot,
		.series = plot->panels[number],
		.most = plot->kind == PLOT_SEQUENCE ? plot->most[number] + 1
						    : 0,
		.taken = calloc(1, (WIDE + 1) * (HIGH + 1) / 8 + 1),
	};

	y += SPACE;
	svg_text(
		svg, LEFT, y, SVG_START, SVG_STRONG, panel_title(plot, number));
	panel.top = legend(&panel, y + SVG_LINE) + SVG_LINE / 2;
	find_range(&panel);
	axes(&panel);
	for (unsigned i = 0; i < SERIES_COUNT; i++)
		draw_series(&panel, i);
	fatal_line(&panel, view);
	free(panel.taken);
	/* nothing else stands so far right and low */
	svg_vertical(
		svg, LEFT + WIDE, panel.top + HIGH, panel.top + HIGH, false);
	return panel.top + HIGH + 2 * SVG_LINE;
}

static void draw(struct svg *svg, const struct packet_view *view)
{
	const struct plot *plot = view->plot;
	int y = picture_head(svg, view);
	unsigned drawn = 0;

	for (unsigned i = 0; i < PANELS; i++)
		if (!is_empty(plot->panels[i])) {
			y = draw_panel(svg, view, i, y);
			drawn++;
		}
	if (drawn == 0)
		svg_text(svg, SVG_MARGIN, y + SPACE, SVG_START, SVG_DOUBT,
			"No packet of this connection shows any of it.");
	if (plot->has_no_memory)
		svg_text(svg, SVG_MARGIN, y + SPACE, SVG_START, SVG_DOUBT,
			"There was no memory for all of its packets.");
}

void plot_draw(const struct packet_view *view, bool is_png)
{
	struct svg svg = {.is_png = is_png};
	char title[PICTURE_TITLE], description[FLOW_TEXT + 160];
	char flow[FLOW_TEXT];

	draw(&svg, view); /* to be measured */
	(void)picture_title(title, view);
	(void)snprintf(description, sizeof(description),
		"%s of %s: %" PRIu64 " packets.",
		view->plot->kind == PLOT_SEQUENCE ? "Sequence numbers over time"
						  : panel_title(view->plot, 0),
		flow_text(flow, &view->packets->follower.flow),
		view->plot->packets);
	svg.out = view->out;
	svg_begin(&svg, title, description);
	draw(&svg, view);
	svg_end(&svg);
}
