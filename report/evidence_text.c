#include "report/evidence_text.h"

#include <inttypes.h>

enum { FEW_FACTS = 5 };

/* "#12", or "#12 at server" of a frame that was recorded elsewhere. */
static void against_text(char *text, size_t size,
	const struct report_source *source, const struct evidence_row *row)
{
	const char *there = report_place_name(source, row->against);
	bool is_elsewhere = there != report_place_name(source, row->frame);

	(void)snprintf(text, size, " (#%" PRIu64 "%s%.100s)",
		report_frame(source, row->against), is_elsewhere ? " at " : "",
		is_elsewhere ? there : "");
}

static void fact_row(const struct layout *layout, unsigned indent,
	const struct report_source *source, const struct evidence_row *row)
{
	static const char *const truths[] = {
		[TRUTH_UNKNOWN] = "not known",
		[TRUTH_NO] = "no",
		[TRUTH_YES] = "yes",
	};
	static const char *const signs[] = {
		[WEIGHT_NEUTRAL] = " ",
		[WEIGHT_FOR] = "+",
		[WEIGHT_AGAINST] = "-",
	};
	char text[3 * FOUND_BYTES + 300], part[160];
	size_t at = (size_t)snprintf(
		text, sizeof(text), "%s: %s", row->fact, truths[row->holds]);

	if (row->found[0] && at < sizeof(text))
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, ", found %s", row->found);
	if (row->frame != 0 && at < sizeof(text)) {
		(void)snprintf(part, sizeof(part), " (#%" PRIu64 ")",
			report_frame(source, row->frame));
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s", part);
	}
	if (row->expected[0] && at < sizeof(text))
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			", expected %s", row->expected);
	if (row->against != 0 && at < sizeof(text)) {
		against_text(part, sizeof(part), source, row);
		(void)snprintf(text + at, sizeof(text) - at, "%s", part);
	}
	layout_space(layout, indent + 2);
	layout_text(layout, INK_PLAIN, signs[row->weight]);
	layout_wrap(layout, indent + 3, indent + 4, INK_PLAIN, text);
}

void evidence_lines(const struct layout *layout, unsigned indent,
	const struct report_source *source, const struct incident *incident)
{
	bool is_all = layout->style->verbosity > 0;
	unsigned shown = 0, known = 0;

	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (incident->evidence[i].holds != TRUTH_UNKNOWN)
			known++;
	for (unsigned i = 0; i < incident->evidence_count; i++) {
		if (incident->evidence[i].holds == TRUTH_UNKNOWN ||
			(!is_all && shown == FEW_FACTS))
			continue;
		if (shown++ == 0) {
			layout_space(layout, indent);
			layout_text(layout, INK_STRONG, "Evidence:");
			layout_text(layout, INK_FAINT,
				" + for this, - for another explanation");
			(void)fputc('\n', layout->out);
		}
		fact_row(layout, indent, source, &incident->evidence[i]);
	}
	for (unsigned i = 0; is_all && i < incident->evidence_count; i++)
		if (incident->evidence[i].holds == TRUTH_UNKNOWN)
			fact_row(
				layout, indent, source, &incident->evidence[i]);
	if (!is_all && incident->evidence_count > shown) {
		char line[64];
		unsigned unknown = incident->evidence_count - known;

		(void)snprintf(line, sizeof(line),
			unknown ? "… %u more with -v, %u of them not known"
				: "… %u more with -v",
			incident->evidence_count - shown, unknown);
		layout_wrap(layout, 0, indent + 2, INK_FAINT, line);
	}
}
