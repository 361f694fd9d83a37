#include "analysis/verdict/group_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(struct group_cell_name) == 36, "no padding");
static_assert(sizeof(struct group_key) == 12, "no padding");

/* Of a key: it always has room for the cells of the last level. */
enum { CELLS_LEAST = 16, CELLS_AT_FIRST = 16, NETWORK_4 = 3, NETWORK_6 = 6 };
static_assert((int)GRADE_COUNT <= (int)CELLS_LEAST, "the last level has room");

void group_table_init(struct group_table *table, uint32_t most_cells)
{
	*table = (struct group_table){
		.most_cells = most_cells ? most_cells : GROUP_CELLS_USUAL};
}

void group_table_release(struct group_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		free(table->kinds[i].cells);
	free(table->kinds);
	*table = (struct group_table){0};
}

struct address group_network_of(const struct address *address, uint8_t family)
{
	struct address network = {0};

	memcpy(network.bytes, address->bytes,
		family == 6 ? NETWORK_6 : NETWORK_4);
	return network;
}

/* Tells the name less exactly: each level forgets what those before did. */
static void coarsen(struct group_cell_name *name, unsigned level)
{
	if (level >= GROUP_LEVEL_OTHER_NETWORK)
		name->other = group_network_of(&name->other, name->family);
	if (level >= GROUP_LEVEL_NO_OTHER)
		name->other = (struct address){0};
	if (level >= GROUP_LEVEL_NETWORK)
		name->place = group_network_of(&name->place, name->family);
	if (level >= GROUP_LEVEL_PORT) {
		name->place = (struct address){0};
		name->family = 0;
	}
	if (level >= GROUP_LEVEL_KEY)
		name->server_port = 0;
}

struct group_cell_name group_cell_name_of(
	const struct group_kind *kind, const struct group_verdict *verdict)
{
	bool is_client = group_key_is_of_clients(&kind->key);
	struct group_cell_name name = {
		.place = is_client ? verdict->client : verdict->server,
		.other = is_client ? verdict->server : verdict->client,
		.server_port = verdict->server_port,
		.family = verdict->family,
		.grade = verdict->grade,
	};

	coarsen(&name, kind->level);
	return name;
}

int group_cell_name_compare(
	const struct group_cell_name *a, const struct group_cell_name *b)
{
	return memcmp(a, b, sizeof(*a));
}

static void add_range(struct group_range *range, const struct group_range *more)
{
	if (more->most == 0)
		return;
	if (range->most == 0 || more->least < range->least)
		range->least = more->least;
	if (more->most > range->most)
		range->most = more->most;
}

static void add_times(
	struct group_counts *counts, const struct group_counts *more)
{
	if (more->first_ns == INT64_MIN)
		return;
	if (counts->first_ns == INT64_MIN || more->first_ns < counts->first_ns)
		counts->first_ns = more->first_ns;
	if (counts->last_ns == INT64_MIN || more->last_ns > counts->last_ns)
		counts->last_ns = more->last_ns;
}

void group_counts_add(
	struct group_counts *counts, const struct group_counts *more)
{
	if (more->incidents == 0)
		return;
	if (counts->incidents == 0) {
		*counts = *more;
		return;
	}
	counts->incidents += more->incidents;
	counts->connections += more->connections;
	if (more->frame < counts->frame)
		counts->frame = more->frame;
	add_times(counts, more);
	add_range(&counts->ttl, &more->ttl);
	add_range(&counts->hop, &more->hop);
	add_range(&counts->window, &more->window);
	add_range(&counts->idle_ms, &more->idle_ms);
}

static int by_name(const void *left, const void *right)
{
	const struct group_cell *a = left, *b = right;

	return group_cell_name_compare(&a->name, &b->name);
}

/* Sorts the cells and joins those of one name. */
static void compact(struct group_table *table, struct group_kind *kind)
{
	struct group_cell *cells = kind->cells;
	uint32_t kept = 0;

	if (kind->sorted == kind->count || !cells)
		return;
	qsort(cells, kind->count, sizeof(*cells), by_name);
	table->sorted += kind->count;
	for (uint32_t i = 0; i < kind->count; i++) {
		struct group_cell *last = kept ? &cells[kept - 1] : NULL;

		if (last && by_name(last, &cells[i]) == 0)
			group_counts_add(&last->counts, &cells[i].counts);
		else
			cells[kept++] = cells[i];
	}
	kind->sorted = kind->count = kept;
}

/* Cells that a key may have: a share of all, by the next power of two of the
 * number of keys, so that shares only become smaller as keys are added. */
static uint32_t share_of(const struct group_table *table)
{
	uint32_t keys = 1;

	while (keys < table->count)
		keys *= 2;
	return table->most_cells / keys > CELLS_LEAST ? table->most_cells / keys
						      : CELLS_LEAST;
}

static void set_level(struct group_kind *kind, unsigned level)
{
	for (uint32_t i = 0; i < kind->count; i++)
		coarsen(&kind->cells[i].name, level);
	kind->level = (uint8_t)level;
	kind->sorted = 0;
}

static bool set_capacity(struct group_kind *kind, uint32_t capacity)
{
	struct group_cell *cells =
		reallocarray(kind->cells, capacity, sizeof(*cells));

	if (!cells)
		return false;
	kind->cells = cells;
	kind->capacity = capacity;
	return true;
}

/* The least level at which the cells are no more than their share; as many
 * again are held until they are joined. */
static void fit(struct group_table *table, struct group_kind *kind)
{
	uint32_t share = share_of(table);

	compact(table, kind);
	while (kind->count > share) {
		set_level(kind, kind->level + 1u);
		compact(table, kind);
	}
	if (kind->capacity > 2 * share)
		(void)set_capacity(kind, 2 * share); /* larger does no harm */
}

/* Room for one more cell: the cells are joined first, and their array grows
 * when that freed less than half of it. */
static bool make_room(struct group_table *table, struct group_kind *kind)
{
	uint32_t most = 2 * share_of(table);
	uint32_t wanted = kind->capacity ? kind->capacity * 2 : CELLS_AT_FIRST;

	if (kind->count < kind->capacity)
		return true;
	fit(table, kind);
	if (kind->count >= kind->capacity / 2 && kind->capacity < most)
		(void)set_capacity(kind, wanted < most ? wanted : most);
	return kind->count < kind->capacity;
}

static uint32_t place_of(
	const struct group_table *table, const struct group_key *key)
{
	uint32_t low = 0, high = table->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (group_key_compare(&table->kinds[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct group_kind *group_table_find(
	const struct group_table *table, const struct group_key *key)
{
	uint32_t place = place_of(table, key);

	return place < table->count &&
			       group_key_compare(
				       &table->kinds[place].key, key) == 0
		       ? &table->kinds[place]
		       : NULL;
}

void group_table_settle(struct group_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		fit(table, &table->kinds[i]);
}

/* The kind of this key, a new one if there was none; NULL without memory. */
static struct group_kind *kind_of(
	struct group_table *table, const struct group_key *key)
{
	uint32_t place = place_of(table, key);
	struct group_kind *grown;

	if (group_table_find(table, key))
		return &table->kinds[place];
	grown = table->kinds;
	if (table->count == table->capacity) {
		uint32_t wanted = table->capacity ? table->capacity * 2 : 16;

		grown = reallocarray(table->kinds, wanted, sizeof(*grown));
		if (!grown)
			return NULL;
		table->kinds = grown;
		table->capacity = wanted;
	}
	assert(grown);
	if (place < table->count)
		memmove(&grown[place + 1], &grown[place],
			(table->count - place) * sizeof(*grown));
	grown[place] = (struct group_kind){.key = *key};
	table->count++;
	/* the others' shares are halved */
	if (table->count > 1 && ((table->count - 1) & (table->count - 2)) == 0)
		group_table_settle(table);
	return &table->kinds[place];
}

static void add_cell(struct group_table *table, struct group_kind *kind,
	const struct group_cell *cell)
{
	if (!make_room(table, kind)) {
		table->has_no_memory = true;
		return;
	}
	kind->cells[kind->count] = *cell;
	coarsen(&kind->cells[kind->count].name, kind->level);
	kind->count++;
}

static struct group_range only(uint32_t value)
{
	return (struct group_range){value, value};
}

void group_table_add(
	struct group_table *table, const struct group_verdict *verdict)
{
	struct group_kind *kind = kind_of(table, &verdict->key);
	struct group_cell cell = {.counts = {
					  .incidents = 1,
					  .connections = !verdict->is_further,
					  .first_ns = verdict->time_ns,
					  .last_ns = verdict->time_ns,
					  .frame = verdict->frame,
					  .ttl = only(verdict->ttl),
					  .hop = only(verdict->hop),
					  .window = only(verdict->window),
					  .idle_ms = only(verdict->idle_ms),
				  }};

	if (!kind) {
		table->has_no_memory = true;
		return;
	}
	cell.name = group_cell_name_of(kind, verdict);
	add_cell(table, kind, &cell);
}

void group_table_merge(
	struct group_table *table, const struct group_table *from)
{
	table->has_no_memory |= from->has_no_memory;
	for (uint32_t i = 0; i < from->count; i++) {
		const struct group_kind *more = &from->kinds[i];
		struct group_kind *kind = kind_of(table, &more->key);

		if (!kind) {
			table->has_no_memory = true;
			continue;
		}
		if (kind->level < more->level)
			set_level(kind, more->level);
		for (uint32_t j = 0; j < more->count; j++)
			add_cell(table, kind, &more->cells[j]);
	}
	group_table_settle(table);
}
