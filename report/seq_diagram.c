#include "report/seq_diagram.h"

#include <inttypes.h>
#include <string.h>

#include "report/incident_text.h"
#include "report/ladder.h"
#include "report/layout.h"

enum { WIDE = 44, NARROW = 30, BESIDE = 30 };

/* Columns between the two lanes. */
static int width_of(const struct ladder *ladder)
{
	int room = (int)ladder->view->style->columns - BESIDE;

	return room > WIDE ? WIDE : room < NARROW ? NARROW : room;
}

/* From the left one to the middle. */
static int middle_of(const struct ladder *ladder)
{
	return width_of(ladder) / 2;
}

static const char line_character[] = "─";

/* The column of the lane that is crossed; below 0: there is none. */
static int middle(const struct ladder *ladder)
{
	return ladder->device_count > 0 ? middle_of(ladder) : -1;
}

static void rule(FILE *out, int columns, int crossing)
{
	for (int i = 0; i < columns; i++)
		(void)fputs(i == crossing ? "┼" : line_character, out);
}

static void blank(FILE *out, int columns, int crossing)
{
	for (int i = 0; i < columns; i++)
		(void)fputs(i == crossing ? "│" : " ", out);
}

/* An arrow of `columns`, its label near the tail. `crossing` is the column at
 * which a lane is crossed, or below 0. */
static void arrow(const struct layout *layout, enum ink ink, bool is_rightward,
	const char *label, int columns, int crossing)
{
	FILE *out = layout->out;
	int label_columns = (int)layout_columns(label) + 2;
	int shaft = columns - label_columns - 2; /* tail and head */

	if (is_rightward) {
		(void)fputs(line_character, out);
		(void)fputc(' ', out);
		layout_text(layout, ink, label);
		(void)fputc(' ', out);
		rule(out, shaft, crossing - 1 - label_columns);
		(void)fputs("▶", out);
		return;
	}
	(void)fputs("◀", out);
	rule(out, shaft, crossing - 1);
	(void)fputc(' ', out);
	layout_text(layout, ink, label);
	(void)fputc(' ', out);
	(void)fputs(line_character, out);
}

/* An arrow that ends on the way, before the lane in the middle. */
static void lost_arrow(const struct layout *layout, const struct ladder *ladder,
	enum ink ink, bool is_rightward, const char *label)
{
	const int width = width_of(ladder), half = middle_of(ladder);
	FILE *out = layout->out;
	int shaft = half - (int)layout_columns(label) - 5;

	if (shaft < 0)
		shaft = 0;
	int rest = width - (shaft + (int)layout_columns(label) + 4);
	int crossing = middle(ladder) < 0 ? -1
		       : is_rightward	  ? half - (width - rest)
					  : half;

	if (!is_rightward) {
		blank(out, rest, crossing);
		(void)fputs("╳", out);
		rule(out, shaft, -1);
		(void)fputc(' ', out);
		layout_text(layout, ink, label);
		(void)fputs(" ─", out);
		return;
	}
	(void)fputs("─ ", out);
	layout_text(layout, ink, label);
	(void)fputc(' ', out);
	rule(out, shaft, -1);
	(void)fputs("╳", out);
	blank(out, rest, crossing);
}

static void arrow_between(const struct layout *layout,
	const struct ladder *ladder, const struct flow_packet *packet)
{
	FILE *out = layout->out;
	char label[LADDER_LABEL];
	enum ink ink = ladder_is_fatal(ladder, packet) ? INK_BAD : INK_PLAIN;
	bool is_rightward = ladder_is_rightward(packet);

	(void)ladder_label(label, packet);
	(void)fputs("│ ", out);
	if (ladder_is_lost(ladder, packet)) {
		lost_arrow(layout, ladder, ink, is_rightward, label);
	} else if (ladder_device(ladder, packet) == LADDER_ENDPOINT) {
		arrow(layout, ink, is_rightward, label, width_of(ladder),
			middle(ladder));
	} else if (is_rightward) {
		blank(out, middle_of(ladder), -1);
		(void)fputs("├ ", out);
		arrow(layout, ink, true, label,
			width_of(ladder) - middle_of(ladder) - 2, -1);
	} else {
		arrow(layout, ink, false, label, middle_of(ladder) - 1, -1);
		(void)fputs(" ┤", out);
		blank(out, width_of(ladder) - middle_of(ladder) - 1, -1);
	}
	(void)fputs(" │", out);
}

static void headings(const struct layout *layout, const struct ladder *ladder,
	unsigned frame_columns)
{
	const struct packet_view *view = ladder->view;
	char name[LADDER_NAME] = "", flow[FLOW_TEXT];

	if (!view->incident) {
		layout_text(layout, INK_STRONG,
			flow_text(flow, &view->packets->follower.flow));
		(void)fputc('\n', layout->out);
	} else {
		struct incident_block block = {.source = view->source,
			.incident = view->incident,
			.members = 1};

		incident_headline(layout, &block);
		incident_sentence(layout, view->incident);
		if (layout->style->times != TIMES_RELATIVE)
			incident_moment(layout, &block);
	}
	(void)fputc('\n', layout->out);
	/* All devices share one column. */
	if (ladder->device_count > 0)
		(void)ladder_device_name(name, ladder, 0);
	int left = (int)strlen(name) / 2;
	(void)fprintf(layout->out, "%*sclient%*s%s%*sserver\n",
		(int)frame_columns, "", middle_of(ladder) - 4 - left, "", name,
		width_of(ladder) - middle_of(ladder) - 2 -
			((int)strlen(name) - left),
		"");
}

/* A row without an arrow: the gap between two packets. */
static void gap_row(const struct layout *layout, const struct ladder *ladder,
	unsigned place, unsigned frame_columns)
{
	char text[LADDER_GAP];
	bool is_silence;

	(void)ladder_gap(text, &is_silence, ladder->list[place - 1],
		ladder->list[place]);
	if (!text[0])
		return;
	int width = width_of(ladder), words = (int)layout_columns(text);
	bool is_inside = frame_columns + (unsigned)(width + words) + 8 >
				 layout->style->columns &&
			 words < width;

	layout_space(layout, frame_columns + 2);
	(void)fputs("│ ", layout->out);
	if (is_inside) /* no room beside the lanes */
		layout_space(layout, (unsigned)(width - words) / 2);
	else
		blank(layout->out, width, middle(ladder));
	if (!is_inside)
		(void)fputs(" │  ", layout->out);
	layout_text(layout, is_silence ? INK_DOUBT : INK_FAINT, text);
	if (is_inside) {
		layout_space(layout, (unsigned)(width - words + 1) / 2);
		(void)fputs(" │", layout->out);
	}
	(void)fputc('\n', layout->out);
}

static void packet_row(const struct layout *layout, struct footnotes *footnotes,
	const struct ladder *ladder, const struct flow_packet *packet,
	unsigned frame_columns)
{
	char frame[32], time[LADDER_TIME], note[LADDER_NOTE];
	bool is_marked = ladder_is_fatal(ladder, packet);

	(void)snprintf(frame, sizeof(frame), "#%" PRIu64,
		report_frame(ladder->view->source, packet->packet.frame));
	(void)fprintf(layout->out, "%s%-*s ", is_marked ? "> " : "  ",
		(int)frame_columns - 1, frame);
	arrow_between(layout, ladder, packet);
	bool is_day = layout->style->times == TIMES_UTC ||
		      layout->style->times == TIMES_LOCAL;
	unsigned time_columns = is_day ? 15 : 12;

	(void)fprintf(layout->out, " %*s", (int)time_columns,
		ladder_time(time, ladder, packet));
	(void)ladder_note(note, ladder, footnotes, packet);
	unsigned at = 2 + frame_columns + 2 + (unsigned)width_of(ladder) + 2 +
		      1 + time_columns;
	unsigned columns = layout->style->columns;

	if (at + 26 > columns && at + 2 + layout_columns(note) > columns) {
		/* no room beside the diagram for more than a few words */
		(void)fputc('\n', layout->out);
		layout_wrap(layout, 0, frame_columns + 6,
			is_marked ? INK_BAD : INK_PLAIN, note);
		return;
	}
	(void)fputs("  ", layout->out);
	at += 2;
	layout_wrap(layout, at, at, is_marked ? INK_BAD : INK_PLAIN, note);
}

void seq_diagram_print(const struct packet_view *view)
{
	struct layout layout = {view->out, view->style, INT64_MIN};
	struct footnotes footnotes = {0};
	struct ladder ladder;
	unsigned frame_columns = 2;

	ladder_begin(&ladder, view);
	for (unsigned i = 0; i < ladder.count; i++) {
		char frame[32];
		unsigned columns = (unsigned)snprintf(frame, sizeof(frame),
			"#%" PRIu64 " ",
			report_frame(
				view->source, ladder.list[i]->packet.frame));

		if (columns > frame_columns)
			frame_columns = columns;
	}
	headings(&layout, &ladder, frame_columns);
	for (unsigned i = 0; i < ladder.count; i++) {
		if (i > 0)
			gap_row(&layout, &ladder, i, frame_columns);
		packet_row(&layout, &footnotes, &ladder, ladder.list[i],
			frame_columns);
	}
	if (ladder.count == 0)
		layout_wrap(&layout, 0, 0, INK_DOUBT,
			"No packet of this connection is in the capture.");
	footnotes_print(&layout, view->source, &footnotes);
}
