#include "report/overview_svg.h"

#include <string.h>

#include "report/clock.h"
#include "report/group_text.h"
#include "report/groups.h"
#include "report/seq_diagram_svg.h"
#include "report/svg.h"
#include "report/titles.h"

enum { CELLS = 7, CELL = GROUP_WHERE_TEXT, ROW = 24, SPACE = 24, ROWS = 40 };

static const char *const heads[CELLS] = {
	"#", "failure", "culprit", "grade", "from", "to", "where"};

struct overview {
	struct svg svg;
	const struct report_source *source;
	const struct groups *groups;
	struct layout layout;
	uint32_t rows; /* that are shown */
	int x[CELLS];
	int y;
};

static void row_cells(char cells[CELLS][CELL], const struct overview *overview,
	const struct group_row *row)
{
	const struct group_entry *entry =
		&overview->groups->entries[row->entry];
	char count[COUNT_TEXT];

	memset(cells, 0, CELLS * sizeof(cells[0]));
	(void)count_text(cells[0], row->connections);
	(void)snprintf(cells[1], CELL, "%s",
		failure_title((enum mechanism)row->mechanism,
			(enum party)row->culprit, &entry->group->key.look));
	(void)snprintf(
		cells[2], CELL, "%s", culprit_title((enum party)row->culprit));
	(void)snprintf(
		cells[3], CELL, "%s", grade_word((enum grade)row->grade));
	(void)clock_text(cells[4], &overview->layout, row->first_ns, false);
	if (row->last_ns != row->first_ns)
		(void)clock_text(
			cells[5], &overview->layout, row->last_ns, false);
	if (row->groups == 1)
		group_where(cells[6], entry->group);
	else
		(void)snprintf(cells[6], CELL, "in %s groups",
			count_text(count, row->groups));
}

static void place_columns(struct overview *overview)
{
	int width[CELLS];

	for (unsigned i = 0; i < CELLS; i++)
		width[i] = svg_text_width(SVG_FAINT, heads[i]);
	for (uint32_t i = 0; i < overview->rows; i++) {
		char cells[CELLS][CELL];

		row_cells(cells, overview, &overview->groups->rows[i]);
		for (unsigned j = 0; j < CELLS; j++) {
			int wide = svg_text_width(SVG_STRONG, cells[j]);

			width[j] = wide > width[j] ? wide : width[j];
		}
	}
	overview->x[0] = SVG_MARGIN;
	for (unsigned i = 1; i < CELLS; i++)
		overview->x[i] = overview->x[i - 1] + width[i - 1] + SPACE;
}

static void head(struct overview *overview)
{
	const struct report_source *source = overview->source;
	struct svg *svg = &overview->svg;
	char from[CLOCK_TEXT], to[CLOCK_TEXT], zone[CLOCK_TEXT];
	char text[256], packets[COUNT_TEXT], flows[COUNT_TEXT];
	char name[NAME_TEXT], died[COUNT_TEXT];

	overview->y = SVG_MARGIN + SVG_LINE;
	svg_text(svg, SVG_MARGIN, overview->y, SVG_START, SVG_HEADLINE,
		name_text(name,
			source->path_count ? source->paths[0] : "capture"));
	overview->y += SPACE;
	(void)snprintf(text, sizeof(text),
		"%s to %s %s   %s packets   %s connections   %s failed",
		clock_text(
			from, &overview->layout, source->totals.first_ns, true),
		clock_text(to, &overview->layout, source->totals.last_ns, true),
		clock_zone(zone, &overview->layout, source->totals.last_ns),
		count_text(packets, source->totals.packets),
		count_text(flows, source->totals.flows),
		count_text(died, overview->groups->died));
	svg_text(svg, SVG_MARGIN, overview->y, SVG_START, SVG_PLAIN, text);
	overview->y += SPACE + SVG_LINE / 2;
}

static void draw(struct overview *overview)
{
	struct svg *svg = &overview->svg;

	head(overview);
	for (unsigned i = 0; i < CELLS && overview->rows; i++)
		svg_text(svg, overview->x[i], overview->y, SVG_START, SVG_FAINT,
			heads[i]);
	for (uint32_t i = 0; i < overview->rows; i++) {
		char cells[CELLS][CELL];

		row_cells(cells, overview, &overview->groups->rows[i]);
		overview->y += ROW;
		for (unsigned j = 0; j < CELLS; j++)
			svg_text(svg, overview->x[j], overview->y, SVG_START,
				j == 1 ? SVG_STRONG : SVG_PLAIN, cells[j]);
	}
	if (overview->rows < overview->groups->row_count)
		svg_text(svg, SVG_MARGIN, overview->y + ROW, SVG_START,
			SVG_FAINT, "There are more kinds of failures.");
	if (overview->rows == 0)
		svg_text(svg, SVG_MARGIN, overview->y, SVG_START, SVG_PLAIN,
			"No connection failed here.");
}

static void draw_overview(const struct report_source *source,
	const struct style *style, FILE *out, bool is_png)
{
	struct groups groups;
	struct overview overview = {
		.svg = {.is_png = is_png},
		.source = source,
		.groups = &groups,
		.layout = {NULL, style, source->totals.first_ns},
	};

	if (!groups_make(&groups, source)) {
		seq_diagram_draw_none(
			"No memory to sort the incidents; --json needs none.",
			out, is_png);
		return;
	}
	overview.rows = groups.row_count < ROWS ? groups.row_count : ROWS;
	place_columns(&overview);
	draw(&overview); /* to be measured */
	overview.svg.out = out;
	svg_begin(&overview.svg, "culprit analyze",
		"Failed connections by failure, culprit and grade.");
	draw(&overview);
	svg_end(&overview.svg);
	groups_free(&groups);
}

void overview_svg(const struct report_source *source, const struct style *style,
	FILE *out)
{
	draw_overview(source, style, out, false);
}

void overview_png(const struct report_source *source, const struct style *style,
	FILE *out)
{
	draw_overview(source, style, out, true);
}
