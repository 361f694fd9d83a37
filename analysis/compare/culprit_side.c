#include "analysis/compare/culprit_side.h"

#include <stdlib.h>

/* Of several that are told of one packet, the one that says most: where it got
 * lost or came from, before that it arrived. */
static unsigned weight_of(const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_NEVER_SENT:
		return 4;
	case OUTCOME_LOST:
		return 3;
	case OUTCOME_ARRIVED:
		return 2;
	case OUTCOME_NOT_RECORDED:
	case OUTCOME_DUPLICATED:
	case OUTCOME_DELAYED:
	case OUTCOME_NOT_JUDGED:
	case OUTCOME_COUNT:
		break;
	}
	return 0;
}

/* What is told of an outcome's packet in the gap before: that it was sent there
 * by nobody, or that it arrived. NULL: nothing. Of several, the first and the
 * last that were found. */
static const struct outcome *before_of(const struct compare *compare,
	const struct outcome *outcome, uint32_t *looked)
{
	const struct outcome *before = NULL, *forged = NULL;

	for (uint32_t i = compare->frame_first[outcome->frame % FRAME_BUCKETS];
		i;) {
		const struct frame_entry *entry = &compare->frames[i - 1];
		const struct outcome *other =
			&compare->outcomes[entry->outcome];

		(*looked)++;
		i = entry->next;
		if (entry->frame != outcome->frame || other == outcome ||
			other->group != outcome->group)
			continue;
		/* the last that was found is met first */
		if (other->is_to_server == outcome->is_to_server &&
			other->frame_there == outcome->frame &&
			other->kind == OUTCOME_ARRIVED && !before)
			before = other;
		if (outcome->kind == OUTCOME_ARRIVED &&
			other->kind == OUTCOME_NEVER_SENT &&
			other->frame == outcome->frame)
			forged = other;
	}
	return forged ? forged : before;
}

/* The lanes that a packet passed before have it under other frame numbers:
 * what is told of where it came from is told of the first of them. */
static const struct outcome *origin_of(const struct compare *compare,
	const struct outcome *outcome, uint32_t *looked)
{
	const struct outcome *origin = outcome;

	for (unsigned i = 0; i < LANES_MOST; i++) {
		const struct outcome *before =
			before_of(compare, origin, looked);

		if (!before)
			break;
		origin = before;
		if (origin->kind == OUTCOME_NEVER_SENT)
			break;
	}
	return origin;
}

bool culprit_side_of(const struct compare *compare, uint64_t frame,
	struct culprit_side *side)
{
	const struct outcome *best = NULL;
	uint32_t looked = 0;

	for (uint32_t i = compare->frame_first[frame % FRAME_BUCKETS]; i;) {
		const struct frame_entry *entry = &compare->frames[i - 1];
		const struct outcome *outcome =
			&compare->outcomes[entry->outcome];

		looked++;
		i = entry->next;
		if (entry->frame != frame ||
			(best && weight_of(outcome) <= weight_of(best)))
			continue;
		outcome = origin_of(compare, outcome, &looked);
		best = outcome;
	}
	if (!best || weight_of(best) == 0)
		return false;
	*side = (struct culprit_side){best->after, best->before, best, looked};
	if (best->kind != OUTCOME_ARRIVED)
		return true;
	if (best->is_to_server)
		*side = (struct culprit_side){
			NO_LANE, best->after, best, looked};
	else
		*side = (struct culprit_side){
			best->before, NO_LANE, best, looked};
	return true;
}

bool culprit_side_left_sender(const struct compare *compare, uint64_t frame)
{
	for (uint32_t i = compare->frame_first[frame % FRAME_BUCKETS]; i;) {
		const struct frame_entry *entry = &compare->frames[i - 1];
		const struct outcome *outcome =
			&compare->outcomes[entry->outcome];

		i = entry->next;
		if (entry->frame == frame &&
			outcome->kind == OUTCOME_NOT_RECORDED &&
			outcome->reason == REASON_FURTHER_ON &&
			(outcome->ttl == 64 || outcome->ttl == 128 ||
				outcome->ttl == 255))
			return true;
	}
	return false;
}
