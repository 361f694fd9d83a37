#include "report/footnotes.h"

#include <inttypes.h>
#include <string.h>

void footnotes_mark(struct footnotes *footnotes, const struct evidence_row *row,
	char *text, size_t bytes)
{
	size_t length = strlen(text);

	if (footnotes->count == INCIDENT_EVIDENCE)
		return;
	footnotes->rows[footnotes->count++] = row;
	(void)snprintf(
		text + length, bytes - length, " (%u)", footnotes->count);
}

const char *footnote_text(char text[FOOTNOTE_TEXT],
	const struct report_source *source, const struct evidence_row *row)
{
	char against[32] = "";

	if (row->against != 0)
		(void)snprintf(against, sizeof(against), " (#%" PRIu64 ")",
			report_frame(source, row->against));
	(void)snprintf(text, FOOTNOTE_TEXT, "%s: %s%s%s%s%s%s", row->fact,
		row->holds == TRUTH_YES ? "yes" : "no",
		row->found[0] ? ", found " : "", row->found,
		row->expected[0] ? ", expected " : "", row->expected, against);
	return text;
}

static void print_one(const struct layout *layout,
	const struct report_source *source, unsigned number,
	const struct evidence_row *row)
{
	char text[FOOTNOTE_TEXT], mark[16];

	(void)snprintf(mark, sizeof(mark), "  (%u) ", number);
	layout_text(layout, INK_PLAIN, mark);
	layout_wrap(layout, layout_columns(mark), layout_columns(mark),
		INK_PLAIN, footnote_text(text, source, row));
}

void footnotes_print(const struct layout *layout,
	const struct report_source *source, const struct footnotes *footnotes)
{
	if (footnotes->count)
		(void)fputc('\n', layout->out);
	for (unsigned i = 0; i < footnotes->count; i++)
		print_one(layout, source, i + 1, footnotes->rows[i]);
}
