#include "analysis/compare/both_ends.h"

/* Did the end that was sent `reset` get another packet later, to which it may
 * have answered with a reset of its own? */
static bool has_come_later(
	const struct row_set rows[2], const struct outcome *reset)
{
	const struct row_set *way = &rows[reset->is_to_server];
	unsigned lane = 0;

	while (way->lanes[lane] !=
		(reset->is_to_server ? reset->before : reset->after))
		lane++;
	for (uint32_t i = 0; i < way->count; i++) {
		const struct seen_packet *packet =
			row_packet(way, &way->rows[i], lane);

		if (packet && !(packet->flags & TCP_RST) &&
			packet->time_ns > reset->time_ns)
			return true;
	}
	return false;
}

/* The first reset to this end that its sender never sent; NULL: none. */
static struct outcome *first_forged(
	const struct compare *compare, uint32_t from, bool is_to_server)
{
	struct outcome *first = NULL;

	for (uint32_t i = from; i < compare->outcome_count; i++) {
		struct outcome *outcome = &compare->outcomes[i];

		if (outcome->kind == OUTCOME_NEVER_SENT &&
			outcome->flags & TCP_RST &&
			outcome->is_to_server == is_to_server &&
			(!first || outcome->time_ns < first->time_ns))
			first = outcome;
	}
	return first;
}

/* The place of a reset's nearer lane to the client. */
static unsigned place_of(
	const struct row_set rows[2], const struct outcome *reset)
{
	unsigned place = 0;

	while (rows[1].lanes[place] != reset->after)
		place++;
	return place;
}

/* Did both enter between the same lanes, or on both sides of one lane? A device
 * at that lane's own place is on either side of it, by whether its recorder has
 * what the device sends. */
static bool is_one_place(const struct row_set rows[2],
	const struct outcome *one, const struct outcome *other)
{
	unsigned place = place_of(rows, one), there = place_of(rows, other);

	return place == there || place + 1 == there || there + 1 == place;
}

/* A device that resets both ends: each has one in the other's name that the
 * other never sent, and neither is an answer of an end that was reset. Two
 * recorders would have had to miss one each. */
void both_ends_weigh(
	struct compare *compare, const struct row_set rows[2], uint32_t from)
{
	struct outcome *ends[2] = {first_forged(compare, from, false),
		first_forged(compare, from, true)};

	if (!ends[0] || !ends[1] || !is_one_place(rows, ends[0], ends[1]) ||
		has_come_later(rows, ends[0]) || has_come_later(rows, ends[1]))
		return;
	for (unsigned i = 0; i < 2; i++) {
		if (ends[i]->grade == GRADE_CERTAIN)
			continue;
		ends[i]->grade = GRADE_CERTAIN;
		ends[i]->reason = REASON_BOTH_ENDS;
		ends[i]->proof = ends[!i]->frame;
	}
}
