#include "report/comparison_findings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "report/address_text.h"
#include "report/comparison_ladder.h"
#include "report/incident_text.h"

enum { LINE = 512, ROWS_MOST = 256, SHOWN = 12, WITH_PICTURE = 3 };

static bool is_told(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_LOST ||
	       outcome->kind == OUTCOME_NEVER_SENT ||
	       outcome->kind == OUTCOME_DUPLICATED ||
	       outcome->kind == OUTCOME_DELAYED;
}

static bool is_same_kind(const struct outcome *one, const struct outcome *other)
{
	return one->kind == other->kind && one->grade == other->grade &&
	       one->reason == other->reason && one->after == other->after &&
	       one->before == other->before &&
	       one->is_to_server == other->is_to_server &&
	       ((one->flags ^ other->flags) & (TCP_RST | TCP_SYN)) == 0;
}

static bool is_same_change(
	const struct field_change *one, const struct field_change *other)
{
	return one->field == other->field && one->after == other->after &&
	       one->before == other->before &&
	       one->is_to_server == other->is_to_server;
}

/* The row that this belongs to; NULL: no room for another. */
static struct comparison_finding *row_of(struct comparison_findings *findings,
	const struct outcome *outcome, const struct field_change *change)
{
	struct comparison_finding *rows = findings->rows;

	assert(outcome || change);
	for (uint32_t i = 0; i < findings->count; i++)
		if (outcome ? rows[i].outcome &&
					is_same_kind(rows[i].outcome, outcome)
			    : rows[i].change &&
					is_same_change(rows[i].change, change))
			return &rows[i];
	if (findings->count == ROWS_MOST)
		return NULL;
	rows = array_grown(
		rows, findings->count, &findings->room, sizeof(*rows));
	if (!rows)
		return NULL;
	findings->rows = rows;
	rows[findings->count] = (struct comparison_finding){
		.outcome = outcome,
		.change = change,
		.last_group = UINT32_MAX,
	};
	return &rows[findings->count++];
}

static void count(
	struct comparison_finding *finding, uint64_t packets, uint32_t group)
{
	finding->packets += packets;
	finding->connections += finding->last_group != group;
	finding->last_group = group;
}

static int weight_of(const struct comparison_finding *finding)
{
	if (!finding->outcome)
		return 0;
	return (finding->outcome->kind == OUTCOME_NEVER_SENT	? 20
		       : finding->outcome->kind == OUTCOME_LOST ? 10
								: 5) +
	       (int)finding->outcome->grade;
}

static int by_weight(const void *one, const void *other)
{
	const struct comparison_finding *a = one, *b = other;

	if (weight_of(a) != weight_of(b))
		return weight_of(b) - weight_of(a);
	if (a->packets != b->packets)
		return a->packets < b->packets ? 1 : -1;
	return 0;
}

bool comparison_findings_make(
	struct comparison_findings *findings, const struct compare *compare)
{
	*findings = (struct comparison_findings){.rows = NULL};
	for (uint32_t i = 0; i < compare->outcome_count; i++) {
		const struct outcome *outcome = &compare->outcomes[i];
		struct comparison_finding *row;

		if (!is_told(outcome))
			continue;
		row = row_of(findings, outcome, NULL);
		if (row)
			count(row, 1, outcome->group);
	}
	for (uint32_t i = 0; i < compare->changes.count; i++) {
		const struct field_change *change =
			&compare->changes.changes[i];
		struct comparison_finding *row = row_of(findings, NULL, change);

		if (row)
			count(row, change->packets, change->group);
	}
	if (findings->count)
		qsort(findings->rows, findings->count, sizeof(*findings->rows),
			by_weight);
	return true;
}

void comparison_findings_free(struct comparison_findings *findings)
{
	free(findings->rows);
	findings->rows = NULL;
}

static const char *headline_of(const struct outcome *outcome)
{
	if (outcome->kind == OUTCOME_LOST)
		return "LOST";
	if (outcome->kind == OUTCOME_DUPLICATED)
		return "DUPLICATED";
	if (outcome->kind == OUTCOME_DELAYED)
		return "DELAYED";
	return outcome->flags & TCP_RST ? "FORGED RESET" : "FORGED";
}

/* By what it is known, in a sentence. */
static const char *reason_sentence(const struct outcome *outcome)
{
	static const char *const sentences[] = {
		[REASON_NONE] = "",
		[REASON_COPY_ARRIVED] =
			"A copy of it arrived later, and nothing of it had "
			"been acknowledged before.",
		[REASON_HOLE_ANSWERED] =
			"What came behind it arrived, and the receiver goes on "
			"asking for it.",
		[REASON_COPIES_ABSENT] =
			"No copy of it is recorded there, and none is "
			"acknowledged.",
		[REASON_ABSENT] =
			"It is not recorded there. A recorder that missed this "
			"one packet would look the same.",
		[REASON_COPY_WAS_THERE] =
			"An earlier copy had arrived: the connection did not "
			"need it. A recorder that missed it would look the "
			"same.",
		[REASON_SYN_ABSENT] =
			"Sent here, never answered, and never recorded there: "
			"dropped between. A filter of that capture, or another "
			"way of the packets, would look the same; a capture "
			"there without a filter decides.",
		[REASON_SENDER_WENT_ON] =
			"The host whose name it bears went on with the "
			"connection after it, as its own side's capture shows.",
		[REASON_OTHER_TTL] =
			"It came from another distance than the packets of the "
			"host whose name it bears, and that host's side has no "
			"record of it.",
		[REASON_BOTH_ENDS] =
			"Each end was sent a reset in the name of the other, "
			"and neither sent one.",
		[REASON_OTHER_DATA] =
			"The host whose name it bears sent something else with "
			"these numbers.",
		[REASON_NUMBERS_BEHIND] =
			"The numbers of the host whose name it bears had not "
			"come so far, as its later packets show.",
		[REASON_ACKNOWLEDGED] = "It was acknowledged.",
		[REASON_FURTHER_ON] = "Points before and behind have it.",
		[REASON_NUMBERS_AHEAD] =
			"Its sender's numbers went on behind it.",
		[REASON_ACK_ONLY] = "Nothing tells of an acknowledgment.",
		[REASON_LIMIT] =
			"More packets of its connection are absent than are "
			"looked into.",
		[REASON_OTHER_WAY_PROMPT] =
			"Packets of the other direction were as quick as "
			"before meanwhile, so that no clock was set.",
		[REASON_CLOCK_OR_DELAY] =
			"A clock that was set would look the same: too few "
			"packets of the other direction passed meanwhile. A "
			"longer capture, or the recorders' logs of the clock, "
			"decide.",
	};
	static_assert(sizeof(sentences) / sizeof(sentences[0]) == REASON_COUNT,
		"a sentence for every reason");

	if (outcome->kind == OUTCOME_DUPLICATED)
		return outcome->grade == GRADE_CERTAIN
			       ? "It was sent once, by its IP ID, and arrived "
				 "twice."
			       : "It is recorded once here and twice there. A "
				 "recorder that missed a copy, or one that "
				 "writes packets twice, would look the same.";
	return sentences[outcome->reason];
}

static void change_values(char text[LINE], const struct comparison *comparison,
	const struct field_change *change)
{
	const struct track *tracks = comparison->compare->table.tracks;
	bool is_target = change->field == CHANGE_TARGET;
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];
	const struct track *one = &tracks[change->track];
	const struct track *other = &tracks[change->track_there];

	if (change->field != CHANGE_SOURCE && !is_target) {
		(void)snprintf(text, LINE, "e.g. %" PRIu32 " → %" PRIu32,
			change->from, change->to);
		if (change->field == CHANGE_PAYLOAD)
			text[0] = '\0';
		return;
	}
	struct endpoint ends[] = {
		{one->side[change->side ^ is_target].address,
			one->side[change->side ^ is_target].port},
		{other->side[change->side_there ^ is_target].address,
			other->side[change->side_there ^ is_target].port}};

	endpoint_text(from, &ends[0], one->family);
	endpoint_text(to, &ends[1], other->family);
	(void)snprintf(text, LINE, "e.g. %s → %s", from, to);
}

static void where_words(char text[LINE], const struct comparison *comparison,
	bool is_to_server, uint8_t after, uint8_t before)
{
	char one[LANE_TEXT], other[LANE_TEXT];

	(void)snprintf(text, LINE, "between %.80s and %.80s, to the %s",
		lane_text(one, comparison, after),
		lane_text(other, comparison, before),
		is_to_server ? "server" : "client");
}

static void count_words(char text[LINE], const char *where,
	const struct comparison_finding *finding)
{
	char packets[COUNT_TEXT], connections[COUNT_TEXT];

	(void)snprintf(text, LINE, "%.200s: %s packet%s of %s connection%s",
		where, count_text(packets, finding->packets),
		count_plural(finding->packets),
		count_text(connections, finding->connections),
		count_plural(finding->connections));
}

void comparison_finding_line(const struct layout *layout,
	const struct comparison *comparison,
	const struct comparison_finding *finding)
{
	const struct outcome *outcome = finding->outcome;
	const struct field_change *change = finding->change;
	char where[LINE], line[LINE], values[LINE], head[64];

	if (outcome) {
		where_words(where, comparison, outcome->is_to_server,
			outcome->after, outcome->before);
		count_words(line, where, finding);
		(void)snprintf(
			head, sizeof(head), "%-14s", headline_of(outcome));
		layout_text(layout, INK_BAD, head);
		(void)snprintf(head, sizeof(head), "%-10s",
			grade_word(outcome->grade));
		layout_text(layout, INK_STRONG, head);
		layout_wrap(layout, 24, 6, INK_PLAIN, line);
		return;
	}
	where_words(where, comparison, change->is_to_server, change->after,
		change->before);
	count_words(line, where, finding);
	change_values(values, comparison, change);
	(void)snprintf(head, sizeof(head), "%-14s%-10s ", "CHANGED",
		change_word(change->field));
	layout_text(layout, INK_DOUBT, head);
	(void)snprintf(line + strlen(line), LINE - strlen(line), "%s%.150s",
		values[0] ? "; " : "", values);
	layout_wrap(layout, layout_columns(head), 6, INK_PLAIN, line);
}

static void example_lines(const struct layout *layout,
	const struct comparison *comparison, const struct outcome *outcome)
{
	struct flow_name flow = comparison_flow(comparison, outcome->group);
	char text[FLOW_TEXT], line[LINE], packet[PACKET_TEXT];

	layout_wrap(layout, 0, 6, INK_PLAIN, reason_sentence(outcome));
	(void)snprintf(line, sizeof(line), "%s, ttl %u%s: %s",
		compared_packet_text(
			packet, outcome->flags, outcome->payload_bytes),
		outcome->ttl,
		outcome->usual_ttl && outcome->usual_ttl != outcome->ttl
			? ", other than its host's"
			: "",
		flow_text(text, &flow));
	layout_wrap(layout, 0, 6, INK_FAINT, line);
}

/* Every packet of every connection has a judgement. */
static bool is_all_judged(const struct compare *compare)
{
	for (unsigned i = 0; i < compare->span_count; i++)
		if (compare->spans[i].count[OUTCOME_NOT_JUDGED])
			return false;
	for (unsigned i = 0; i < FILES_MOST; i++)
		if (compare->only[i])
			return false;
	return compare->table.not_kept == 0 && compare->not_judged == 0;
}

void comparison_findings_text(
	const struct layout *layout, const struct comparison *comparison)
{
	struct comparison_findings findings;
	uint32_t few = layout->style->verbosity ? ROWS_MOST : SHOWN;
	uint32_t pictured = UINT32_MAX;

	if (!comparison_findings_make(&findings, comparison->compare))
		return;
	if (findings.count == 0 && is_all_judged(comparison->compare))
		layout_wrap(layout, 0, 0, INK_GOOD,
			"Nothing was lost, forged or changed between these "
			"points.");
	else if (findings.count == 0)
		layout_wrap(layout, 0, 0, INK_DOUBT,
			"Nothing that could be judged was lost, forged or "
			"changed between these points.");
	for (uint32_t i = 0; i < findings.count && i < few; i++) {
		const struct comparison_finding *row = &findings.rows[i];
		uint32_t group =
			row->outcome ? row->outcome->group : UINT32_MAX;

		(void)fputs(row->outcome ? "\n" : "", layout->out);
		comparison_finding_line(layout, comparison, row);
		if (!row->outcome)
			continue;
		example_lines(layout, comparison, row->outcome);
		/* of one connection one picture has most */
		if (layout->style->verbosity ||
			(i < WITH_PICTURE && group != pictured))
			comparison_ladder_text(
				layout, comparison, row->outcome);
		pictured = group;
	}
	if (findings.count > few)
		layout_wrap(layout, 0, 2, INK_FAINT, "More with -v.");
	comparison_findings_free(&findings);
}
