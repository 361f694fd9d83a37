/* A SYN that nobody answered and that the next lane should have. */
#include "analysis/compare/outcome.h"

/* Did the file record at that time? Where nothing tells what the clocks are
 * apart, they are taken to be right. */
static bool is_covered(const struct judging *judging, unsigned last,
	const struct seen_packet *own, bool *is_clock_known)
{
	const struct conn_set *set = judging->set;
	const uint8_t *lanes = &judging->rows->lanes[last];
	const struct covered *covered =
		&set->table->files[set->table->lanes[lanes[1]].file];
	int64_t time_ns = own->time_ns, error_ns = 0, from_ns, to_ns;

	*is_clock_known = conn_set_time_at(
		set, lanes[0], lanes[1], own->time_ns, &time_ns);
	if (*is_clock_known)
		error_ns = conn_set_error_ns(set, lanes[0], lanes[1]);
	return covered->frames &&
	       !__builtin_sub_overflow(time_ns, error_ns, &from_ns) &&
	       !__builtin_add_overflow(time_ns, error_ns, &to_ns) &&
	       from_ns > covered->first_ns && to_ns < covered->last_ns;
}

void outcome_of_unanswered(const struct judging *judging,
	const struct packet_row *row, unsigned last, struct outcome *outcome)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *own = row_packet(rows, row, last);
	bool is_clock_known;

	outcome->copies = rows->count;
	outcome->kind = OUTCOME_NOT_JUDGED;
	outcome->grade = GRADE_UNDETERMINED;
	if (!(own->flags & TCP_SYN) ||
		!is_covered(judging, last, own, &is_clock_known))
		return;
	outcome->kind = OUTCOME_LOST;
	outcome->reason = REASON_SYN_ABSENT;
	outcome->grade =
		is_clock_known && judging->group->expected == EXPECTED_BY_SERVER
			? GRADE_LIKELY
			: GRADE_POSSIBLE;
}
