#include "analysis/compare/witness.h"

#include <stdlib.h>

enum { NEAREST = 4 };

static struct frame_range range_of(
	const struct frame_range *one, const struct frame_range *other)
{
	return (struct frame_range){
		one->least < other->least ? one->least : other->least,
		one->most > other->most ? one->most : other->most};
}

bool witnesses_begin(struct witnesses *witnesses)
{
	static const struct frame_range nothing = {UINT64_MAX, 0};
	const struct passages *back = witnesses->back;
	struct frame_range *nodes;
	uint32_t leaves = 1;

	while (leaves <= back->count) /* one is behind the last */
		leaves *= 2;
	nodes = calloc((size_t)leaves * 2, sizeof(*nodes));
	if (!nodes)
		return false;
	for (uint32_t i = 0; i < leaves; i++)
		nodes[leaves + i] =
			i < back->count
				? (struct frame_range){back->list[i]
							       .frame_there,
					  back->list[i].frame_there}
				: nothing;
	for (uint32_t i = leaves; i-- > 1;)
		nodes[i] = range_of(&nodes[2 * i], &nodes[2 * i + 1]);
	witnesses->nodes = nodes;
	witnesses->leaves = leaves;
	return true;
}

void witnesses_end(struct witnesses *witnesses)
{
	free(witnesses->nodes);
	witnesses->nodes = NULL;
}

/* The first passage whose frame is at least this one. */
static uint32_t first_from(struct witnesses *witnesses, uint64_t frame)
{
	uint32_t from = 0, to = witnesses->back->count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		witnesses->looked++;
		if (witnesses->back->list[middle].frame < frame)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The last passage before `end` that is before this frame at the next lane, or
 * UINT32_MAX: of the nodes that cover what is before `end`, from the right, the
 * first that has one; and down in it. */
static uint32_t last_before(
	struct witnesses *witnesses, uint32_t end, uint64_t frame_there)
{
	const struct frame_range *nodes = witnesses->nodes;
	uint32_t node = witnesses->leaves + end;

	for (;;) {
		/* up until there is something to the left */
		while (node > 1 && node % 2 == 0) {
			node /= 2;
			witnesses->looked++;
		}
		if (node <= 1)
			return UINT32_MAX;
		node--;
		witnesses->looked++;
		if (nodes[node].least < frame_there)
			break;
	}
	while (node < witnesses->leaves) {
		witnesses->looked++;
		node = 2 * node + (nodes[2 * node + 1].least < frame_there);
	}
	return node - witnesses->leaves;
}

/* The same from `begin` on, of what is behind this frame. */
static uint32_t first_behind(
	struct witnesses *witnesses, uint32_t begin, uint64_t frame_there)
{
	const struct frame_range *nodes = witnesses->nodes;
	uint32_t node = witnesses->leaves + begin;

	if (begin >= witnesses->back->count)
		return UINT32_MAX;
	while (nodes[node].most <= frame_there) {
		witnesses->looked++;
		while (node % 2 == 1) { /* nothing to the right */
			node /= 2;
			witnesses->looked++;
			if (node <= 1)
				return UINT32_MAX;
		}
		node++;
	}
	while (node < witnesses->leaves) {
		witnesses->looked++;
		node = 2 * node + (nodes[2 * node].most <= frame_there);
	}
	return node - witnesses->leaves;
}

static void take_least(int64_t *least_ns, int64_t delay_ns)
{
	if (delay_ns < *least_ns)
		*least_ns = delay_ns;
}

/* The nearest that both lanes have before a packet. */
static void look_before(struct witnesses *witnesses,
	const struct passage *before, struct witness *witness)
{
	uint32_t at = first_from(witnesses, before->frame);

	for (unsigned count = 0; count < NEAREST; count++) {
		const struct passage *passage;

		at = last_before(witnesses, at, before->frame_there);
		if (at == UINT32_MAX)
			return;
		passage = &witnesses->back->list[at];
		if (count == 0)
			witness->last_before_ns = passage->time_ns;
		take_least(&witness->before_ns, passage->delay_ns);
	}
}

static void look_behind(struct witnesses *witnesses,
	const struct passage *after, struct witness *witness)
{
	uint32_t at = first_from(witnesses, after->frame + 1);

	for (unsigned count = 0; count < NEAREST; count++, at++) {
		const struct passage *passage;

		at = first_behind(witnesses, at, after->frame_there);
		if (at == UINT32_MAX)
			return;
		passage = &witnesses->back->list[at];
		if (count == 0)
			witness->first_after_ns = passage->time_ns;
		take_least(&witness->after_ns, passage->delay_ns);
	}
}

/* Runs have no frame of the lane in common: no passage is looked at twice. */
static void look_inside(struct witnesses *witnesses,
	const struct passages *own, const struct late_run *run,
	struct witness *witness)
{
	const struct passages *back = witnesses->back;
	uint64_t last = own->list[run->last].frame;
	uint32_t i = first_from(witnesses, own->list[run->first].frame + 1);

	for (; i < back->count && back->list[i].frame < last; i++) {
		const struct passage *passage = &back->list[i];

		witnesses->looked++;
		if (passage->frame_there > run->first_there &&
			passage->frame_there < run->last_there)
			take_least(&witness->inside_ns, passage->delay_ns);
	}
}

struct witness witness_of(struct witnesses *witnesses,
	const struct passages *own, const struct late_run *run)
{
	struct witness witness = {INT64_MAX, INT64_MAX, INT64_MAX, 0, 0};

	if (run->first)
		look_before(
			witnesses, &own->list[run->first - 1], &witness);
	look_inside(witnesses, own, run, &witness);
	if (run->last + 1 < own->count)
		look_behind(witnesses, &own->list[run->last + 1], &witness);
	return witness;
}
