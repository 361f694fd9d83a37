#include "analysis/verdict/group_split.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/group_tally.h"

/* One kind that is being divided. */
struct division {
	const struct group_kind *kind;
	struct group_list *list;
	struct group_tally *tallies; /* room for all cells */
	uint32_t *group_of;	     /* by cell: index + 1; 0: none yet */
	uint64_t incidents;	     /* of the kind */
	bool is_out_of_memory;
};

/* Whether the cells of this kind tell so much of their places. */
static bool knows(const struct group_kind *kind, enum group_place place)
{
	switch (place) {
	case GROUP_PLACE_HOST:
		return kind->level < GROUP_LEVEL_NETWORK;
	case GROUP_PLACE_NETWORK:
		return kind->level < GROUP_LEVEL_PORT;
	case GROUP_PLACE_PATH:
		return kind->level < GROUP_LEVEL_NO_OTHER;
	case GROUP_PLACE_PORT:
		return kind->level < GROUP_LEVEL_KEY;
	case GROUP_PLACE_NONE:
	case GROUP_PLACE_COUNT:
		break;
	}
	return true;
}

/* The part of a cell's name that a kind of place is about. */
static struct group_tally place_in(
	const struct group_cell *cell, enum group_place place)
{
	const struct group_cell_name *name = &cell->name;
	struct group_tally tally = {.incidents = cell->counts.incidents};

	if (place != GROUP_PLACE_PORT && place != GROUP_PLACE_NONE)
		tally.family = name->family;
	if (place == GROUP_PLACE_HOST)
		tally.address = name->place;
	if (place == GROUP_PLACE_NETWORK || place == GROUP_PLACE_PATH)
		tally.address = group_network_of(&name->place, name->family);
	if (place == GROUP_PLACE_PATH)
		tally.client_network =
			group_network_of(&name->other, name->family);
	if (place == GROUP_PLACE_PORT)
		tally.port = name->server_port;
	return tally;
}

static struct group *new_group(struct division *division,
	enum group_place place, const struct group_tally *tally)
{
	struct group_list *list = division->list;
	struct group *grown =
		reallocarray(list->groups, list->count + 1u, sizeof(*grown));

	if (!grown) {
		division->is_out_of_memory = true;
		return NULL;
	}
	list->groups = grown;
	grown[list->count] = (struct group){
		.key = division->kind->key,
		.place = place,
		.address = tally->address,
		.client_network = tally->client_network,
		.port = tally->port,
		.family = tally->family,
	};
	return &grown[list->count++];
}

static void take_run(struct division *division, enum group_place place,
	uint32_t first, uint32_t end)
{
	struct group *group =
		new_group(division, place, &division->tallies[first]);

	for (uint32_t i = first; group && i < end; i++)
		division->group_of[division->tallies[i].cell] =
			division->list->count;
}

/* The next kind of place to divide by; NONE: the rest stays together. */
static enum group_place next_place(enum group_place place)
{
	return place == GROUP_PLACE_HOST      ? GROUP_PLACE_NETWORK
	       : place == GROUP_PLACE_NETWORK ? GROUP_PLACE_PORT
					      : GROUP_PLACE_NONE;
}

/* What is left for a kind of place to divide. */
struct rest {
	uint64_t incidents;
	uint32_t places;
};

/* One incident at each of many places is one event: a place of its own has
 * several. Networks are divided by only where one stands out: each of twenty
 * that fail alike says nothing about it. */
static bool is_place_of_its_own(const struct division *division,
	enum group_place place, const struct rest *rest, uint64_t incidents)
{
	if (place == GROUP_PLACE_NONE || incidents == division->incidents)
		return true;
	if (place == GROUP_PLACE_NETWORK &&
		incidents * rest->places < rest->incidents * GROUP_SHARE_TIMES)
		return false;
	return incidents >= GROUP_PLACE_LEAST &&
	       incidents * GROUP_PART >= division->incidents;
}

/* Sorts the cells by this kind of place, those that have a group last. */
static void sort_by(struct division *division, enum group_place place)
{
	const struct group_kind *kind = division->kind;

	for (uint32_t i = 0; i < kind->count; i++) {
		division->tallies[i] = place_in(&kind->cells[i], place);
		division->tallies[i].cell = i;
		division->tallies[i].is_taken = division->group_of[i] != 0;
	}
	group_tally_sort(division->tallies, kind->count);
}

/* Gives each place that has enough a group of its own. */
static void divide_by(struct division *division, enum group_place place)
{
	const struct group_tally *tallies = division->tallies;
	uint32_t count = division->kind->count, end;
	struct rest rest = {0};
	uint64_t incidents;

	if (!knows(division->kind, place))
		return;
	sort_by(division, place);
	for (uint32_t i = 0; i < count && !tallies[i].is_taken; i = end) {
		end = group_tally_run(tallies, i, count, &incidents);
		rest.incidents += incidents;
		rest.places++;
	}
	for (uint32_t i = 0; i < count && !tallies[i].is_taken; i = end) {
		end = group_tally_run(tallies, i, count, &incidents);
		if (is_place_of_its_own(division, place, &rest, incidents))
			take_run(division, place, i, end);
	}
}

static void divide(struct division *division)
{
	const struct group_kind *kind = division->kind;
	enum group_place place = group_key_place(&kind->key);

	memset(division->group_of, 0,
		kind->count * sizeof(*division->group_of));
	division->incidents = 0;
	for (uint32_t i = 0; i < kind->count; i++)
		division->incidents += kind->cells[i].counts.incidents;
	for (; place != GROUP_PLACE_NONE; place = next_place(place))
		divide_by(division, place);
	divide_by(division, GROUP_PLACE_NONE);
}

bool group_share_is_told(const struct group *group, enum group_role role)
{
	const struct group_spread *spread = &group->spread[role];
	enum group_role host = role == GROUP_SERVER_NETWORK   ? GROUP_SERVER
			       : role == GROUP_CLIENT_NETWORK ? GROUP_CLIENT
							      : role;

	/* half as many again as its busiest host */
	return spread->is_more &&
	       (host == role ||
		       2 * spread->most >= 3 * group->spread[host].most);
}

/* Sums up the cells of the group with this index. */
static void count_group(struct division *division, uint32_t index)
{
	const struct group_kind *kind = division->kind;
	struct group *group = &division->list->groups[index];

	for (uint32_t i = 0; i < kind->count; i++) {
		const struct group_cell *cell = &kind->cells[i];

		if (division->group_of[i] != index + 1)
			continue;
		group_counts_add(&group->counts, &cell->counts);
		group->by_grade[cell->name.grade] += cell->counts.incidents;
	}
	for (unsigned role = 0; role < GROUP_ROLE_COUNT; role++) {
		uint32_t count = 0;

		for (uint32_t i = 0; i < kind->count; i++)
			if (division->group_of[i] == index + 1 &&
				group_role_of(kind, &kind->cells[i],
					(enum group_role)role,
					&division->tallies[count]))
				count++;
		group_role_count(&group->spread[role], group->counts.incidents,
			division->tallies, count);
	}
}

static void divide_kind(struct division *division)
{
	uint32_t first = division->list->count;

	divide(division);
	for (uint32_t i = first; i < division->list->count; i++)
		count_group(division, i);
}

bool group_list_make(struct group_list *list, const struct group_table *table)
{
	uint32_t most = 1;
	struct division division = {.list = list};

	*list = (struct group_list){0};
	for (uint32_t i = 0; i < table->count; i++)
		if (table->kinds[i].count > most)
			most = table->kinds[i].count;
	division.tallies = calloc(most, sizeof(*division.tallies));
	division.group_of = calloc(most, sizeof(*division.group_of));
	division.is_out_of_memory = !division.tallies || !division.group_of;
	for (uint32_t i = 0; !division.is_out_of_memory && i < table->count;
		i++) {
		assert(table->kinds[i].sorted == table->kinds[i].count);
		division.kind = &table->kinds[i];
		divide_kind(&division);
	}
	free(division.tallies);
	free(division.group_of);
	if (division.is_out_of_memory)
		group_list_free(list);
	return !division.is_out_of_memory;
}

void group_list_free(struct group_list *list)
{
	free(list->groups);
	*list = (struct group_list){0};
}

/* Whether a verdict's cell is of this place. */
static bool is_in(const struct group *group, const struct group_cell *cell)
{
	struct group_tally tally = place_in(cell, group->place);

	return tally.family == group->family && tally.port == group->port &&
	       memcmp(&tally.address, &group->address, sizeof(tally.address)) ==
		       0 &&
	       memcmp(&tally.client_network, &group->client_network,
		       sizeof(tally.client_network)) == 0;
}

/* First group of this key; they are in the order of keys. */
static uint32_t first_of(
	const struct group_list *list, const struct group_key *key)
{
	uint32_t low = 0, high = list->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (group_key_compare(&list->groups[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t group_list_find(const struct group_list *list,
	const struct group_table *table, const struct group_verdict *verdict)
{
	const struct group_kind *kind = group_table_find(table, &verdict->key);
	struct group_cell cell;
	uint32_t index;

	assert(kind);
	cell.counts = (struct group_counts){.incidents = 1};
	cell.name = group_cell_name_of(kind, verdict);
	/* at most GROUP_PART of each kind of place: hosts were taken before
	 * networks, and those before ports */
	index = first_of(list, &verdict->key);
	while (index + 1 < list->count && !is_in(&list->groups[index], &cell))
		index++;
	return index;
}
