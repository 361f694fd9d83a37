#include "analysis/compare/joining.h"

#include <stdlib.h>

static void begin_group(struct joining *joining, uint32_t group)
{
	uint32_t at = joining->set->groups[group].track, before = 0;

	for (;;) {
		uint32_t next = joining->table->tracks[at].group_next;

		joining->beside[at][0] = before;
		joining->beside[at][1] = next;
		if (!next)
			break;
		before = at + 1;
		at = next - 1;
	}
	joining->groups[group] = (struct joined_group){group, at, false};
}

bool joining_begin(struct joining *joining, struct conn_set *set,
	struct track_table *table)
{
	*joining = (struct joining){
		.set = set,
		.table = table,
		.groups = calloc(
			(size_t)set->count + 1, sizeof(*joining->groups)),
		.beside = calloc((size_t)table->track_count + 1,
			sizeof(*joining->beside)),
	};
	if (!joining->groups || !joining->beside) {
		free(joining->groups);
		free(joining->beside);
		return false;
	}
	for (uint32_t i = 0; i < set->count; i++)
		begin_group(joining, i);
	return true;
}

/* On the way every other group is led past the one that it was joined to. */
static uint32_t end_of(
	struct joining *joining, uint32_t group, bool *is_swapped)
{
	*is_swapped = false;
	while (joining->groups[group].into != group) {
		struct joined_group *own = &joining->groups[group];
		const struct joined_group *next = &joining->groups[own->into];

		joining->looked++;
		own->is_swapped ^= next->is_swapped;
		own->into = next->into;
		*is_swapped ^= own->is_swapped;
		group = own->into;
	}
	return group;
}

uint32_t joining_group_of(struct joining *joining, uint32_t track)
{
	bool is_swapped;

	return end_of(
		joining, joining->table->tracks[track].group, &is_swapped);
}

unsigned joining_client_of(struct joining *joining, uint32_t track)
{
	const struct track *own = &joining->table->tracks[track];
	bool is_swapped;

	(void)end_of(joining, own->group, &is_swapped); /* for the sides */
	return own->client ^ is_swapped;
}

/* The first of a list has room for one beside it. */
static void link_to(struct joining *joining, uint32_t track, uint32_t other)
{
	uint32_t *beside = joining->beside[track];

	beside[beside[0] != 0] = other + 1;
}

void joining_add(
	struct joining *joining, uint32_t from, uint32_t to, bool is_swapped)
{
	struct path_conn *groups = joining->set->groups;
	uint32_t first = groups[from].track;

	link_to(joining, first, groups[to].track);
	link_to(joining, groups[to].track, first);
	groups[to].track = joining->groups[from].last;
	groups[from].track = UINT32_MAX; /* empty from now on */
	joining->groups[from].into = to;
	joining->groups[from].is_swapped = is_swapped;
}

static void write_group(struct joining *joining, uint32_t group)
{
	uint32_t before = 0, at = joining->set->groups[group].track + 1;

	while (at) {
		struct track *track = &joining->table->tracks[at - 1];
		const uint32_t *beside = joining->beside[at - 1];
		bool is_swapped;

		joining->looked++;
		(void)end_of(joining, track->group, &is_swapped);
		track->client ^= is_swapped;
		track->group = group;
		track->group_next = beside[beside[0] == before];
		before = at;
		at = track->group_next;
	}
}

void joining_end(struct joining *joining)
{
	for (uint32_t i = 0; i < joining->set->count; i++)
		if (joining->set->groups[i].track != UINT32_MAX)
			write_group(joining, i);
	free(joining->groups);
	free(joining->beside);
}
