#include "report/summary_json.h"

/* Of all records; counts up when a field changes its meaning or goes. */
enum { SCHEMA = 2 };

static void counts_by_word(
	struct json *json, const struct analysis_totals *totals)
{
	json_object(json, "by_culprit");
	for (int i = 0; i < PARTY_COUNT; i++)
		if (totals->by_culprit[i] != 0)
			json_number(json, party_word((enum party)i),
				totals->by_culprit[i]);
	json_object_end(json);
	json_object(json, "by_mechanism");
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (totals->by_mechanism[i] != 0)
			json_number(json, mechanism_word((enum mechanism)i),
				totals->by_mechanism[i]);
	json_object_end(json);
}

static void skipped_counts(
	struct json *json, const struct analysis_totals *totals)
{
	json_object(json, "undecoded");
	for (int i = 0; i < SKIP_COUNT; i++)
		if (i != SKIP_NONE && totals->skipped[i] != 0)
			json_number(json, skip_reason_word((enum skip_reason)i),
				totals->skipped[i]);
	json_object_end(json);
}

/* Clocks are told against the first one's: what is positive is ahead. */
static void capture_points(
	struct json *json, const struct report_source *source)
{
	if (source->place_count == 0)
		return;
	json_array(json, "capture_points");
	for (unsigned i = 0; i < source->place_count; i++) {
		const struct report_place *place = &source->places[i];

		json_object(json, NULL);
		json_string(json, "name", place->name);
		json_number(json, "packets", place->packets);
		if (i > 0)
			json_number(
				json, "shared_packets", place->clock.packets);
		if (i > 0 && place->clock.is_known)
			json_seconds(
				json, "clock_offset_s", place->clock.offset_ns);
		if (place->clock.skew_ppm != 0)
			json_real(json, "clock_skew_ppm", place->clock.skew_ppm,
				3);
		json_object_end(json);
	}
	json_array_end(json);
	json_number(json, "shared_packets", source->totals.shared_packets);
	json_number(json, "not_paired", source->totals.not_paired);
}

void summary_json(struct json *json, const struct report_source *source)
{
	const struct analysis_totals *totals = &source->totals;

	json_record(json, "summary");
	json_number(json, "schema", SCHEMA);
	if (source->path_count == 1) {
		json_string(json, "file", source->paths[0]);
	} else if (source->path_count > 1) {
		json_array(json, "files");
		for (unsigned i = 0; i < source->path_count; i++)
			json_string(json, NULL, source->paths[i]);
		json_array_end(json);
	}
	capture_points(json, source);
	json_number(json, "packets", totals->packets);
	json_number(json, "bytes", totals->bytes);
	json_number(json, "flows", totals->flows);
	json_number(json, "incidents", totals->incidents);
	counts_by_word(json, totals);
	json_number(json, "evicted_flows", totals->evicted_flows);
	json_number(json, "lost_packets", totals->lost_packets);
	json_boolean(json, "complete",
		!source->is_cut && analysis_is_complete(totals));
	json_number(json, "tcp_packets", totals->tcp_packets);
	json_number(json, "orderly", totals->orderly);
	json_number(json, "resets_seen", totals->resets_seen);
	json_number(json, "told_resets", totals->told_resets);
	json_number(json, "harmless_resets", totals->benign_resets);
	json_number(json, "unjudged_resets", totals->unjudged_resets);
	json_number(json, "evicted_incidents", totals->evicted_incidents);
	json_number(json, "incidents_not_kept", totals->incidents_not_kept);
	json_number(json, "duplicates", totals->duplicates);
	json_number(json, "clock_steps", totals->clock_steps);
	json_number(json, "not_learned", totals->not_learned);
	json_number(json, "out_of_window_icmp", totals->out_of_window_icmp);
	json_number(json, "odd_packets", totals->odd_packets);
	skipped_counts(json, totals);
	json_time(json, "first_time", totals->first_ns);
	json_time(json, "last_time", totals->last_ns);
	json_record_end(json);
}
