#include "report/incident_text.h"

#include <inttypes.h>
#include <string.h>

#include "analysis/verdict/trigger.h"
#include "report/address_text.h"
#include "report/excerpt_text.h"
#include "report/packet_text.h"
#include "report/trigger_text.h"

enum { INDENT = 4, FEW_FACTS = 5, HEADLINE = 14 };

const char *flow_text(char text[FLOW_TEXT], const struct flow_name *flow)
{
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];

	endpoint_text(client, &flow->client, flow->family);
	endpoint_text(server, &flow->server, flow->family);
	(void)snprintf(text, FLOW_TEXT, "%s → %s", client, server);
	return text;
}

static enum ink grade_ink(enum grade grade)
{
	switch (grade) {
	case GRADE_CERTAIN:
	case GRADE_LIKELY:
		return INK_STRONG;
	case GRADE_POSSIBLE:
	case GRADE_UNDETERMINED:
	case GRADE_COUNT:
		break;
	}
	return INK_DOUBT;
}

void incident_headline(
	const struct layout *layout, const struct incident_block *block)
{
	const struct incident *incident = block->incident;
	char number[16] = "", flow[FLOW_TEXT], count[COUNT_TEXT];
	char line[FLOW_TEXT + 64], headline[32];

	if (block->number != 0)
		(void)snprintf(number, sizeof(number), "%2u", block->number);
	layout_text(layout, INK_PLAIN, number);
	layout_space(layout, INDENT - layout_columns(number));
	bool is_unsure = incident->mechanism == MECHANISM_ORDERLY ||
			 incident->culprit == PARTY_UNKNOWN;

	(void)snprintf(headline, sizeof(headline), "%-14s",
		incident_headline_text(incident));
	layout_text(layout, is_unsure ? INK_DOUBT : INK_BAD, headline);
	if (layout_columns(headline) > HEADLINE)
		layout_space(layout, 2);
	/* "UNDETERMINED undetermined" says nothing more */
	const char *grade = is_unsure && incident->grade == GRADE_UNDETERMINED
				    ? ""
				    : grade_word(incident->grade);

	layout_text(layout, grade_ink(incident->grade), grade);
	layout_space(layout, 13 - (unsigned)strlen(grade));
	(void)snprintf(line, sizeof(line), "%s connection%s, %s%s",
		count_text(count, block->members),
		block->members == 1 ? "" : "s",
		block->members == 1 ? "" : "e.g. ",
		flow_text(flow, &incident->flow));
	layout_text(layout, INK_STRONG, line);
	(void)fputc('\n', layout->out);
}

/* The words that scripts see, and where `explain` can be asked further. */
static void words_line(const struct layout *layout,
	const struct report_source *source, const struct incident *incident)
{
	const char *place = report_place_name(source, incident->frame);
	char line[256], hop[32] = "", tunnel[32] = "";

	if (incident->hop != 0)
		(void)snprintf(hop, sizeof(hop), " (hop %u)", incident->hop);
	if (incident->flow.tunnel != TUNNEL_NONE)
		(void)snprintf(tunnel, sizeof(tunnel), " · inside %s",
			tunnel_word(incident->flow.tunnel));
	(void)snprintf(line, sizeof(line), "%s · sender %s%s · culprit %s%s%s",
		mechanism_word(incident->mechanism),
		party_word(incident->sender), hop,
		party_word(incident->culprit), tunnel,
		incident->flow.is_guessed
			? " · no SYN was captured: which side is the client is "
			  "a guess"
			: "");
	layout_wrap(layout, 0, INDENT, INK_FAINT, line);
	if (incident->pattern) {
		(void)snprintf(line, sizeof(line), "Looks like: %.200s",
			incident->pattern);
		layout_wrap(layout, 0, INDENT, INK_PLAIN, line);
	}
	if (incident->tampering_signature && layout->style->verbosity > 0) {
		(void)snprintf(line, sizeof(line),
			"Injector fingerprint: %.200s",
			incident->tampering_signature);
		layout_wrap(layout, 0, INDENT, INK_PLAIN, line);
	}
	if (place) {
		(void)snprintf(line, sizeof(line), "Recorded at %.200s", place);
		layout_wrap(layout, 0, INDENT, INK_FAINT, line);
	}
	if (incident->is_weakened)
		layout_wrap(layout, 0, INDENT, INK_DOUBT,
			"Packets are missing from the capture, or the "
			"connection was evicted from memory: the grade is "
			"lower for that.");
}

static void gaps_lines(
	const struct layout *layout, const struct incident *incident)
{
	char lived[DURATION_TEXT], died[DURATION_TEXT], line[256];
	bool is_parted =
		incident->gaps_survived > 0 && incident->gaps_died > 0 &&
		incident->longest_survived_ns < incident->shortest_died_ns;

	(void)duration_text(lived, incident->longest_survived_ns);
	(void)duration_text(died, incident->shortest_died_ns);
	if (is_parted)
		(void)snprintf(line, sizeof(line),
			"On this path, idle %s or less: %u of %u survived. "
			"Idle %s or more: %u of %u failed.",
			lived, incident->gaps_survived, incident->gaps_survived,
			died, incident->gaps_died, incident->gaps_died);
	else if (incident->gaps_survived > 0 && incident->gaps_died > 0)
		(void)snprintf(line, sizeof(line),
			"On this path connections survived %u idle time%s, the "
			"longest %s, and failed after %u, the shortest %s: no "
			"single timer separates them.",
			incident->gaps_survived,
			incident->gaps_survived == 1 ? "" : "s", lived,
			incident->gaps_died, died);
	else if (incident->gaps_died > 0)
		(void)snprintf(line, sizeof(line),
			"On this path %u connection%s failed after idle times, "
			"the shortest %s; none survived an idle time to "
			"compare with.",
			incident->gaps_died,
			incident->gaps_died == 1 ? "" : "s", died);
	else
		line[0] = '\0';
	if (line[0])
		layout_wrap(layout, 0, INDENT, INK_PLAIN, line);
	if (incident->timers[0]) {
		(void)snprintf(line, sizeof(line), "Timers that fit: %.220s",
			incident->timers);
		layout_wrap(layout, 0, INDENT, INK_PLAIN, line);
	}
}

static void mtu_line(
	const struct layout *layout, const struct incident *incident)
{
	char line[256];
	const char *way =
		incident->is_reverse ? "server to client" : "client to server";

	if (incident->mtu_passed && incident->mtu_failed)
		(void)snprintf(line, sizeof(line),
			"From %s, IP packets of %u bytes passed and of %u "
			"bytes never did.",
			way, incident->mtu_passed, incident->mtu_failed);
	else if (incident->mtu_failed)
		(void)snprintf(line, sizeof(line),
			"From %s, IP packets of %u bytes never passed.", way,
			incident->mtu_failed);
	else
		return;
	layout_wrap(layout, 0, INDENT, INK_PLAIN, line);
}

static void trigger_line(
	const struct layout *layout, const struct incident *incident)
{
	char sentence[TRIGGER_SENTENCE];

	if (incident->trigger.kind == TRIGGER_NONE)
		return;
	trigger_sentence(sentence, incident);
	layout_labelled(layout, INDENT, "Trigger:", sentence);
}

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

static void fact_row(const struct layout *layout,
	const struct report_source *source, const struct evidence_row *row)
{
	static const char *const truths[] = {
		[TRUTH_UNKNOWN] = "not known",
		[TRUTH_NO] = "no",
		[TRUTH_YES] = "yes",
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
	layout_wrap(layout, 0, INDENT + 2, INK_PLAIN, text);
}

/* What is known comes before what is not. */
static void facts(const struct layout *layout,
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
			layout_space(layout, INDENT);
			layout_text(layout, INK_STRONG, "Facts:");
			(void)fputc('\n', layout->out);
		}
		fact_row(layout, source, &incident->evidence[i]);
	}
	for (unsigned i = 0; is_all && i < incident->evidence_count; i++)
		if (incident->evidence[i].holds == TRUTH_UNKNOWN)
			fact_row(layout, source, &incident->evidence[i]);
	if (!is_all && incident->evidence_count > shown) {
		char line[64];

		(void)snprintf(line, sizeof(line),
			"… %u more with -v, %u of them not known",
			incident->evidence_count - shown,
			incident->evidence_count - known);
		layout_wrap(layout, 0, INDENT + 2, INK_FAINT, line);
	}
}

static void readings(
	const struct layout *layout, const struct incident *incident)
{
	char text[512];

	for (unsigned i = 0; i < incident->also_count; i++) {
		const struct other_reading *also = &incident->also[i];

		(void)snprintf(text, sizeof(text), "%s (%s, culprit %s)",
			also->why ? also->why : "",
			mechanism_word(also->mechanism),
			party_word(also->culprit));
		layout_labelled(layout, INDENT, "Could also be:", text);
	}
}

static void what_to_do(
	const struct layout *layout, const struct incident *incident)
{
	char text[512];

	if (incident->advice[0])
		layout_labelled(layout, INDENT, "Do:", incident->advice);
	for (unsigned i = 0; i < incident->undecided_count; i++) {
		const struct undecided *open = &incident->undecided[i];

		(void)snprintf(text, sizeof(text), "%s%s%s", open->fact,
			open->settled_by ? ": " : "",
			open->settled_by ? open->settled_by : "");
		layout_labelled(layout, INDENT,
			open->settled_by ? "Prove:" : "Undecided:", text);
	}
	if (incident->trigger.kind != TRIGGER_NONE) {
		(void)snprintf(text, sizeof(text), "trigger: %s",
			trigger_settled_by(incident->trigger.kind));
		layout_labelled(layout, INDENT, "Prove:", text);
	}
}

void incident_sentence(
	const struct layout *layout, const struct incident *incident)
{
	char text[768];

	(void)snprintf(text, sizeof(text), "%s%s%s",
		incident->summary ? incident->summary : "",
		incident->summary && incident->detail[0] ? " " : "",
		incident->detail);
	if (text[0])
		layout_wrap(layout, 0, INDENT, INK_PLAIN, text);
}

void incident_body(
	const struct layout *layout, const struct incident_block *block)
{
	const struct incident *incident = block->incident;

	incident_sentence(layout, incident);
	words_line(layout, block->source, incident);
	if (incident->excerpt_count > 0) {
		(void)fputc('\n', layout->out);
		excerpt_rows(layout, block->source, incident, INDENT,
			block->origin_ns);
		(void)fputc('\n', layout->out);
	}
	if (incident->wire_text[0])
		layout_labelled(
			layout, INDENT, "In clear:", incident->wire_text);
	gaps_lines(layout, incident);
	mtu_line(layout, incident);
	trigger_line(layout, incident);
	facts(layout, block->source, incident);
	readings(layout, incident);
	what_to_do(layout, incident);
}
