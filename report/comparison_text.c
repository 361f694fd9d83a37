/* A comparison for people: what each two neighbouring points have in common,
 * what was changed, lost or forged between them, the packets of the worst, and
 * on which side of each point the culprit of every incident is. */
#include "report/comparison.h"

#include <inttypes.h>
#include <string.h>

#include "analysis/compare/culprit_side.h"
#include "report/clock.h"
#include "report/comparison_findings.h"
#include "report/comparison_notes.h"
#include "report/incident_text.h"
#include "report/layout.h"

enum { FEW = 10, LINE = 512 };

/* "client → r1 → server: 1 connection in common, 26 packets" */
static void first_line(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct report_source *source = comparison->source;
	const struct compare *compare = comparison->compare;
	char text[LINE], shared[COUNT_TEXT], packets[COUNT_TEXT];
	unsigned at = 0;

	for (unsigned i = 0; i < source->place_count; i++) {
		(void)snprintf(text, sizeof(text), "%s%.80s", i ? " → " : "",
			source->places[i].name);
		layout_text(layout, INK_STRONG, text);
		at += layout_columns(text);
	}
	(void)snprintf(text, sizeof(text),
		": %s packet%s, %s connection%s in common.",
		count_text(packets, source->totals.packets),
		count_plural(source->totals.packets),
		count_text(shared, compare->shared),
		count_plural(compare->shared));
	layout_wrap(layout, at, 2, INK_PLAIN, text);
}

static void clock_words(
	char text[LINE], const struct clock_offset *clock, const char *first)
{
	char apart[DURATION_TEXT], error[DURATION_TEXT];
	size_t at;

	if (!clock->is_known) {
		(void)snprintf(text, LINE,
			"how far its clock is from %.80s's is not known",
			first);
		return;
	}
	if (clock->offset_ns <= clock->error_ns &&
		clock->offset_ns >= -clock->error_ns)
		at = (size_t)snprintf(text, LINE,
			"its clock agrees with %.80s's (± %s)", first,
			duration_text(error, clock->error_ns));
	else
		at = (size_t)snprintf(text, LINE, "its clock is %s %s (± %s)",
			duration_text(apart, clock->offset_ns < 0
						     ? -clock->offset_ns
						     : clock->offset_ns),
			clock->offset_ns < 0 ? "behind" : "ahead",
			duration_text(error, clock->error_ns));
	if (clock->skew_ppm != 0)
		(void)snprintf(text + at, LINE - at, " and runs %.1f ppm %s",
			clock->skew_ppm < 0 ? -clock->skew_ppm
					    : clock->skew_ppm,
			clock->skew_ppm < 0 ? "slower" : "faster");
}

static void point_lines(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct report_source *source = comparison->source;
	const struct compare *compare = comparison->compare;

	for (unsigned i = 0; i < source->place_count; i++) {
		const struct report_place *place = &source->places[i];
		char line[2 * LINE], clock[LINE] = "", only[COUNT_TEXT];
		char packets[COUNT_TEXT], name[NAME_TEXT], first[NAME_TEXT];
		size_t at = (size_t)snprintf(line, sizeof(line),
			"%.80s: %s packet%s", name_text(name, place->name),
			count_text(packets, place->packets),
			count_plural(place->packets));

		if (compare->only[i])
			at += (size_t)snprintf(line + at, sizeof(line) - at,
				", %s connection%s that no other point has",
				count_text(only, compare->only[i]),
				count_plural(compare->only[i]));
		if (i > 0 && compare->shared)
			clock_words(clock, &place->clock,
				name_text(first, source->places[0].name));
		if (clock[0])
			(void)snprintf(
				line + at, sizeof(line) - at, "; %s", clock);
		layout_wrap(layout, 2, 4, INK_PLAIN, line);
	}
}

static void add_count(char line[LINE], uint64_t count, const char *words)
{
	char text[COUNT_TEXT];
	size_t at = strlen(line);

	if (count)
		(void)snprintf(line + at, LINE - at, ", %s %s",
			count_text(text, count), words);
}

/* "client → server   7 packets, 5 arrived, 2 lost; 5.8 ms" */
static void span_line(const struct layout *layout,
	const struct comparison *comparison, const struct span *span)
{
	char near[LANE_TEXT], far[LANE_TEXT], line[LINE], count[COUNT_TEXT];
	char least[DURATION_TEXT], median[DURATION_TEXT];
	unsigned first = span->is_to_server ? span->after : span->before;
	unsigned last = span->is_to_server ? span->before : span->after;

	(void)lane_text(near, comparison, first);
	(void)lane_text(far, comparison, last);
	(void)snprintf(line, sizeof(line), "%.80s → %.80s: %s packet%s", near,
		far, count_text(count, span->sent), count_plural(span->sent));
	add_count(line, span->count[OUTCOME_ARRIVED], "arrived");
	add_count(line, span->count[OUTCOME_DELAYED], "arrived late");
	add_count(line, span->count[OUTCOME_LOST], "lost");
	add_count(line, span->count[OUTCOME_NEVER_SENT], "never sent");
	add_count(line, span->count[OUTCOME_DUPLICATED], "duplicated");
	add_count(line, span->count[OUTCOME_NOT_RECORDED],
		"missed by a recorder");
	add_count(line, span->count[OUTCOME_NOT_JUDGED], "not judged");
	if (span->delay_count) {
		size_t at = strlen(line);

		(void)snprintf(line + at, sizeof(line) - at,
			"; median transit time %s, least %s",
			duration_text(median,
				span->median_ns < 0 ? 0 : span->median_ns),
			duration_text(least,
				span->least_ns < 0 ? 0 : span->least_ns));
	}
	layout_wrap(layout, 2, 4, INK_PLAIN, line);
}

/* Of one direction. */
static void span_lines(const struct layout *layout,
	const struct comparison *comparison, bool is_to_server)
{
	const struct compare *compare = comparison->compare;

	for (unsigned i = 0; i < compare->span_count; i++)
		if (compare->spans[i].is_to_server == is_to_server)
			span_line(layout, comparison, &compare->spans[i]);
}

/* "between client and server", "the server's side of server"; `is_at`: it may
 * come from a device at the capture point's own place. */
static void side_words(char text[LINE], const struct comparison *comparison,
	const struct culprit_side *side, bool is_at)
{
	char after[LANE_TEXT], before[LANE_TEXT];

	if (side->after == NO_LANE)
		(void)snprintf(text, LINE, "the client's side of %.80s%s",
			lane_text(before, comparison, side->before),
			is_at ? ", or that place itself" : "");
	else if (side->before == NO_LANE)
		(void)snprintf(text, LINE, "the server's side of %.80s%s",
			lane_text(after, comparison, side->after),
			is_at ? ", or that place itself" : "");
	else
		(void)snprintf(text, LINE, "between %.80s and %.80s",
			lane_text(after, comparison, side->after),
			lane_text(before, comparison, side->before));
}

/* Of several points' verdicts on one connection the first is told. */
static bool was_told(const struct report_source *source, uint64_t index,
	const struct incident *incident)
{
	uint64_t from = index > FEW ? index - FEW : 0;

	for (uint64_t i = from; i < index; i++) {
		struct incident before;

		source->incident(source->context, i, &before);
		if (before.mechanism == incident->mechanism &&
			before.culprit == incident->culprit &&
			before.flow.server.port == incident->flow.server.port &&
			memcmp(&before.flow.server.address,
				&incident->flow.server.address,
				sizeof(before.flow.server.address)) == 0 &&
			before.began_ns / SECOND_NS ==
				incident->began_ns / SECOND_NS)
			return true;
	}
	return false;
}

/* That a device sent it stands above, with the packets. */
static bool is_told_as_forged(
	const struct comparison *comparison, const struct incident *incident)
{
	struct culprit_side side;

	return incident->mechanism == MECHANISM_INJECTED &&
	       culprit_side_of(comparison->compare, incident->frame, &side) &&
	       side.outcome->kind == OUTCOME_NEVER_SENT &&
	       side.outcome->grade == incident->grade;
}

static void side_line(const struct layout *layout,
	const struct comparison *comparison, const struct incident *incident)
{
	char line[2 * LINE], where[LINE];
	struct culprit_side side;

	if (!culprit_side_of(comparison->compare, incident->frame, &side))
		return;
	side_words(where, comparison, &side,
		culprit_side_is_beside_forged(
			comparison->compare, incident->frame));
	(void)snprintf(line, sizeof(line),
		"The packet that ended it %s %s (%s).",
		side.outcome->kind == OUTCOME_LOST ? "was lost" : "came from",
		where, grade_word(side.outcome->grade));
	layout_wrap(layout, 0, 4, INK_STRONG, line);
}

static void incident_lines(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct report_source *source = comparison->source;
	unsigned few = layout->style->verbosity ? UINT16_MAX : FEW, told = 0;

	for (uint64_t i = 0; i < source->incident_count && told < few; i++) {
		struct incident incident;
		struct incident_block block = {.source = source, .members = 1};

		source->incident(source->context, i, &incident);
		if (was_told(source, i, &incident) ||
			(layout->style->verbosity == 0 &&
				is_told_as_forged(comparison, &incident)))
			continue;
		block.incident = &incident;
		block.number = ++told;
		(void)fputc('\n', layout->out);
		incident_headline(layout, &block);
		incident_sentence(layout, &incident);
		side_line(layout, comparison, &incident);
		incident_see_lines(layout, source, &incident);
	}
	if (told == few)
		layout_wrap(layout, 0, 2, INK_FAINT,
			"More with -v; `culprit analyze --at` groups them.");
}

static void quiet_lines(
	const struct layout *layout, const struct comparison *comparison)
{
	struct comparison_findings findings;

	if (comparison->compare->shared == 0)
		(void)fputs("nothing in common\n", layout->out);
	if (!comparison_findings_make(&findings, comparison->compare))
		return;
	for (uint32_t i = 0; i < findings.count; i++)
		comparison_finding_line(layout, comparison, &findings.rows[i]);
	comparison_findings_free(&findings);
}

void comparison_text(const struct comparison *comparison,
	const struct style *style, FILE *out)
{
	const struct compare *compare = comparison->compare;
	struct layout layout = {
		out, style, comparison->source->totals.first_ns};
	struct style wide = *style;

	if (style->is_quiet) { /* a line each */
		wide.columns = UINT16_MAX;
		layout.style = &wide;
		quiet_lines(&layout, comparison);
		return;
	}
	first_line(&layout, comparison);
	if (compare->shared == 0) {
		comparison_notes_none_shared(&layout, comparison);
		if (compare->outcome_count)
			comparison_findings_text(&layout, comparison);
		return;
	}
	point_lines(&layout, comparison);
	comparison_notes(&layout, comparison);
	(void)fputc('\n', out);
	span_lines(&layout, comparison, true);
	span_lines(&layout, comparison, false);
	comparison_findings_text(&layout, comparison);
	incident_lines(&layout, comparison);
}
