#include "analysis/compare/weigh.h"

static bool is_between_files(const struct judging *judging, unsigned lane)
{
	const struct lane *lanes = judging->set->table->lanes;
	const uint8_t *own = &judging->rows->lanes[lane];

	return lanes[own[0]].file != lanes[own[1]].file;
}

/* Is an absence by which the outcome is known that of a recorder that took one
 * direction only? */
static bool is_by_one_way(const struct judging *judging, unsigned lane,
	const struct outcome *outcome)
{
	return (outcome->kind == OUTCOME_LOST &&
		       judging->is_one_way[lane + 1]) ||
	       (outcome->kind == OUTCOME_NEVER_SENT &&
		       judging->is_one_way[lane]);
}

/* In an order that only the arguments tell, lost and never sent may be the
 * other way round; and a recorder that has nothing of a connection's port may
 * have left it out. */
static bool is_by_arguments(const struct judging *judging, unsigned lane,
	const struct outcome *outcome)
{
	bool is_lost = outcome->kind == OUTCOME_LOST;

	return ((is_lost && judging->group->is_lent) ||
		       (judging->group->is_order_told &&
			       (is_lost ||
				       outcome->kind ==
					       OUTCOME_NEVER_SENT))) &&
	       is_between_files(judging, lane);
}

void weigh_outcome(const struct judging *judging, unsigned lane,
	struct outcome *outcome)
{
	if (is_by_one_way(judging, lane, outcome)) {
		outcome->kind = OUTCOME_NOT_JUDGED;
		outcome->grade = GRADE_UNDETERMINED;
		outcome->reason = REASON_NONE;
		outcome->proof = 0;
	} else if (outcome->grade == GRADE_CERTAIN &&
		   is_by_arguments(judging, lane, outcome)) {
		outcome->grade = GRADE_LIKELY;
	}
}

/* That a sender went on proves a reset forged where its recorder misses
 * nothing, and that one packet is absent, at either place, tells nothing where
 * the recorder there does. */
void weigh_recorders(struct compare *compare)
{
	const struct lane *lanes = compare->table.lanes;

	for (uint32_t i = 0; i < compare->outcome_count; i++) {
		struct outcome *outcome = &compare->outcomes[i];
		uint8_t near = outcome->is_to_server ? outcome->after
						     : outcome->before;
		uint8_t far = outcome->is_to_server ? outcome->before
						    : outcome->after;

		if (outcome->kind == OUTCOME_NEVER_SENT &&
			(outcome->reason == REASON_SENDER_WENT_ON ||
				outcome->reason == REASON_BOTH_ENDS) &&
			lanes[near].missed)
			outcome->grade = GRADE_LIKELY;
		if (outcome->kind == OUTCOME_NEVER_SENT &&
			outcome->reason == REASON_ABSENT && lanes[near].missed)
			outcome->grade = GRADE_POSSIBLE;
		if (outcome->kind == OUTCOME_LOST &&
			outcome->reason == REASON_ABSENT && lanes[far].missed)
			outcome->grade = GRADE_POSSIBLE;
	}
}
