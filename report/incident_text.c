#include "report/incident_text.h"

#include <inttypes.h>
#include <string.h>

#include "analysis/verdict/trigger.h"
#include "report/address_text.h"
#include "report/advice_text.h"
#include "report/clock.h"
#include "report/evidence_text.h"
#include "report/excerpt_text.h"
#include "report/packet_text.h"
#include "report/titles.h"
#include "report/trigger_text.h"

enum { INDENT = 4, MEMBERS_TEXT = FLOW_TEXT + 64,
	PATH_TEXT = 400 };

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

/* "21 connections, e.g. 10.0.0.1:40000 → 192.0.2.7:22" */
static const char *members_text(
	char text[MEMBERS_TEXT], const struct incident_block *block)
{
	char flow[FLOW_TEXT], count[COUNT_TEXT];

	(void)snprintf(text, MEMBERS_TEXT, "%s connection%s, %s%s",
		count_text(count, block->members), count_plural(block->members),
		block->members == 1 ? "" : "e.g. ",
		flow_text(flow, &block->incident->flow));
	return text;
}

void incident_headline(
	const struct layout *layout, const struct incident_block *block)
{
	const struct incident *incident = block->incident;
	char number[16] = "", headline[HEADLINE_TEXT], who[WHO_TEXT];
	char members[MEMBERS_TEXT];
	bool is_unsure = incident->grade == GRADE_UNDETERMINED ||
			 incident->mechanism == MECHANISM_ORDERLY;
	unsigned at = INDENT;

	if (block->number != 0)
		(void)snprintf(number, sizeof(number), "%2u", block->number);
	layout_text(layout, INK_PLAIN, number);
	layout_space(layout, INDENT - layout_columns(number));
	layout_text(layout, is_unsure ? INK_DOUBT : INK_BAD,
		headline_text(headline, incident));
	at += layout_columns(headline);
	/* "UNDETERMINED undetermined" says nothing more */
	if (incident->mechanism != MECHANISM_UNKNOWN) {
		layout_space(layout, 2);
		layout_text(layout, grade_ink(incident->grade),
			grade_word(incident->grade));
		at += 2 + layout_columns(grade_word(incident->grade));
	}
	if (who_text(who, incident)[0]) {
		layout_space(layout, 2);
		layout_text(layout, INK_STRONG, who);
		at += 2 + layout_columns(who);
	}
	members_text(members, block);
	if (at + 2 + layout_columns(members) <= layout->style->columns)
		layout_space(layout, 2);
	else {
		(void)fputc('\n', layout->out);
		layout_space(layout, INDENT);
	}
	layout_text(layout, INK_STRONG, members);
	(void)fputc('\n', layout->out);
}

void incident_line(
	const struct layout *layout, const struct incident_block *block)
{
	const struct incident *incident = block->incident;
	char clock[CLOCK_TEXT], server[ENDPOINT_TEXT], headline[HEADLINE_TEXT];
	char who[WHO_TEXT], line[512], count[COUNT_TEXT];

	endpoint_text(server, &incident->flow.server, incident->flow.family);
	(void)snprintf(line, sizeof(line),
		"%2u  %s  %s  %s  %s connection%s  server %s  %s  #%" PRIu64,
		block->number, headline_text(headline, incident),
		grade_word(incident->grade),
		who_text(who, incident)[0] ? who : "culprit unknown",
		count_text(count, block->members), count_plural(block->members),
		server, clock_text(clock, layout, incident->time_ns, true),
		report_frame(block->source, incident->frame));
	layout_text(layout, INK_PLAIN, line);
	(void)fputc('\n', layout->out);
}

void incident_moment(
	const struct layout *layout, const struct incident_block *block)
{
	const struct incident *incident = block->incident;
	char clock[CLOCK_TEXT], zone[CLOCK_TEXT], line[2 * CLOCK_TEXT + 32];

	(void)snprintf(line, sizeof(line), "%s%s%s · #%" PRIu64,
		clock_text(clock, layout, incident->time_ns, true),
		clock_zone(zone, layout, incident->time_ns)[0] ? " " : "", zone,
		report_frame(block->source, incident->frame));
	layout_wrap(layout, 0, INDENT, INK_FAINT, line);
}

/* The words that scripts see, and where `explain` can be asked further. */
static void words_line(const struct layout *layout,
	const struct report_source *source, const struct incident *incident)
{
	const char *place = report_place_name(source, incident->frame);
	char line[320], hop[32] = "", tunnel[32] = "", clock[CLOCK_TEXT];
	char zone[CLOCK_TEXT];

	if (incident->hop != 0)
		(void)snprintf(hop, sizeof(hop), " (hop %u)", incident->hop);
	if (incident->flow.tunnel != TUNNEL_NONE)
		(void)snprintf(tunnel, sizeof(tunnel), " · inside %s",
			tunnel_word(incident->flow.tunnel));
	(void)snprintf(line, sizeof(line),
		"%s · sender %s%s · culprit %s · %s%s%s%s%s",
		mechanism_word(incident->mechanism),
		party_word(incident->sender), hop,
		party_word(incident->culprit),
		clock_text(clock, layout, incident->time_ns, true),
		clock_zone(zone, layout, incident->time_ns)[0] ? " " : "",
		zone, tunnel,
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
			count_plural(incident->gaps_survived), lived,
			incident->gaps_died, died);
	else if (incident->gaps_died > 0)
		(void)snprintf(line, sizeof(line),
			"On this path %u connection%s failed after idle times, "
			"the shortest %s; none survived an idle time to "
			"compare with.",
			incident->gaps_died, count_plural(incident->gaps_died),
			died);
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
	char text[512], command[ADVICE_TEXT];

	if (incident->advice[0])
		layout_labelled(layout, INDENT, "Do:",
			advice_text(
				command, incident->advice, &incident->flow));
	for (unsigned i = 0; i < incident->undecided_count; i++) {
		const struct undecided *open = &incident->undecided[i];

		(void)snprintf(text, sizeof(text), "%s%s%s", open->fact,
			open->settled_by ? ": " : "",
			open->settled_by ? open->settled_by : "");
		layout_labelled(layout, INDENT,
			open->settled_by ? "Prove:" : "Undecided:",
			advice_text(command, text, &incident->flow));
	}
	if (incident->trigger.kind != TRIGGER_NONE) {
		(void)snprintf(text, sizeof(text), "trigger: %s",
			trigger_settled_by(incident->trigger.kind));
		layout_labelled(layout, INDENT, "Prove:",
			advice_text(command, text, &incident->flow));
	}
}

/* Quoted for a shell; a name that holds what no terminal should see is left to
 * the reader. */
static const char *quoted(char text[PATH_TEXT], const char *path)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789/._-+,:@%=";
	bool is_plain = path[0] != '-' && path[strspn(path, plain)] == '\0';

	if (is_plain && strlen(path) < PATH_TEXT)
		return strcpy(text, path);
	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || *at == '\'' || *at == 0x7f)
			return strcpy(text, "FILE");
	(void)snprintf(text, PATH_TEXT, "%s'%s'", path[0] == '-' ? "./" : "",
		path);
	return strlen(path) + 5 < PATH_TEXT ? text : strcpy(text, "FILE");
}

/* On one line, however long: to be copied. */
static void command_line(
	const struct layout *layout, const char *label, const char *command)
{
	char start[16];

	(void)snprintf(start, sizeof(start), "%-8s", label);
	layout_space(layout, INDENT);
	layout_text(layout, INK_STRONG, start);
	layout_text(layout, INK_PLAIN, command);
	(void)fputc('\n', layout->out);
}

void incident_see_lines(const struct layout *layout,
	const struct report_source *source, const struct incident *incident)
{
	const char *word = incident->signature
				   ? incident->signature
				   : mechanism_word(incident->mechanism);
	char text[PATH_TEXT + 64], path[PATH_TEXT];
	uint64_t number = incident->frame;
	const char *label = "See:";
	const char *file =
		source->locate(source->context, incident->frame, &number);

	if (file && strcmp(file, "-") != 0) {
		(void)snprintf(text, sizeof(text),
			"culprit timeline --frame=%" PRIu64 " %s", number,
			quoted(path, file));
		command_line(layout, label, text);
		label = "";
	}
	(void)snprintf(text, sizeof(text), "culprit explain %s", word);
	command_line(layout, label, text);
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
		excerpt_rows(layout, block->source, incident, INDENT);
		(void)fputc('\n', layout->out);
	}
	if (incident->wire_text[0])
		layout_labelled(
			layout, INDENT, "In clear:", incident->wire_text);
	gaps_lines(layout, incident);
	mtu_line(layout, incident);
	trigger_line(layout, incident);
	evidence_lines(layout, INDENT, block->source, incident);
	readings(layout, incident);
	what_to_do(layout, incident);
	incident_see_lines(layout, block->source, incident);
}
