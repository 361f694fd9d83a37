/* A line from above to below: this host, a row for each hop, the target.
 * Between two hops a cross stands on the link that findings blame, with their
 * titles. */
#include "report/path_svg.h"

#include <string.h>

#include "probe/protocol/probe_command.h"
#include "report/address_text.h"
#include "report/layout.h"
#include "report/path_sizes.h"
#include "report/report_path.h"
#include "report/svg.h"

enum {
	LINE_X = 40, /* of the path */
	TEXT_X = 64,
	ROW = 30,
	CELLS = 6,
	CELL = 320,
	SPACE = 24,
	NOTE_COLUMNS = 100,
};

static const char *const heads[CELLS] = {
	"hop", "address", "best", "average", "loss", "largest that passed"};

struct path_picture {
	struct svg svg;
	const struct path *path;
	int x[CELLS];
	int y;
};

static unsigned columns_of(const struct path *path)
{
	return path_sizes_known(path) ? CELLS : CELLS - 1;
}

static void hop_cells(
	char cells[CELLS][CELL], const struct path *path, unsigned index)
{
	const struct path_hop *hop = path_hop(path, index);
	struct hop_sizes sizes = path_sizes_of(path, hop->ttl);

	memset(cells, 0, CELLS * sizeof(cells[0]));
	(void)snprintf(cells[0], CELL, "%u%s", hop->ttl,
		hop->is_target ? " target" : "");
	(void)strcpy(cells[1], "no answer");
	if (hop->has_address)
		address_text(
			cells[1], &hop->address, path_comment(path)->family);
	if (hop->is_target)
		probe_target_text(path_comment(path), cells[1]);
	if (hop->name[0])
		(void)snprintf(cells[1] + strlen(cells[1]),
			CELL - strlen(cells[1]), "  %.200s", hop->name);
	if (hop->timed) {
		(void)duration_text(cells[2], hop->best_ns);
		(void)duration_text(cells[3], (int64_t)hop->average_ns);
	}
	if (hop->sent)
		(void)snprintf(cells[4], CELL, "%.1f %% of %u",
			100.0 * hop->lost / hop->sent, hop->sent);
	if (path_sizes_known(path) && sizes.passed)
		(void)snprintf(cells[5], CELL, "%u bytes%s", sizes.passed, "");
	if (path_sizes_known(path) && sizes.lost)
		(void)snprintf(cells[5] + strlen(cells[5]),
			CELL - strlen(cells[5]), ", not %u", sizes.lost);
}

static int greater(int one, int other)
{
	return one > other ? one : other;
}

static void place_columns(struct path_picture *picture)
{
	int width[CELLS];

	for (unsigned i = 0; i < CELLS; i++)
		width[i] = svg_text_width(SVG_FAINT, heads[i]);
	for (unsigned i = 0; i < path_hop_count(picture->path); i++) {
		char cells[CELLS][CELL];

		hop_cells(cells, picture->path, i);
		for (unsigned j = 0; j < CELLS; j++)
			width[j] = greater(
				width[j], svg_text_width(SVG_STRONG, cells[j]));
	}
	picture->x[0] = TEXT_X;
	for (unsigned i = 1; i < CELLS; i++)
		picture->x[i] = picture->x[i - 1] + width[i - 1] + SPACE;
}

static void head(struct path_picture *picture)
{
	struct svg *svg = &picture->svg;
	char target[PROBE_COMMAND_TEXT], text[320], rtt[DURATION_TEXT];
	struct path_totals totals;

	path_totals(picture->path, &totals);
	probe_endpoint_text(path_comment(picture->path), target);
	(void)snprintf(text, sizeof(text), "Path to %.250s", target);
	picture->y = SVG_MARGIN + SVG_LINE;
	svg_text(svg, SVG_MARGIN, picture->y, SVG_START, SVG_HEADLINE, text);
	picture->y += SPACE;
	text[0] = '\0';
	if (totals.rtt_ns != INT64_MAX)
		(void)snprintf(text, sizeof(text), "%s round trip. ",
			duration_text(rtt, totals.rtt_ns));
	if (totals.peer_mss)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"MSS %u forward, %u back.", totals.peer_mss,
			totals.own_mss);
	svg_text(svg, SVG_MARGIN, picture->y, SVG_START, SVG_PLAIN, text);
	picture->y += SPACE;
	for (unsigned i = 0; i < columns_of(picture->path); i++)
		svg_text(svg, picture->x[i], picture->y, SVG_START, SVG_FAINT,
			heads[i]);
	picture->y += SVG_LINE / 2;
}

static bool is_on_link(const struct finding *finding, unsigned ttl)
{
	return finding->direction != PATH_REVERSE && finding->after_hop >= 0 &&
	       finding->before_hop != HOP_NOT_KNOWN &&
	       (int)ttl > finding->after_hop && (int)ttl <= finding->before_hop;
}

/* The link that leads to a hop, with what is wrong there. */
static void link_row(struct path_picture *picture, unsigned ttl)
{
	struct svg *svg = &picture->svg;
	const struct path *path = picture->path;
	unsigned found = 0;

	for (unsigned i = 0; i < path_finding_count(path); i++) {
		const struct finding *finding = path_finding(path, i);
		char text[128];

		if (!is_on_link(finding, ttl))
			continue;
		svg_vertical(svg, LINE_X, picture->y, picture->y + ROW, false);
		(void)snprintf(text, sizeof(text), "%.60s · %s",
			finding_title(finding->kind),
			grade_word(finding->grade));
		svg_text(svg, TEXT_X, picture->y + ROW / 2 + 4, SVG_START,
			SVG_BAD, text);
		found++;
		picture->y += ROW;
	}
	if (found)
		svg_text(svg, LINE_X, picture->y - ROW / 2 + 5, SVG_MIDDLE,
			SVG_BAD, "╳");
	else
		svg_vertical(svg, LINE_X, picture->y, picture->y + 8, false);
	picture->y += found ? 0 : 8;
}

static void hop_row(struct path_picture *picture, unsigned index)
{
	struct svg *svg = &picture->svg;
	const struct path_hop *hop = path_hop(picture->path, index);
	unsigned count = columns_of(picture->path);
	char cells[CELLS][CELL];
	bool is_last = index + 1 == path_hop_count(picture->path);

	link_row(picture, hop->ttl);
	hop_cells(cells, picture->path, index);
	svg_vertical(svg, LINE_X, picture->y,
		picture->y + (is_last ? ROW / 2 : ROW), false);
	svg_dot(svg, hop->has_address || hop->is_target ? SVG_PLAIN : SVG_FAINT,
		LINE_X, picture->y + ROW / 2,
		hop->has_address || hop->is_target ? 5 : 3);
	for (unsigned i = 0; i < count; i++)
		svg_text(svg, picture->x[i], picture->y + ROW / 2 + 4,
			SVG_START,
			hop->is_target	   ? SVG_STRONG
			: hop->has_address ? SVG_PLAIN
					   : SVG_FAINT,
			cells[i]);
	picture->y += ROW;
}

static void findings(struct path_picture *picture)
{
	const struct path *path = picture->path;
	char text[FINDING_ADVICE + 128];

	picture->y += SPACE;
	for (unsigned i = 0; i < path_finding_count(path); i++) {
		const struct finding *finding = path_finding(path, i);
		const char *direction =
			finding_direction_word(finding->direction);
		char mtu[32] = "";

		if (finding->mtu)
			(void)snprintf(
				mtu, sizeof(mtu), ", %u bytes", finding->mtu);
		(void)snprintf(text, sizeof(text), "%.60s · %s%s%s%s",
			finding_title(finding->kind),
			grade_word(finding->grade), direction ? ", " : "",
			direction ? direction : "", mtu);
		picture->y = svg_paragraph(&picture->svg, SVG_MARGIN,
			picture->y, NOTE_COLUMNS, SVG_STRONG, text);
		if (finding->advice[0])
			picture->y = svg_paragraph(&picture->svg,
				SVG_MARGIN + SPACE, picture->y, NOTE_COLUMNS,
				SVG_PLAIN, finding->advice);
	}
	if (path_finding_count(path) == 0)
		picture->y = svg_paragraph(&picture->svg, SVG_MARGIN,
			picture->y, NOTE_COLUMNS, SVG_PLAIN,
			"Nothing was found that is wrong.");
}

static void draw(struct path_picture *picture)
{
	head(picture);
	svg_dot(&picture->svg, SVG_PLAIN, LINE_X, picture->y + ROW / 2, 5);
	svg_text(&picture->svg, TEXT_X, picture->y + ROW / 2 + 4, SVG_START,
		SVG_PLAIN, "this host");
	svg_vertical(&picture->svg, LINE_X, picture->y + ROW / 2,
		picture->y + ROW, false);
	picture->y += ROW;
	for (unsigned i = 0; i < path_hop_count(picture->path); i++)
		hop_row(picture, i);
	findings(picture);
}

static void draw_path(const struct path *path, FILE *out, bool is_png)
{
	struct path_picture picture = {.svg = {.is_png = is_png}, .path = path};
	char target[PROBE_COMMAND_TEXT], title[320], description[400];

	place_columns(&picture);
	draw(&picture); /* to be measured */
	probe_endpoint_text(path_comment(path), target);
	(void)snprintf(title, sizeof(title), "Path to %.250s", target);
	(void)snprintf(description, sizeof(description),
		"Path to %.250s: %u hops, %u findings.", target,
		path_hop_count(path), path_finding_count(path));
	picture.svg.out = out;
	svg_begin(&picture.svg, title, description);
	draw(&picture);
	svg_end(&picture.svg);
}

void path_svg(const struct path *path, const struct style *style, FILE *out)
{
	(void)style; /* pictures have their own */
	draw_path(path, out, false);
}

void path_png(const struct path *path, const struct style *style, FILE *out)
{
	(void)style;
	draw_path(path, out, true);
}
