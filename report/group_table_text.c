#include "report/group_table_text.h"

#include <assert.h>
#include <string.h>

#include "report/clock.h"
#include "report/group_text.h"
#include "report/titles.h"

enum table_column {
	COLUMN_COUNT,
	COLUMN_FAILURE,
	COLUMN_CULPRIT,
	COLUMN_GRADE,
	COLUMN_FIRST,
	COLUMN_LAST,
	COLUMNS, /* and where, which may take several lines */
};
enum { CELL_TEXT = 48, GAP = 2, WHERE_INDENT = 8 };

/* What is common to all rows. */
struct table {
	const struct layout *layout;
	const struct groups *groups;
	uint32_t rows; /* that are shown */
	bool is_dated;
	bool is_left_out[COLUMNS];
	unsigned widths[COLUMNS];
	char last_head[CLOCK_TEXT + 8]; /* "to (UTC)" */
};

static const char *cell_text(char text[CELL_TEXT], const struct table *table,
	const struct group_row *row, enum table_column column)
{
	const struct group *first = table->groups->entries[row->entry].group;

	switch (column) {
	case COLUMN_COUNT:
		return count_text(text, row->connections);
	case COLUMN_FAILURE:
		return failure_title((enum mechanism)row->mechanism,
			(enum party)row->culprit, &first->key.look);
	case COLUMN_CULPRIT:
		return culprit_title((enum party)row->culprit);
	case COLUMN_GRADE:
		return grade_word((enum grade)row->grade);
	case COLUMN_FIRST:
		return clock_text(
			text, table->layout, row->first_ns, table->is_dated);
	case COLUMN_LAST:
		return clock_text(
			text, table->layout, row->last_ns, table->is_dated);
	case COLUMNS:
		break;
	}
	return "";
}
static_assert(
	(int)COUNT_TEXT <= (int)CELL_TEXT && (int)CLOCK_TEXT <= (int)CELL_TEXT,
	"a cell has room for a number and a time");

static const char *head_text(
	const struct table *table, enum table_column column)
{
	static const char *const heads[COLUMNS] = {
		[COLUMN_COUNT] = "#",
		[COLUMN_FAILURE] = "failure",
		[COLUMN_CULPRIT] = "culprit",
		[COLUMN_GRADE] = "grade",
		[COLUMN_FIRST] = "from",
	};

	return column == COLUMN_LAST ? table->last_head : heads[column];
}

static unsigned width_of(const struct table *table, enum table_column column)
{
	unsigned width = layout_columns(head_text(table, column));
	char text[CELL_TEXT];

	for (uint32_t i = 0; i < table->rows; i++) {
		unsigned columns = layout_columns(cell_text(
			text, table, &table->groups->rows[i], column));

		if (columns > width)
			width = columns;
	}
	return width;
}

/* Numbers end, words begin at the edge of their column. `before` spaces are
 * still owed to the cell before; returns how many are then owed to this one,
 * for nothing ends with spaces. */
static unsigned put_cell(const struct table *table, enum ink ink,
	enum table_column column, unsigned before, const char *text)
{
	unsigned rest = table->widths[column] - layout_columns(text);

	layout_space(table->layout,
		before + GAP + (column == COLUMN_COUNT ? rest : 0));
	layout_text(table->layout, ink, text);
	return column == COLUMN_COUNT ? 0 : rest;
}

static void where_cell(const struct table *table, unsigned at, unsigned before,
	const struct group_row *row)
{
	const struct layout *layout = table->layout;
	char where[GROUP_WHERE_TEXT], count[COUNT_TEXT];

	if (row->groups == 1)
		group_where(where, table->groups->entries[row->entry].group);
	else
		(void)snprintf(where, sizeof(where), "in %s groups",
			count_text(count, row->groups));
	if (at + GAP + strcspn(where, " ") > layout->style->columns) {
		(void)fputc('\n', layout->out);
		at = 0;
	} else {
		layout_space(layout, before + GAP);
		at += GAP;
	}
	layout_wrap(layout, at, WHERE_INDENT, INK_PLAIN, where);
}

/* Whether the table's times are of several days. */
static bool has_several_days(const struct table *table)
{
	int64_t first_ns = INT64_MIN;

	for (uint32_t i = 0; i < table->rows; i++) {
		const struct group_row *row = &table->groups->rows[i];

		if (row->first_ns == INT64_MIN)
			continue;
		if (first_ns == INT64_MIN)
			first_ns = row->first_ns;
		if (!clock_is_same_day(
			    table->layout, first_ns, row->first_ns) ||
			!clock_is_same_day(
				table->layout, first_ns, row->last_ns))
			return true;
	}
	return false;
}

static void name_zone(struct table *table)
{
	char zone[CLOCK_TEXT] = "";

	for (uint32_t i = 0; i < table->rows && !zone[0]; i++)
		clock_zone(zone, table->layout, table->groups->rows[i].last_ns);
	(void)snprintf(table->last_head, sizeof(table->last_head),
		zone[0] ? "to (%s)" : "to%s", zone);
}

/* Measures the columns and leaves out those for which there is no room; returns
 * the column of the screen at which the last one ends. */
static unsigned fit(struct table *table)
{
	static const enum table_column spared[] = {
		COLUMN_FIRST, COLUMN_LAST, COLUMN_CULPRIT};
	unsigned at = 0;

	for (unsigned i = 0; i < COLUMNS; i++) {
		table->widths[i] = width_of(table, (enum table_column)i);
		at += GAP + table->widths[i];
	}
	for (unsigned i = 0; i < sizeof(spared) / sizeof(spared[0]); i++) {
		if (at <= table->layout->style->columns)
			break;
		table->is_left_out[spared[i]] = true;
		at -= GAP + table->widths[spared[i]];
	}
	return at;
}

static void table_head(const struct table *table, unsigned at)
{
	const struct layout *layout = table->layout;
	unsigned before = 0;

	for (unsigned i = 0; i < COLUMNS; i++)
		if (!table->is_left_out[i])
			before = put_cell(table, INK_FAINT,
				(enum table_column)i, before,
				head_text(table, (enum table_column)i));
	if (at + GAP + strlen("where") <= layout->style->columns) {
		layout_space(layout, before + GAP);
		layout_text(layout, INK_FAINT, "where");
	}
	(void)fputc('\n', layout->out);
}

static void table_row(
	const struct table *table, const struct group_row *row, unsigned at)
{
	char text[CELL_TEXT];
	unsigned before = 0;

	for (unsigned i = 0; i < COLUMNS; i++)
		if (!table->is_left_out[i])
			before = put_cell(table,
				i <= COLUMN_FAILURE ? INK_STRONG : INK_PLAIN,
				(enum table_column)i, before,
				cell_text(text, table, row,
					(enum table_column)i));
	where_cell(table, at, before, row);
}

void group_table_text(
	const struct layout *layout, const struct groups *groups, uint32_t most)
{
	struct table table = {.layout = layout, .groups = groups};
	unsigned at;

	table.rows = groups->row_count < most ? groups->row_count : most;
	table.is_dated = has_several_days(&table);
	name_zone(&table);
	at = fit(&table);
	(void)fputc('\n', layout->out);
	table_head(&table, at);
	for (uint32_t i = 0; i < table.rows; i++)
		table_row(&table, &groups->rows[i], at);
	if (groups->row_count > most)
		layout_wrap(layout, 0, GAP, INK_FAINT,
			"… more rows with --top or -v");
}
