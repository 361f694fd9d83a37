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

/* The lane that had the packet first, of those that are told of. */
static uint8_t first_lane_of(const struct outcome *outcome)
{
	bool is_near = outcome->kind == OUTCOME_ARRIVED;

	return outcome->is_to_server == is_near ? outcome->after
						: outcome->before;
}

/* Do the packets of the outcome's sender begin at that lane? */
static bool is_own_lane(const struct compare *compare,
	const struct outcome *outcome, uint8_t lane)
{
	const struct conn_set *set = &compare->set;

	for (uint32_t i = set->groups[outcome->group].track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		const struct track *track = conn_set_track(set, i - 1);
		unsigned side = outcome->is_to_server ? track->client
						      : !track->client;
		uint8_t ttl = track_usual_ttl(&track->side[side]);

		if (track->lane == lane &&
			(ttl == 64 || ttl == 128 || ttl == 255))
			return true;
	}
	return false;
}

static bool is_forged_beside(
	const struct outcome *other, const struct outcome *reset)
{
	enum { TOGETHER_NS = 1000000000 };
	int64_t apart_ns;

	return other->kind == OUTCOME_NEVER_SENT && other->flags & TCP_RST &&
	       other->is_to_server != reset->is_to_server &&
	       first_lane_of(other) == first_lane_of(reset) &&
	       !__builtin_sub_overflow(
		       other->time_ns, reset->time_ns, &apart_ns) &&
	       apart_ns < TOGETHER_NS && apart_ns > -TOGETHER_NS;
}

bool culprit_side_is_beside_forged(
	const struct compare *compare, uint64_t frame)
{
	enum { NEAR = 256 }; /* outcomes of one connection stand together */
	const struct outcome *all = compare->outcomes, *reset;
	struct culprit_side side;
	uint32_t index, from;

	if (!culprit_side_of(compare, frame, &side))
		return false;
	reset = side.outcome;
	if (reset->kind != OUTCOME_ARRIVED || !(reset->flags & TCP_RST) ||
		is_own_lane(compare, reset, first_lane_of(reset)))
		return false;
	index = (uint32_t)(reset - all);
	from = index > NEAR ? index - NEAR : 0;
	for (uint32_t i = from; i < compare->outcome_count && i < index + NEAR;
		i++)
		if (all[i].group == reset->group &&
			is_forged_beside(&all[i], reset))
			return true;
	return false;
}
