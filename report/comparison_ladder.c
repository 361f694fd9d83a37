#include "report/comparison_ladder.h"

#include <inttypes.h>
#include <string.h>

#include "report/clock.h"
#include "report/packet_text.h"

enum { BEFORE = 5, AFTER = 4, INDENT = 6, TIME_COLUMNS = 16, LEAST_GAP = 12 };

/* How wide a gap between two lanes may be. */
static unsigned gap_of(const struct layout *layout, unsigned lanes)
{
	unsigned columns = layout->style->columns;
	unsigned room = columns > INDENT + TIME_COLUMNS + lanes + 2
				? columns - INDENT - TIME_COLUMNS - lanes - 2
				: 0;
	unsigned gap = lanes > 1 ? room / (lanes - 1) : room;

	if (gap > 28)
		gap = 28;
	return gap < LEAST_GAP ? LEAST_GAP : gap;
}

static void repeat(FILE *out, const char *text, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)fputs(text, out);
}

static void heads(const struct layout *layout,
	const struct comparison *comparison, const struct path_conn *group,
	unsigned gap)
{
	layout_space(layout, INDENT);
	for (unsigned i = 0; i < group->lane_count; i++) {
		char text[LANE_TEXT], cut[LANE_TEXT];
		unsigned columns;

		(void)lane_text(text, comparison, group->lanes[i]);
		/* names of one router's lanes differ at their end */
		if (layout_columns(text) >= gap && strlen(text) > gap)
			(void)snprintf(cut, sizeof(cut), "…%s",
				text + strlen(text) - (gap - 2));
		else
			(void)snprintf(
				cut, sizeof(cut), "%.*s", (int)gap - 1, text);
		columns = layout_columns(cut);
		layout_text(layout, INK_STRONG, cut);
		if (i + 1 < group->lane_count)
			layout_space(layout,
				gap + 1 > columns ? gap + 1 - columns : 1);
	}
	(void)fputc('\n', layout->out);
}

/* What happens in the gap behind lane `left`: lanes as the picture has them,
 * from the client to the server. */
enum gap_kind { GAP_EMPTY, GAP_ARROW, GAP_LOST, GAP_ENTERED };

static enum gap_kind gap_kind_of(
	const struct ladder_packet *packet, unsigned left)
{
	const struct row_set *rows = packet->rows;
	unsigned lanes = rows->lane_count;
	unsigned near = rows->is_to_server ? left : lanes - 2 - left;
	unsigned first = row_first(rows, packet->row);
	unsigned last = row_last(rows, packet->row);

	if (near >= first && near < last)
		return GAP_ARROW;
	if (near == last && last + 1 < lanes)
		return GAP_LOST;
	return first > 0 && near == first - 1 ? GAP_ENTERED : GAP_EMPTY;
}

static void label_of(char label[PACKET_TEXT], const struct seen_packet *seen)
{
	char flags[FLAGS_TEXT];

	if (seen->payload_bytes)
		(void)snprintf(label, PACKET_TEXT, "%s %u",
			tcp_flags_text(flags, seen->flags),
			seen->payload_bytes);
	else
		(void)snprintf(label, PACKET_TEXT, "%s",
			tcp_flags_text(flags, seen->flags));
}

/* A packet that gets lost, or that a device sends, is half an arrow. */
static void shaft(const struct layout *layout, unsigned gap, enum gap_kind kind,
	bool is_rightward, const char *label)
{
	unsigned length = kind == GAP_ARROW ? gap : gap / 2 + 1;
	unsigned words = layout_columns(label), line = length - 2;
	bool is_left = (kind == GAP_LOST) == is_rightward;
	bool has_label = words <= line, is_tight = words + 2 > line;
	FILE *out = layout->out;

	if (has_label)
		line -= words + (is_tight ? 0 : 2);
	if (kind != GAP_ARROW && !is_left)
		layout_space(layout, gap - length);
	if (is_rightward)
		(void)fputs(kind == GAP_ENTERED ? "├" : "─", out);
	else
		(void)fputs(kind == GAP_LOST ? "╳" : "◀", out);
	if (has_label && is_rightward)
		(void)fprintf(out, is_tight ? "%s" : " %s ", label);
	repeat(out, "─", line);
	if (has_label && !is_rightward)
		(void)fprintf(out, is_tight ? "%s" : " %s ", label);
	if (is_rightward)
		(void)fputs(kind == GAP_LOST ? "╳" : "▶", out);
	else
		(void)fputs(kind == GAP_ENTERED ? "┤" : "─", out);
	if (kind != GAP_ARROW && is_left)
		layout_space(layout, gap - length);
}

static void packet_line(const struct layout *layout,
	const struct ladder_packet *packet, unsigned gap, int64_t origin_ns,
	bool is_marked)
{
	const struct row_set *rows = packet->rows;
	const struct seen_packet *seen =
		row_packet(rows, packet->row, row_first(rows, packet->row));
	char label[PACKET_TEXT], frame[64], clock[CLOCK_TEXT];
	enum times times = layout->style->times;

	label_of(label, seen);
	(void)fprintf(layout->out, "    %s ", is_marked ? ">" : " ");
	for (unsigned left = 0; left < rows->lane_count; left++) {
		enum gap_kind kind;

		(void)fputs("│", layout->out);
		if (left + 1 == rows->lane_count)
			break;
		kind = gap_kind_of(packet, left);
		if (kind == GAP_EMPTY)
			layout_space(layout, gap);
		else
			shaft(layout, gap, kind, rows->is_to_server, label);
	}
	if (times == TIMES_UTC || times == TIMES_LOCAL)
		(void)snprintf(frame, sizeof(frame), " %s",
			packet_clock_text(clock, layout, packet->time_ns));
	else
		(void)snprintf(frame, sizeof(frame), " %+.6f",
			(double)(packet->time_ns - origin_ns) / 1e9);
	layout_text(layout, is_marked ? INK_BAD : INK_PLAIN, frame);
	(void)fputc('\n', layout->out);
}

static bool is_of(const struct ladder_packet *packet, uint64_t frame)
{
	for (unsigned lane = 0; lane < packet->rows->lane_count; lane++) {
		const struct seen_packet *seen =
			row_packet(packet->rows, packet->row, lane);

		if (seen && seen->frame == frame)
			return true;
	}
	return false;
}

void comparison_ladder_text(const struct layout *layout,
	const struct comparison *comparison, const struct outcome *outcome)
{
	const struct path_conn *group =
		&comparison->compare->set.groups[outcome->group];
	unsigned gap = gap_of(layout, group->lane_count);
	struct compare_ladder ladder;
	uint32_t at = 0, from, to;

	if (!compare_ladder_make(&ladder, comparison->compare, outcome->group))
		return;
	while (at < ladder.count && !is_of(&ladder.packets[at], outcome->frame))
		at++;
	from = at > BEFORE ? at - BEFORE : 0;
	to = at + AFTER < ladder.count ? at + AFTER : ladder.count;
	(void)fputc('\n', layout->out);
	heads(layout, comparison, group, gap);
	for (uint32_t i = from; i < to; i++)
		packet_line(layout, &ladder.packets[i], gap,
			ladder.packets[from].time_ns, i == at);
	compare_ladder_release(&ladder);
}
