#include "analysis/compare/compare.h"

#include <stdlib.h>

#include "analysis/compare/both_ends.h"
#include "analysis/compare/row_cover.h"
#include "analysis/compare/span.h"
#include "analysis/compare/weigh.h"
#include "capture/array.h"

struct compare *compare_new(uint64_t memory_bytes, uint64_t seed)
{
	struct compare *compare = calloc(1, sizeof(*compare));

	if (!compare)
		return NULL;
	compare->steps_left = LOOK_STEPS;
	if (!track_table_init(&compare->table, memory_bytes, seed)) {
		free(compare);
		return NULL;
	}
	return compare;
}

void compare_free(struct compare *compare)
{
	if (!compare)
		return;
	conn_set_release(&compare->set);
	track_table_release(&compare->table);
	for (unsigned i = 0; i < compare->span_count; i++)
		free(compare->spans[i].delays_ns);
	free(compare->outcomes);
	free(compare->frames);
	free(compare->changes.changes);
	free(compare);
}

void compare_packet(
	struct compare *compare, unsigned file, const struct packet *packet)
{
	if (file < FILES_MOST)
		track_table_add(&compare->table, file, packet);
}

static void keep(struct compare *compare, const struct outcome *outcome)
{
	bool is_plain = outcome->kind == OUTCOME_NOT_JUDGED ||
			outcome->kind == OUTCOME_NOT_RECORDED;
	struct outcome *grown;

	if (compare->outcome_count >= OUTCOMES_MOST ||
		(is_plain && compare->plain_count >= OUTCOMES_PLAIN_MOST)) {
		compare->outcomes_not_kept++;
		return;
	}
	grown = array_grown(compare->outcomes, compare->outcome_count,
		&compare->outcome_room, sizeof(*grown));
	if (!grown) {
		compare->outcomes_not_kept++;
		return;
	}
	compare->outcomes = grown;
	grown[compare->outcome_count++] = *outcome;
	compare->plain_count += is_plain;
}

static void arrive(struct compare *compare, const struct judging *judging,
	const struct packet_row *row, unsigned lane, bool is_delayed)
{
	const struct row_set *rows = judging->rows;
	struct span *span = span_behind(compare, rows, lane);
	const struct seen_packet *one = row_packet(rows, row, lane);
	const struct seen_packet *other = row_packet(rows, row, lane + 1);
	const struct lane *lanes = judging->set->table->lanes;
	int64_t delay_ns;

	if (lanes[rows->lanes[lane]].file !=
		lanes[rows->lanes[lane + 1]].file) {
		compare->same_moment += one->time_ns == other->time_ns;
		compare->other_moment += one->time_ns != other->time_ns;
	}
	if (!span)
		return;
	span->sent++;
	span->count[is_delayed ? OUTCOME_DELAYED : OUTCOME_ARRIVED]++;
	if (!judging_delay(judging, row, lane, &delay_ns))
		return;
	span_add_delay(span, delay_ns);
}

static struct outcome outcome_begin(const struct judging *judging,
	const struct seen_packet *packet, unsigned lane, uint32_t group)
{
	const struct row_set *rows = judging->rows;
	uint8_t near = rows->lanes[lane], far = rows->lanes[lane + 1];

	return (struct outcome){
		.is_to_server = rows->is_to_server,
		.after = rows->is_to_server ? near : far,
		.before = rows->is_to_server ? far : near,
		.flags = packet->flags,
		.ttl = packet->ttl,
		.payload_bytes = packet->payload_bytes,
		.group = group,
		.copies = 1,
		.frame = packet->frame,
		.time_ns = packet->time_ns,
	};
}

static void keep_arrived(struct compare *compare, const struct judging *judging,
	const struct packet_row *row, unsigned lane, uint32_t group,
	enum outcome_kind kind, enum grade grade)
{
	struct outcome outcome = outcome_begin(
		judging, row_packet(judging->rows, row, lane), lane, group);

	outcome.kind = kind;
	outcome.grade = grade;
	if (kind == OUTCOME_DELAYED)
		outcome.reason = grade == GRADE_CERTAIN
					 ? REASON_OTHER_WAY_PROMPT
					 : REASON_CLOCK_OR_DELAY;
	outcome.frame_there = row_packet(judging->rows, row, lane + 1)->frame;
	keep(compare, &outcome);
}

/* Counts what became of it, and keeps what is told of. */
static void note(struct compare *compare, const struct judging *judging,
	unsigned lane, struct outcome *outcome)
{
	struct span *span = span_behind(compare, judging->rows, lane);

	weigh_outcome(judging, lane, outcome);
	if (span) {
		span->sent += outcome->kind != OUTCOME_NEVER_SENT &&
			      outcome->kind != OUTCOME_DUPLICATED;
		span->count[outcome->kind]++;
	}
	compare->beyond_limit += outcome->reason == REASON_LIMIT;
	if (outcome->kind != OUTCOME_ARRIVED)
		keep(compare, outcome);
}

/* A lane that lacks what those before and behind it have. */
static void miss(struct compare *compare, struct judging *judging,
	const struct packet_row *row, unsigned lane, uint32_t group)
{
	unsigned before = lane - 1, after = lane + 1;
	uint32_t sequence, end;
	struct outcome outcome;

	while (!row->at[before])
		before--;
	outcome = outcome_begin(judging, row_packet(judging->rows, row, before),
		lane - 1, group);
	outcome.kind = row_cover_lacks(judging->rows, row, before, lane,
			       &sequence, &end)
			       ? OUTCOME_NOT_RECORDED
			       : OUTCOME_ARRIVED;
	outcome.grade = GRADE_CERTAIN;
	outcome.reason = REASON_FURTHER_ON;
	while (!row->at[after])
		after++;
	outcome.frame_there = row_packet(judging->rows, row, after)->frame;
	note(compare, judging, lane - 1, &outcome);
	if (outcome.kind == OUTCOME_NOT_RECORDED)
		compare->table.lanes[judging->rows->lanes[lane]].missed++;
}

static void judge_row(struct compare *compare, struct judging *judging,
	const struct packet_row *row, uint32_t group)
{
	const struct row_set *rows = judging->rows;
	unsigned first = row_first(rows, row), last = row_last(rows, row);
	struct outcome outcome;
	enum grade grade = GRADE_CERTAIN;
	bool is_delayed;

	if (first > 0) {
		outcome = outcome_begin(judging, row_packet(rows, row, first),
			first - 1, group);
		outcome_of_entered(judging, row, first, &outcome);
		note(compare, judging, first - 1, &outcome);
		if (outcome.kind == OUTCOME_NOT_RECORDED)
			compare->table.lanes[rows->lanes[first - 1]].missed++;
	}
	for (unsigned lane = first; lane < last; lane++) {
		if (!row->at[lane + 1]) {
			miss(compare, judging, row, lane + 1, group);
			continue;
		}
		if (!row->at[lane])
			continue;
		is_delayed = judging_is_delayed(judging, row, lane, &grade);
		arrive(compare, judging, row, lane, is_delayed);
		if (is_delayed)
			keep_arrived(compare, judging, row, lane, group,
				OUTCOME_DELAYED, grade);
		/* who sent a reset is of interest */
		if (row_packet(rows, row, lane)->flags & TCP_RST)
			keep_arrived(compare, judging, row, lane, group,
				OUTCOME_ARRIVED, GRADE_CERTAIN);
	}
	if (last + 1 >= rows->lane_count)
		return;
	outcome = outcome_begin(
		judging, row_packet(rows, row, last), last, group);
	outcome_of_lost(judging, row, last, &outcome);
	if (outcome.kind == OUTCOME_LOST && first < last)
		outcome.frame_there = row_packet(rows, row, first)->frame;
	note(compare, judging, last, &outcome);
	if (outcome.kind == OUTCOME_NOT_RECORDED)
		compare->table.lanes[rows->lanes[last + 1]].missed++;
}

/* The largest, of any connection: it is told as a property of the clock. */
static void note_steps(struct compare *compare, const struct judging *judging)
{
	const struct lane *lanes = compare->table.lanes;
	const struct row_set *rows = judging->rows;

	for (unsigned lane = 0; lane + 1 < rows->lane_count; lane++) {
		struct clock_step *step = &compare->step;

		if (judging->step_ns[lane] <= step->size_ns)
			continue;
		step->size_ns = judging->step_ns[lane];
		step->files[0] = lanes[rows->lanes[lane]].file;
		step->files[1] = lanes[rows->lanes[lane + 1]].file;
	}
}

static void judge_group(struct compare *compare, uint32_t index)
{
	const struct path_conn *group = &compare->set.groups[index];
	uint32_t from = compare->outcome_count;
	struct row_set rows[2];
	bool is_made = true;

	for (unsigned i = 0; i < 2; i++)
		is_made &= row_set_make(&rows[i], &compare->set, group, i == 1);
	for (unsigned i = 0; i < 2 && is_made; i++) {
		struct judging judging = {
			.set = &compare->set,
			.group = group,
			.rows = &rows[i],
			.back = &rows[!i],
			.steps_left = &compare->steps_left,
		};

		judging_begin(&judging);
		for (uint32_t j = 0; j < rows[i].count; j++)
			judge_row(compare, &judging, &rows[i].rows[j], index);
		change_find(&compare->changes, &rows[i], index);
		note_steps(compare, &judging);
		judging_end(&judging);
	}
	compare->not_judged += !is_made;
	if (is_made && !group->is_order_told)
		both_ends_weigh(compare, rows, from);
	row_set_release(&rows[0]);
	row_set_release(&rows[1]);
}

static bool has_dropped(
	const struct compare *compare, const struct path_conn *group)
{
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(&compare->set, i - 1)->group_next)
		if (conn_set_track(&compare->set, i - 1)->dropped)
			return true;
	return false;
}

/* Counts it; true: there is something to be compared. */
static bool count_group(struct compare *compare, const struct path_conn *group)
{
	const struct lane *lanes = compare->table.lanes;
	unsigned file =
		lanes[conn_set_track(&compare->set, group->track)->lane].file;
	bool is_shared = false;

	compare->connections++;
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(&compare->set, i - 1)->group_next)
		is_shared |= lanes[conn_set_track(&compare->set, i - 1)->lane]
				     .file != file;
	compare->shared += is_shared;
	compare->only[file] += !is_shared;
	compare->turned += is_shared && group->is_turned;
	compare->straight += is_shared && !group->is_turned;
	compare->mixed += is_shared && group->is_mixed;
	compare->order_told += is_shared && group->is_order_told;
	if (is_shared && group->is_mixed)
		compare->mixed_group = (uint32_t)(group - compare->set.groups);
	compare->proxied += group->is_proxied;
	return group->lane_count > 1;
}

static bool list_frames(struct compare *compare)
{
	uint32_t count = 0;

	compare->frames = calloc((size_t)compare->outcome_count * 2 + 1,
		sizeof(*compare->frames));
	for (uint32_t i = 0; compare->frames && i < compare->outcome_count;
		i++) {
		const uint64_t frames[] = {compare->outcomes[i].frame,
			compare->outcomes[i].frame_there};

		for (unsigned j = 0; j < 2; j++) {
			uint32_t *first = &compare->frame_first[frames[j] %
								FRAME_BUCKETS];

			if (frames[j] == 0)
				continue;
			compare->frames[count] =
				(struct frame_entry){frames[j], i, *first};
			*first = ++count;
		}
	}
	return compare->frames != NULL;
}

bool compare_finish(struct compare *compare, const struct clock_offset *clocks)
{
	for (unsigned i = 0; i < FILES_MOST; i++)
		compare->set.clocks[i] = clocks[i];
	if (!conn_set_make(&compare->set, &compare->table))
		return false;
	for (uint32_t i = 0; i < compare->set.count; i++) {
		const struct path_conn *group = &compare->set.groups[i];

		if (group->track == UINT32_MAX || !count_group(compare, group))
			continue;
		if (has_dropped(compare, group))
			compare->not_judged++;
		else
			judge_group(compare, i);
	}
	weigh_recorders(compare);
	span_settle_delays(compare);
	return list_frames(compare);
}
