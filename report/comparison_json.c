/* A comparison as JSON, one object per line: capture points, spans, outcomes,
 * changes, sides, then what analyze reports of the same files. */
#include "analysis/compare/culprit_side.h"
#include "report/address_text.h"
#include "report/comparison.h"
#include "report/json.h"
#include "report/report_json.h"

static const char *direction_word(bool is_to_server)
{
	return is_to_server ? "to-server" : "to-client";
}

static void lane_field(struct json *json, const char *key,
	const struct comparison *comparison, unsigned lane)
{
	char text[LANE_TEXT];

	if (lane != NO_LANE)
		json_string(json, key, lane_text(text, comparison, lane));
}

/* {"file":"a.pcap","frame":12} */
static void frame_object(struct json *json, const char *key,
	const struct comparison *comparison, uint64_t frame)
{
	const struct report_source *source = comparison->source;
	uint64_t number = frame;
	const char *file;

	if (frame == 0)
		return;
	file = source->locate(source->context, frame, &number);
	json_object(json, key);
	if (file)
		json_string(json, "file", file);
	json_number(json, "frame", number);
	json_object_end(json);
}

static void flow_object(
	struct json *json, const struct comparison *comparison, uint32_t group)
{
	struct flow_name flow = comparison_flow(comparison, group);
	char text[ENDPOINT_TEXT];

	json_object(json, "flow");
	endpoint_text(text, &flow.client, flow.family);
	json_string(json, "client", text);
	endpoint_text(text, &flow.server, flow.family);
	json_string(json, "server", text);
	if (flow.is_guessed)
		json_boolean(json, "guessed", true);
	json_object_end(json);
}

static void point_record(
	struct json *json, const struct comparison *comparison, unsigned file)
{
	const struct report_place *place = &comparison->source->places[file];
	const struct compare *compare = comparison->compare;
	const struct covered *covered = &compare->table.files[file];
	uint64_t missed = 0;

	for (unsigned i = 0; i < compare->table.lane_count; i++)
		if (compare->table.lanes[i].file == file)
			missed += compare->table.lanes[i].missed;
	json_record(json, "capture_point");
	json_number(json, "position", file + 1);
	json_string(json, "name", place->name);
	json_number(json, "packets", place->packets);
	if (covered->frames) {
		json_time(json, "first_time", covered->first_ns);
		json_time(json, "last_time", covered->last_ns);
	}
	json_number(json, "only_here", compare->only[file]);
	json_number(json, "not_recorded", missed);
	if (file > 0)
		json_number(json, "shared_packets", place->clock.packets);
	if (file > 0 && place->clock.is_known)
		json_seconds(json, "clock_offset_s", place->clock.offset_ns);
	if (place->clock.skew_ppm != 0)
		json_real(json, "clock_skew_ppm", place->clock.skew_ppm, 3);
	json_record_end(json);
}

static void span_record(struct json *json, const struct comparison *comparison,
	const struct span *span)
{
	static const char *const keys[OUTCOME_COUNT] = {
		[OUTCOME_ARRIVED] = "arrived",
		[OUTCOME_LOST] = "lost",
		[OUTCOME_NEVER_SENT] = "never_sent",
		[OUTCOME_NOT_RECORDED] = "not_recorded",
		[OUTCOME_DUPLICATED] = "duplicated",
		[OUTCOME_DELAYED] = "delayed",
		[OUTCOME_NOT_JUDGED] = "not_judged",
	};

	json_record(json, "span");
	lane_field(json, "after", comparison, span->after);
	lane_field(json, "before", comparison, span->before);
	json_string(json, "direction", direction_word(span->is_to_server));
	json_number(json, "sent", span->sent);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		json_number(json, keys[i], span->count[i]);
	if (span->delay_count) {
		json_seconds(json, "delay_least_s", span->least_ns);
		json_seconds(json, "delay_median_s", span->median_ns);
		json_seconds(json, "delay_most_s", span->most_ns);
	}
	json_record_end(json);
}

static void outcome_record(struct json *json,
	const struct comparison *comparison, const struct outcome *outcome)
{
	char packet[PACKET_TEXT];

	json_record(json, "outcome");
	json_string(json, "outcome", outcome_word(outcome->kind));
	json_string(json, "grade", grade_word(outcome->grade));
	if (outcome->reason != REASON_NONE)
		json_string(json, "reason", reason_word(outcome->reason));
	json_string(json, "direction", direction_word(outcome->is_to_server));
	lane_field(json, "after", comparison, outcome->after);
	lane_field(json, "before", comparison, outcome->before);
	json_string(json, "packet",
		compared_packet_text(
			packet, outcome->flags, outcome->payload_bytes));
	json_number(json, "tcp_flags", outcome->flags);
	json_number(json, "payload_bytes", outcome->payload_bytes);
	json_number(json, "ttl", outcome->ttl);
	if (outcome->usual_ttl)
		json_number(json, "usual_ttl", outcome->usual_ttl);
	json_number(json, "copies", outcome->copies);
	frame_object(json, "at", comparison, outcome->frame);
	frame_object(json, "there", comparison, outcome->frame_there);
	frame_object(json, "proof", comparison, outcome->proof);
	json_time(json, "time", outcome->time_ns);
	flow_object(json, comparison, outcome->group);
	json_record_end(json);
}

static void end_value(struct json *json, const char *key,
	const struct comparison *comparison, uint32_t track, unsigned side)
{
	const struct track *own = &comparison->compare->table.tracks[track];
	struct endpoint endpoint = {
		own->side[side].address, own->side[side].port};
	char text[ENDPOINT_TEXT];

	endpoint_text(text, &endpoint, own->family);
	json_string(json, key, text);
}

static void change_record(struct json *json,
	const struct comparison *comparison, const struct field_change *change)
{
	bool is_target = change->field == CHANGE_TARGET;

	json_record(json, "change");
	json_string(json, "field", change_word(change->field));
	json_string(json, "direction", direction_word(change->is_to_server));
	lane_field(json, "after", comparison, change->after);
	lane_field(json, "before", comparison, change->before);
	json_number(json, "packets", change->packets);
	if (change->field == CHANGE_SOURCE || is_target) {
		end_value(json, "from", comparison, change->track,
			change->side ^ is_target);
		end_value(json, "to", comparison, change->track_there,
			change->side_there ^ is_target);
	} else if (change->field != CHANGE_PAYLOAD) {
		json_number(json, "from", change->from);
		json_number(json, "to", change->to);
	}
	frame_object(json, "at", comparison, change->frame);
	frame_object(json, "there", comparison, change->frame_there);
	flow_object(json, comparison, change->group);
	json_record_end(json);
}

/* Where what ended a connection came from, or was lost. */
static void side_record(struct json *json, const struct comparison *comparison,
	const struct incident *incident)
{
	struct culprit_side side;

	if (!culprit_side_of(comparison->compare, incident->frame, &side))
		return;
	json_record(json, "side");
	frame_object(json, "incident", comparison, incident->frame);
	json_string(json, "mechanism", mechanism_word(incident->mechanism));
	json_string(json, "outcome", outcome_word(side.outcome->kind));
	json_string(json, "grade", grade_word(side.outcome->grade));
	lane_field(json, "after", comparison, side.after);
	lane_field(json, "before", comparison, side.before);
	json_record_end(json);
}

static void totals_record(
	struct json *json, const struct comparison *comparison)
{
	const struct compare *compare = comparison->compare;

	json_record(json, "comparison");
	json_number(json, "connections", compare->connections);
	json_number(json, "shared", compare->shared);
	json_number(json, "answered_between", compare->proxied);
	json_number(json, "turned", compare->turned);
	json_number(json, "reordered", compare->mixed);
	json_number(json, "order_by_arguments", compare->order_told);
	if (compare->step.size_ns)
		json_seconds(json, "clock_step_s", compare->step.size_ns);
	json_number(json, "not_judged", compare->not_judged);
	json_number(json, "beyond_limit", compare->beyond_limit);
	json_number(json, "not_paired", compare->set.not_paired);
	json_number(json, "packets_not_kept",
		compare->table.not_kept + comparison->source->totals.left_out);
	json_number(json, "outcomes_not_kept", compare->outcomes_not_kept);
	json_record_end(json);
}

void comparison_json_points(
	struct json *json, const struct comparison *comparison)
{
	const struct compare *compare = comparison->compare;

	for (unsigned i = 0; i < comparison->source->place_count; i++)
		point_record(json, comparison, i);
	for (unsigned i = 0; i < compare->span_count; i++)
		span_record(json, comparison, &compare->spans[i]);
	totals_record(json, comparison);
}

void comparison_json(const struct comparison *comparison,
	const struct style *style, FILE *out)
{
	const struct compare *compare = comparison->compare;
	const struct report_source *source = comparison->source;
	struct json json;

	(void)style;
	json_begin(&json, out);
	for (unsigned i = 0; i < source->place_count; i++)
		point_record(&json, comparison, i);
	for (unsigned i = 0; i < compare->span_count; i++)
		span_record(&json, comparison, &compare->spans[i]);
	for (uint32_t i = 0; i < compare->outcome_count; i++)
		outcome_record(&json, comparison, &compare->outcomes[i]);
	for (uint32_t i = 0; i < compare->changes.count; i++)
		change_record(&json, comparison, &compare->changes.changes[i]);
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		side_record(&json, comparison, &incident);
	}
	totals_record(&json, comparison);
	report_json(source, out);
}
