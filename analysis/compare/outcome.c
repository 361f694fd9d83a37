#include "analysis/compare/outcome.h"

#include <assert.h>

const char *outcome_word(enum outcome_kind kind)
{
	static const char *const words[] = {
		[OUTCOME_ARRIVED] = "arrived",
		[OUTCOME_LOST] = "lost",
		[OUTCOME_NEVER_SENT] = "never-sent",
		[OUTCOME_NOT_RECORDED] = "not-recorded",
		[OUTCOME_DUPLICATED] = "duplicated",
		[OUTCOME_DELAYED] = "delayed",
		[OUTCOME_NOT_JUDGED] = "not-judged",
	};
	static_assert(sizeof(words) / sizeof(words[0]) == OUTCOME_COUNT,
		"a word for every outcome");

	assert(kind < OUTCOME_COUNT);
	return words[kind];
}

const char *reason_word(enum outcome_reason reason)
{
	static const char *const words[] = {
		[REASON_NONE] = "none",
		[REASON_COPY_ARRIVED] = "copy-arrived",
		[REASON_HOLE_ANSWERED] = "hole-answered",
		[REASON_COPIES_ABSENT] = "copies-absent",
		[REASON_ABSENT] = "absent",
		[REASON_COPY_WAS_THERE] = "copy-was-there",
		[REASON_SYN_ABSENT] = "syn-absent",
		[REASON_SENDER_WENT_ON] = "sender-went-on",
		[REASON_OTHER_TTL] = "other-ttl",
		[REASON_BOTH_ENDS] = "both-ends",
		[REASON_OTHER_DATA] = "other-data",
		[REASON_NUMBERS_BEHIND] = "numbers-behind",
		[REASON_ACKNOWLEDGED] = "acknowledged",
		[REASON_FURTHER_ON] = "further-on",
		[REASON_NUMBERS_AHEAD] = "numbers-ahead",
		[REASON_ACK_ONLY] = "ack-only",
		[REASON_LIMIT] = "limit",
		[REASON_OTHER_WAY_PROMPT] = "other-way-prompt",
		[REASON_CLOCK_OR_DELAY] = "clock-or-delay",
	};
	static_assert(sizeof(words) / sizeof(words[0]) == REASON_COUNT,
		"a word for every reason");

	assert(reason < REASON_COUNT);
	return words[reason];
}

void outcome_set(struct outcome *outcome, enum outcome_kind kind,
	enum grade grade, enum outcome_reason reason,
	const struct seen_packet *proof)
{
	outcome->kind = kind;
	outcome->grade = grade;
	outcome->reason = reason;
	outcome->proof = proof ? proof->frame : 0;
}

bool judging_may_look(struct judging *judging)
{
	uint64_t steps =
		(uint64_t)judging->rows->count + judging->back->count;

	if (judging->looked >= JUDGED_MOST) {
		if (!judging->steps_left || *judging->steps_left < steps)
			return false;
		*judging->steps_left -= steps;
	}
	judging->looked++;
	return true;
}

static void add_common(struct common_times *common, const struct row_set *rows,
	unsigned own, unsigned other)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];
		int64_t time_ns;

		if (!row->at[own] || !row->at[other])
			continue;
		time_ns = row_packet(rows, row, own)->time_ns;
		if (time_ns < common->first_ns)
			common->first_ns = time_ns;
		if (time_ns > common->last_ns)
			common->last_ns = time_ns;
	}
}

/* They are looked for once: every packet that a lane lacks asks for them. */
static const struct common_times *common_of(
	struct judging *judging, unsigned lane, unsigned there)
{
	const struct row_set *rows = judging->rows, *back = judging->back;
	struct common_times *common = &judging->common[lane][there > lane];
	unsigned last = rows->lane_count - 1;

	assert(there + 1 == lane || there == lane + 1);
	if (common->is_known)
		return common;
	*common = (struct common_times){true, INT64_MAX, INT64_MIN};
	add_common(common, rows, lane, there);
	add_common(common, back, last - lane, last - there);
	judging->steps += (uint64_t)rows->count + back->count;
	return common;
}

/* Both lanes have packets of this connection before and after it. */
static bool is_between(struct judging *judging, unsigned there,
	const struct seen_packet *packet, unsigned lane)
{
	const struct common_times *common = common_of(judging, lane, there);

	return common->first_ns < packet->time_ns &&
	       common->last_ns > packet->time_ns;
}

bool judging_covers(struct judging *judging, unsigned there,
	const struct seen_packet *packet, unsigned lane)
{
	const struct row_set *rows = judging->rows;
	const struct lane *other =
		&judging->set->table->lanes[rows->lanes[there]];
	const struct covered *covered =
		&judging->set->table->files[other->file];
	int64_t edge_ns = conn_set_error_ns(
		judging->set, rows->lanes[lane], rows->lanes[there]);
	int64_t time_ns;

	if (covered->frames == 0)
		return false;
	if (conn_set_time_at(judging->set, rows->lanes[lane],
		    rows->lanes[there], packet->time_ns, &time_ns)) {
		if (time_ns > INT64_MIN + edge_ns &&
			time_ns < INT64_MAX - edge_ns &&
			time_ns - edge_ns > covered->first_ns &&
			time_ns + edge_ns < covered->last_ns)
			return true;
	}
	return is_between(judging, there, packet, lane);
}
