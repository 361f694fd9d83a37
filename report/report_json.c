/* Writes the fields of culprit-json(5). What is not known is left out: a
 * reader who finds a field can rely on it. Field names that say `_s` are
 * seconds, numbers of packets that say `frame` count in the file named. */
#include "report/report_json.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/trigger.h"
#include "report/address_text.h"
#include "report/connection_json.h"
#include "report/group_json.h"
#include "report/json.h"
#include "report/summary_json.h"
#include "report/trigger_text.h"

static void flow_name(struct json *json, const struct flow_name *flow)
{
	char text[ENDPOINT_TEXT];

	json_object(json, "flow");
	endpoint_text(text, &flow->client, flow->family);
	json_string(json, "client", text);
	endpoint_text(text, &flow->server, flow->family);
	json_string(json, "server", text);
	if (flow->is_guessed)
		json_boolean(json, "guessed", true);
	if (flow->tunnel != TUNNEL_NONE)
		json_string(json, "tunnel", tunnel_word(flow->tunnel));
	json_object_end(json);
}

static void frame_number(struct json *json, const char *key,
	const struct report_source *source, uint64_t frame)
{
	if (frame != 0)
		json_number(json, key, report_frame(source, frame));
}

/* A text; where it is a whole number, that again as a number. */
static void value_fields(struct json *json, const char *key,
	const char *number_key, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	json_text(json, key, text);
	if (digits > 0 && digits < 19 && text[digits] == '\0')
		json_number(json, number_key, strtoull(text, NULL, 10));
}

static void evidence_rows(struct json *json, const struct report_source *source,
	const struct incident *incident)
{
	static const char *const weights[] = {
		[WEIGHT_NEUTRAL] = "neutral",
		[WEIGHT_FOR] = "for",
		[WEIGHT_AGAINST] = "against",
	};

	json_array(json, "evidence");
	for (unsigned i = 0; i < incident->evidence_count; i++) {
		const struct evidence_row *row = &incident->evidence[i];

		json_object(json, NULL);
		json_string(json, "fact", row->fact);
		if (row->holds != TRUTH_UNKNOWN)
			json_boolean(json, "holds", row->holds == TRUTH_YES);
		frame_number(json, "frame", source, row->frame);
		frame_number(json, "against", source, row->against);
		if (row->against != 0 &&
			report_place_name(source, row->against) !=
				report_place_name(source, incident->frame))
			json_string(json, "against_capture_point",
				report_place_name(source, row->against));
		value_fields(json, "found", "found_value", row->found);
		value_fields(json, "expected", "expected_value", row->expected);
		json_string(json, "weight", weights[row->weight]);
		json_object_end(json);
	}
	json_array_end(json);
}

static void other_readings(struct json *json, const struct incident *incident)
{
	json_array(json, "also");
	for (unsigned i = 0; i < incident->also_count; i++) {
		const struct other_reading *also = &incident->also[i];

		json_object(json, NULL);
		json_string(json, "mechanism", mechanism_word(also->mechanism));
		json_string(json, "sender", party_word(also->sender));
		json_string(json, "culprit", party_word(also->culprit));
		json_text(json, "why", also->why);
		json_object_end(json);
	}
	json_array_end(json);
}

static void open_questions(struct json *json, const struct incident *incident)
{
	json_array(json, "undecided");
	for (unsigned i = 0; i < incident->undecided_count; i++) {
		const struct undecided *open = &incident->undecided[i];

		json_object(json, NULL);
		json_string(json, "fact", open->fact);
		json_text(json, "settled_by", open->settled_by);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Rows that applied too, and that others outrank. */
static void outranked_rows(struct json *json, const struct incident *incident)
{
	json_array(json, "outranked");
	for (unsigned i = 0; i < incident->outranked_count; i++)
		json_string(json, NULL, incident->outranked[i]);
	json_array_end(json);
}

/* What is known over all flows of the path: sizes that pass, idle gaps. */
static void path_knowledge(struct json *json, const struct incident *incident)
{
	if (incident->mtu_passed || incident->mtu_failed) {
		json_object(json, "mtu");
		json_string(json, "direction",
			incident->is_reverse ? "reverse" : "forward");
		if (incident->mtu_passed)
			json_number(json, "passed", incident->mtu_passed);
		if (incident->mtu_failed)
			json_number(json, "failed", incident->mtu_failed);
		json_object_end(json);
	}
	if (incident->gaps_survived || incident->gaps_died) {
		json_object(json, "gaps");
		json_number(json, "survived", incident->gaps_survived);
		if (incident->longest_survived_ns > 0)
			json_seconds(json, "longest_survived_s",
				incident->longest_survived_ns);
		json_number(json, "died", incident->gaps_died);
		if (incident->shortest_died_ns > 0)
			json_seconds(json, "shortest_died_s",
				incident->shortest_died_ns);
		json_object_end(json);
	}
	json_text(json, "timers", incident->timers);
}

static void trigger_object(struct json *json, const struct incident *incident)
{
	const struct incident_trigger *trigger = &incident->trigger;
	char value[TRIGGER_VALUE];

	if (trigger->kind == TRIGGER_NONE)
		return;
	trigger_value(value, incident);
	json_object(json, "trigger");
	json_string(json, "kind", trigger_word(trigger->kind));
	json_string(json, "value", value);
	json_number(json, "with_killed", trigger->counts.with_reset);
	json_number(json, "with", trigger->counts.with);
	json_number(json, "without_killed", trigger->counts.without_reset);
	json_number(json, "without", trigger->counts.without);
	if (trigger->left_out)
		json_number(json, "left_out", trigger->left_out);
	json_string(json, "settled_by", trigger_settled_by(trigger->kind));
	json_object_end(json);
}

/* Which packet of which connection. */
static void incident_place(struct json *json,
	const struct report_source *source, const struct incident *incident)
{
	uint64_t number = incident->frame;
	const char *file =
		source->locate(source->context, incident->frame, &number);

	json_text(json, "file", file);
	json_text(json, "capture_point",
		report_place_name(source, incident->frame));
	flow_name(json, &incident->flow);
	connection_json(json, &incident->flow,
		report_tcp_stream(source, &incident->flow, incident->frame));
	if (incident->frame != 0)
		json_number(json, "frame", number);
	json_time(json, "time", incident->time_ns);
	wall_time_json(json, "wall_time", incident->time_ns);
	json_string(json, "mechanism", mechanism_word(incident->mechanism));
}

/* `type` is "incident", or "notice" for a live one that may yet change. */
static void incident_record(struct json *json, const char *type,
	const struct report_source *source, const struct incident *incident)
{
	json_record(json, type);
	incident_place(json, source, incident);
	json_string(json, "sender", party_word(incident->sender));
	json_string(json, "culprit", party_word(incident->culprit));
	json_string(json, "grade", grade_word(incident->grade));
	if (incident->hop != 0)
		json_number(json, "hop", incident->hop);
	other_readings(json, incident);
	evidence_rows(json, source, incident);
	open_questions(json, incident);
	json_text(json, "advice", incident->advice);
	json_text(json, "summary", incident->summary);
	json_text(json, "detail", incident->detail);
	json_text(json, "pattern", incident->pattern);
	json_text(json, "signature", incident->signature);
	outranked_rows(json, incident);
	json_text(json, "tampering_signature", incident->tampering_signature);
	json_text(json, "wire_text", incident->wire_text);
	json_number(json, "family", incident->flow.family);
	json_time(json, "began", incident->began_ns);
	if (incident->idle_ns > 0)
		json_seconds(json, "idle_s", incident->idle_ns);
	path_knowledge(json, incident);
	trigger_object(json, incident);
	json_number(json, "group", incident->group);
	if (incident->is_weakened)
		json_boolean(json, "weakened", true);
	json_record_end(json);
}

void report_json_incident(const struct report_source *source,
	const struct incident *incident, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	incident_record(&json, "incident", source, incident);
}

void report_json_notice(const struct report_source *source,
	const struct incident *incident, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	incident_record(&json, "notice", source, incident);
}

void report_json_withdrawal(const struct report_source *source,
	const struct incident *incident, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	json_record(&json, "withdrawal");
	incident_place(&json, source, incident);
	json_record_end(&json);
}

static void flow_record(struct json *json, const struct report_source *source,
	const struct flow_summary *summary)
{
	uint64_t number = summary->first_frame;
	const char *file =
		source->locate(source->context, summary->first_frame, &number);

	json_record(json, "flow");
	json_text(json, "file", file);
	json_text(json, "capture_point",
		report_place_name(source, summary->first_frame));
	flow_name(json, &summary->name);
	connection_json(json, &summary->name,
		report_tcp_stream(
			source, &summary->name, summary->first_frame));
	json_number(json, "first_frame", number);
	frame_number(json, "last_frame", source, summary->last_frame);
	json_time(json, "first_time", summary->first_ns);
	json_time(json, "last_time", summary->last_ns);
	json_number(json, "client_packets", summary->packets[0]);
	json_number(json, "server_packets", summary->packets[1]);
	json_number(json, "client_bytes", summary->payload_bytes[0]);
	json_number(json, "server_bytes", summary->payload_bytes[1]);
	json_string(json, "conn_state", conn_state_word(summary->state));
	json_text(json, "history", summary->history);
	/* "unknown" is said of verdicts only; an open flow has no end. */
	if (summary->mechanism != MECHANISM_UNKNOWN)
		json_string(
			json, "mechanism", mechanism_word(summary->mechanism));
	json_boolean(json, "incident", summary->is_incident);
	json_text(json, "signature", summary->signature);
	json_record_end(json);
}

void report_json_flow(const struct report_source *source,
	const struct flow_summary *summary, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	flow_record(&json, source, summary);
}

/* Each incident is made once; the groups follow from what was printed. */
static void incidents_and_groups(
	struct json *json, const struct report_source *source)
{
	struct groups groups;
	bool has_groups = groups_begin(&groups, source->incident_count);

	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		incident_record(json, "incident", source, &incident);
		if (has_groups)
			groups_take(&groups, i, &incident);
	}
	if (!has_groups || !groups_end(&groups))
		return; /* without memory there are none */
	for (uint32_t i = 0; i < groups.list.count; i++)
		group_json(json, groups.entries[i].group);
	groups_free(&groups);
}

void report_json(const struct report_source *source, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	incidents_and_groups(&json, source);
	for (uint64_t i = 0; i < source->flow_count; i++) {
		struct flow_summary summary;

		source->flow(source->context, i, &summary);
		flow_record(&json, source, &summary);
	}
	summary_json(&json, source);
}
