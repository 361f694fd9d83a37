#include "report/page/page_lanes.h"

#include <stdlib.h>

#include "report/page/page_summary.h"

enum {
	FIRST = 10, /* packets of a connection */
	BEFORE = 20,
	AFTER = 10, /* what is of interest */
	ROW_BYTES = 120,
	LANE_BYTES = 110, /* of a row, for each lane, at most */
};

/* Frames of interest, sorted. */
struct frames {
	uint64_t *frame;
	size_t count;
};

static int by_number(const void *one, const void *other)
{
	const uint64_t *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

/* The outcomes and changes of a connection: those behind the ones that were
 * gone through. */
struct range {
	uint32_t from, to;
};

static struct range outcomes_of(struct page_lanes *lanes, uint32_t group)
{
	const struct compare *compare = lanes->comparison->compare;
	uint32_t at = lanes->next_outcome, from;

	while (at < compare->outcome_count &&
		compare->outcomes[at].group < group)
		at++;
	from = at;
	while (at < compare->outcome_count &&
		compare->outcomes[at].group == group)
		at++;
	lanes->next_outcome = at;
	return (struct range){from, at};
}

static struct range changes_of(struct page_lanes *lanes, uint32_t group)
{
	const struct change_list *changes =
		&lanes->comparison->compare->changes;
	uint32_t at = lanes->next_change, from;

	while (at < changes->count && changes->changes[at].group < group)
		at++;
	from = at;
	while (at < changes->count && changes->changes[at].group == group)
		at++;
	lanes->next_change = at;
	return (struct range){from, at};
}

/* All of a connection's. False without memory. */
static bool frames_of(
	struct frames *frames, struct page_lanes *lanes, uint32_t group)
{
	const struct compare *compare = lanes->comparison->compare;
	struct range outcomes = outcomes_of(lanes, group);
	struct range changes = changes_of(lanes, group);
	size_t most = (size_t)(outcomes.to - outcomes.from) + changes.to -
		      changes.from;

	*frames = (struct frames){calloc(most + 1, sizeof(uint64_t)), 0};
	if (!frames->frame)
		return false;
	for (uint32_t i = outcomes.from; i < outcomes.to; i++)
		frames->frame[frames->count++] = compare->outcomes[i].frame;
	for (uint32_t i = changes.from; i < changes.to; i++)
		frames->frame[frames->count++] =
			compare->changes.changes[i].frame;
	qsort(frames->frame, frames->count, sizeof(uint64_t), by_number);
	return true;
}

static bool is_of_interest(
	const struct ladder_packet *packet, const struct frames *frames)
{
	for (unsigned lane = 0; lane < packet->rows->lane_count; lane++) {
		const struct seen_packet *seen =
			row_packet(packet->rows, packet->row, lane);

		if (seen && bsearch(&seen->frame, frames->frame, frames->count,
				    sizeof(uint64_t), by_number))
			return true;
	}
	return false;
}

/* Which of a connection's packets are written; NULL without memory. */
static bool *chosen_of(
	const struct compare_ladder *ladder, const struct frames *frames)
{
	bool *is_chosen = calloc(ladder->count + 1, sizeof(bool));

	for (uint32_t i = 0; is_chosen && i < ladder->count; i++) {
		uint32_t from = i > BEFORE ? i - BEFORE : 0;

		is_chosen[i] |= i < FIRST;
		if (!is_of_interest(&ladder->packets[i], frames))
			continue;
		for (uint32_t j = from; j <= i + AFTER && j < ladder->count;
			j++)
			is_chosen[j] = true;
	}
	return is_chosen;
}

struct lane_writer {
	struct report_page *page;
	const struct comparison *comparison;
	const struct ladder_packet *packet;
};

/* How long after the row's own time, by the clock of the lane nearest to the
 * client; "": not known. */
static void under_way(const struct lane_writer *writer,
	const struct seen_packet *seen, unsigned lane)
{
	const struct row_set *rows = writer->packet->rows;
	unsigned near = rows->is_to_server ? 0 : rows->lane_count - 1;
	struct json *json = page_json(writer->page);
	int64_t there_ns, since_ns;

	if (conn_set_time_at(rows->set, rows->lanes[lane], rows->lanes[near],
		    seen->time_ns, &there_ns) &&
		!__builtin_sub_overflow(
			there_ns, writer->packet->time_ns, &since_ns))
		json_signed(json, NULL, since_ns);
	else
		json_string(json, NULL, "");
}

static void lane_member(const struct lane_writer *writer, unsigned lane)
{
	const struct report_source *source = writer->comparison->source;
	const struct seen_packet *seen =
		row_packet(writer->packet->rows, writer->packet->row, lane);
	struct json *json = page_json(writer->page);
	const char *file;
	uint64_t number;

	if (!seen) {
		json_number(json, NULL, 0);
		return;
	}
	number = seen->frame;
	file = source->locate(source->context, seen->frame, &number);
	json_array(json, NULL);
	json_number(json, NULL, page_summary_file(source, file));
	json_number(json, NULL, number);
	under_way(writer, seen, lane);
	json_number(json, NULL, seen->ttl);
	json_number(json, NULL, seen->ip_id);
	json_number(json, NULL, seen->window);
	json_number(json, NULL, seen->tos);
	json_number(json, NULL, seen->is_df);
	json_number(json, NULL, seen->sequence);
	json_number(json, NULL, seen->acknowledged);
	json_array_end(json);
}

static void packet_line(const struct lane_writer *writer, uint64_t left_out)
{
	const struct ladder_packet *packet = writer->packet;
	const struct row_set *rows = packet->rows;
	const struct seen_packet *seen =
		row_packet(rows, packet->row, row_first(rows, packet->row));
	struct json *json = page_json(writer->page);

	json_row(json);
	json_string(json, NULL, "k");
	json_number(json, NULL, left_out);
	page_time(writer->page, packet->time_ns);
	json_number(json, NULL, rows->is_to_server);
	json_number(json, NULL, seen->flags);
	json_number(json, NULL, seen->payload_bytes);
	json_array(json, NULL);
	for (unsigned i = 0; i < rows->lane_count; i++)
		lane_member(writer,
			rows->is_to_server ? i : rows->lane_count - 1 - i);
	json_array_end(json);
	json_row_end(json);
}

static void packet_lines(const struct page_lanes *lanes,
	const struct compare_ladder *ladder, const bool *is_chosen)
{
	struct lane_writer writer = {lanes->page, lanes->comparison, NULL};
	uint64_t row_bytes =
		ROW_BYTES + (uint64_t)LANE_BYTES * ladder->rows[0].lane_count;
	uint64_t left_out = 0;

	for (uint32_t i = 0; i < ladder->count; i++) {
		if (!is_chosen[i] || page_data_bytes(lanes->page) + row_bytes >
					     lanes->most_bytes) {
			left_out++;
			continue;
		}
		writer.packet = &ladder->packets[i];
		packet_line(&writer, left_out);
		left_out = 0;
	}
}

bool page_lanes(struct page_lanes *lanes, uint32_t group)
{
	struct json *json = page_json(lanes->page);
	struct compare_ladder ladder;
	struct frames frames;
	bool *is_chosen;

	if (!compare_ladder_make(&ladder, lanes->comparison->compare, group))
		return false;
	is_chosen = frames_of(&frames, lanes, group)
			    ? chosen_of(&ladder, &frames)
			    : NULL;
	if (is_chosen) {
		json_row(json);
		json_string(json, NULL, "y");
		json_number(json, NULL, group);
		json_number(json, NULL, ladder.count);
		json_row_end(json);
		packet_lines(lanes, &ladder, is_chosen);
	}
	compare_ladder_release(&ladder);
	free(frames.frame);
	free(is_chosen);
	return is_chosen != NULL;
}
