/* The records of the JSON report for points and spans; then a line for each
 * packet that did not simply arrive and for each change, and the packets around
 * them, a lane for each capture point:
 *
 *   ["l", name of a lane], in their order
 *   ["x", connection, client, port, server, port, [lane...]], before the first
 *    line that names the connection; lanes from the client to the server
 *   ["o", connection, time, outcome, grade, reason, to server, after, before,
 *    flags, payload, TTL, usual TTL, copies, file, frame, file and frame at the
 *    other lane, file and frame of the proof], frame 0: none
 *   ["c", connection, field, to server, after, before, packets, from, to, file,
 *    frame, file and frame at the other lane]
 *   ["u", outcomes, changes, connections]: so many are left out
 *   ["y", connection, packets], and then some of these, in the order of time:
 *   ["k", left out before it, time, to server, flags, payload, [[file, frame,
 *    ns since `time`, TTL, IP ID, window, TOS, DF, sequence, acknowledgment]
 *    or 0, for each lane]]; ns is "" where the clocks are not known
 *   ["w", incident, outcome]: by their numbers, of the fatal packet */
#include "report/page/page_comparison.h"

#include <stdlib.h>

#include "analysis/compare/culprit_side.h"
#include "report/address_text.h"
#include "report/page/page_glossary.h"
#include "report/page/page_incidents.h"
#include "report/page/page_lanes.h"
#include "report/page/page_summary.h"

/* Of a line, at most. */
enum { INCIDENT_BYTES = 110, LINE_BYTES = 400, ROWS_BYTES = 4000 };

struct comparison_page {
	struct report_page *page;
	const struct comparison *comparison;
	uint64_t most;	/* bytes of data, without incidents' short lines */
	bool *has_line; /* by connection: "x" is written */
	uint32_t *outcome_row; /* by outcome; UINT32_MAX: left out */
};

static void frame_members(const struct comparison_page *own, uint64_t frame)
{
	const struct report_source *source = own->comparison->source;
	uint64_t number = frame;
	const char *file =
		frame ? source->locate(source->context, frame, &number) : NULL;
	struct json *json = page_json(own->page);

	json_number(json, NULL, file ? page_summary_file(source, file) : 0);
	json_number(json, NULL, number);
}

static void lane_lines(const struct comparison_page *own)
{
	const struct track_table *table = &own->comparison->compare->table;
	struct json *json = page_json(own->page);
	char text[LANE_TEXT];

	for (unsigned i = 0; i < table->lane_count; i++) {
		json_row(json);
		json_string(json, NULL, "l");
		page_text(own->page, lane_text(text, own->comparison, i));
		json_row_end(json);
	}
}

static void connection_line(struct comparison_page *own, uint32_t group)
{
	const struct compare *compare = own->comparison->compare;
	const struct path_conn *conn = &compare->set.groups[group];
	struct flow_name flow = comparison_flow(own->comparison, group);
	struct json *json = page_json(own->page);
	char text[ADDRESS_TEXT];

	if (own->has_line[group])
		return;
	own->has_line[group] = true;
	json_row(json);
	json_string(json, NULL, "x");
	json_number(json, NULL, group);
	address_text(text, &flow.client.address, flow.family);
	page_text(own->page, text);
	json_number(json, NULL, flow.client.port);
	address_text(text, &flow.server.address, flow.family);
	page_text(own->page, text);
	json_number(json, NULL, flow.server.port);
	json_array(json, NULL);
	for (unsigned i = 0; i < conn->lane_count; i++)
		json_number(json, NULL, conn->lanes[i]);
	json_array_end(json);
	json_row_end(json);
}

static void outcome_line(
	struct comparison_page *own, const struct outcome *outcome)
{
	struct json *json = page_json(own->page);

	json_row(json);
	json_string(json, NULL, "o");
	json_number(json, NULL, outcome->group);
	page_time(own->page, outcome->time_ns);
	page_text(own->page, outcome_word(outcome->kind));
	page_text(own->page, grade_word(outcome->grade));
	page_text(own->page, outcome->reason == REASON_NONE
				     ? ""
				     : reason_word(outcome->reason));
	json_number(json, NULL, outcome->is_to_server);
	json_number(json, NULL, outcome->after);
	json_number(json, NULL, outcome->before);
	json_number(json, NULL, outcome->flags);
	json_number(json, NULL, outcome->payload_bytes);
	json_number(json, NULL, outcome->ttl);
	json_number(json, NULL, outcome->usual_ttl);
	json_number(json, NULL, outcome->copies);
	frame_members(own, outcome->frame);
	frame_members(own, outcome->frame_there);
	frame_members(own, outcome->proof);
	json_row_end(json);
}

static void change_line(
	struct comparison_page *own, const struct field_change *change)
{
	struct json *json = page_json(own->page);
	char from[CHANGE_VALUE], to[CHANGE_VALUE];

	comparison_change_values(own->comparison, change, from, to);
	json_row(json);
	json_string(json, NULL, "c");
	json_number(json, NULL, change->group);
	page_text(own->page, change_word(change->field));
	json_number(json, NULL, change->is_to_server);
	json_number(json, NULL, change->after);
	json_number(json, NULL, change->before);
	json_number(json, NULL, change->packets);
	page_text(own->page, from);
	page_text(own->page, to);
	frame_members(own, change->frame);
	frame_members(own, change->frame_there);
	json_row_end(json);
}

static void left_out_line(
	const struct comparison_page *own, const uint64_t left_out[3])
{
	struct json *json = page_json(own->page);

	json_row(json);
	json_string(json, NULL, "u");
	for (unsigned i = 0; i < 3; i++)
		json_number(json, NULL, left_out[i]);
	json_row_end(json);
}

/* Lines up to a part of what the page may have. */
static bool has_room(const struct comparison_page *own, unsigned quarters)
{
	return page_data_bytes(own->page) + LINE_BYTES <=
	       own->most / 4 * quarters;
}

static void outcome_lines(struct comparison_page *own, uint64_t *left_out)
{
	const struct compare *compare = own->comparison->compare;
	uint32_t row = 0;

	*left_out = compare->outcomes_not_kept;
	for (uint32_t i = 0; i < compare->outcome_count; i++) {
		const struct outcome *outcome = &compare->outcomes[i];

		own->outcome_row[i] = UINT32_MAX;
		if (!has_room(own, 2)) {
			(*left_out)++;
			continue;
		}
		connection_line(own, outcome->group);
		outcome_line(own, outcome);
		own->outcome_row[i] = row++;
	}
}

static void change_lines(struct comparison_page *own, uint64_t *left_out)
{
	const struct change_list *changes = &own->comparison->compare->changes;

	*left_out = changes->not_kept;
	for (uint32_t i = 0; i < changes->count; i++) {
		if (!has_room(own, 3)) {
			(*left_out)++;
			continue;
		}
		connection_line(own, changes->changes[i].group);
		change_line(own, &changes->changes[i]);
	}
}

/* The packets of each connection that has a line, while there is room. */
static uint64_t ladders(struct comparison_page *own)
{
	const struct comparison *comparison = own->comparison;
	struct page_lanes lanes = {own->page, comparison, own->most, 0, 0};
	uint64_t left_out = 0;

	for (uint32_t i = 0; i < comparison->compare->set.count; i++)
		if (own->has_line[i] &&
			(page_data_bytes(own->page) + ROWS_BYTES > own->most ||
				!page_lanes(&lanes, i)))
			left_out++;
	return left_out;
}

/* The line of the outcome of a packet; UINT32_MAX: it has none. */
static uint32_t row_of(const struct comparison_page *own, uint64_t frame)
{
	const struct compare *compare = own->comparison->compare;
	struct culprit_side side;

	return culprit_side_of(compare, frame, &side)
		       ? own->outcome_row[side.outcome - compare->outcomes]
		       : UINT32_MAX;
}

/* Which outcome the fatal packet of each incident has. */
static void side_lines(struct comparison_page *own)
{
	const struct report_source *source = own->comparison->source;
	struct json *json = page_json(own->page);

	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;
		uint32_t row;

		source->incident(source->context, i, &incident);
		row = row_of(own, incident.frame);
		if (row == UINT32_MAX)
			continue;
		json_row(json);
		json_string(json, NULL, "w");
		json_number(json, NULL, i);
		json_number(json, NULL, row);
		json_row_end(json);
	}
}

static uint64_t most_bytes(const struct report_source *source)
{
	uint64_t most =
		PAGE_BYTES_BASE + PAGE_BYTES_A_PACKET * source->totals.packets;
	uint64_t put_by = page_frame_bytes() +
			  INCIDENT_BYTES * source->incident_count + LINE_BYTES;

	return most > put_by ? most - put_by : 0;
}

static bool lines(struct comparison_page *own)
{
	struct page_examples ignored; /* whose packets are not drawn anew */
	uint64_t left_out[3];

	page_summary(own->page, own->comparison->source, "comparison");
	page_glossary_comparison(own->page);
	comparison_json_points(page_json(own->page), own->comparison);
	lane_lines(own);
	outcome_lines(own, &left_out[0]);
	change_lines(own, &left_out[1]);
	left_out[2] = ladders(own);
	left_out_line(own, left_out);
	if (!page_incidents(own->page, own->comparison->source, &ignored))
		return false;
	side_lines(own);
	return true;
}

bool page_comparison(const struct comparison *comparison, FILE *out)
{
	const struct compare *compare = comparison->compare;
	struct comparison_page own = {
		.page = page_begin(out),
		.comparison = comparison,
		.most = most_bytes(comparison->source),
		.has_line = calloc(compare->set.count + 1, sizeof(bool)),
		.outcome_row =
			calloc(compare->outcome_count + 1, sizeof(uint32_t)),
	};
	bool has_all = own.page && own.has_line && own.outcome_row;

	if (has_all)
		has_all = lines(&own);
	if (own.page)
		page_end(own.page);
	free(own.has_line);
	free(own.outcome_row);
	return has_all;
}
