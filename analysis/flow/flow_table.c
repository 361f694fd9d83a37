#include "analysis/flow/flow_table.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/flow/hugepages.h"
#include "capture/array.h"

enum {
	FIRST_BUCKET_BITS = FLOW_TABLE_CHUNK_BITS - 4, /* at least 2 */
	/* 288 KB: room for one is left when flows have taken all of theirs */
	NAMES_PER_CHUNK = 1 << (FLOW_TABLE_CHUNK_BITS - 3),
	VICTIM_CANDIDATES = 32,
	VICTIM_SLOTS = 128, /* looked at for them: most may be free */
};

bool flow_table_init(struct flow_table *table, uint64_t max_flows,
	uint64_t seed, struct budget *budget)
{
	memset(table, 0, sizeof(*table));
	table->max_flows = max_flows < UINT32_MAX ? max_flows : UINT32_MAX - 1;
	table->seed = seed;
	table->budget = budget;
	table->bucket_bits = FIRST_BUCKET_BITS;
	table->buckets = hugepages_new(
		sizeof(struct bucket) << FIRST_BUCKET_BITS, false);
	return table->buckets != NULL;
}

void flow_table_release(struct flow_table *table)
{
	for (uint32_t i = 0; i < table->chunk_count; i++)
		hugepages_free(table->chunks[i],
			sizeof(struct flow) * FLOWS_PER_CHUNK);
	for (uint32_t i = 0; i < table->name_chunk_count; i++)
		hugepages_free(table->name_chunks[i],
			sizeof(struct v6_name) * NAMES_PER_CHUNK);
	free(table->chunks);
	free(table->name_chunks);
	hugepages_free(
		table->buckets, sizeof(struct bucket) << table->bucket_bits);
}

struct flow *flow_table_find(
	const struct flow_table *table, const struct flow_key *key)
{
	uint32_t tag = flow_table_tag(key);

	for (uint32_t i = flow_table_bucket(table, tag);;
		i = flow_table_next_bucket(table, i)) {
		const struct bucket *bucket = &table->buckets[i];
		struct flow *flow;

		if (bucket->slot == 0)
			return NULL;
		if (bucket->tag != tag)
			continue;
		flow = flow_table_slot(table, bucket->slot - 1);
		if (flow_is(flow, key))
			return flow;
	}
}

static void place(struct flow_table *table, uint32_t tag, uint32_t slot)
{
	uint32_t i = flow_table_bucket(table, tag);

	while (table->buckets[i].slot)
		i = flow_table_next_bucket(table, i);
	table->buckets[i] = (struct bucket){tag, slot};
}

/* Pages within the budget; NULL when it or the memory has no more. As long as
 * there are no names of IPv6, room is left for the first of them. */
static void *take_pages(struct flow_table *table, size_t bytes, bool will_fill)
{
	size_t names_bytes = sizeof(struct v6_name) * NAMES_PER_CHUNK;
	void *pages;

	if (!table->name_chunk_count && bytes != names_bytes &&
		!budget_has_room(
			table->budget, BUDGET_FLOWS, bytes + names_bytes))
		return NULL;
	if (!budget_take(table->budget, BUDGET_FLOWS, bytes))
		return NULL;
	pages = hugepages_new(bytes, will_fill);
	if (!pages)
		budget_give(table->budget, BUDGET_FLOWS, bytes);
	return pages;
}

/* Doubles the index at seven tenths of its size. */
static bool make_room(struct flow_table *table)
{
	uint64_t size = (uint64_t)1 << table->bucket_bits;
	struct bucket *old = table->buckets;

	if (table->live * 10 < size * 7 || table->bucket_bits >= 32)
		return true;
	table->buckets =
		take_pages(table, size * 2 * sizeof(struct bucket), true);
	if (!table->buckets) {
		table->buckets = old;
		/* without memory it may fill up, but never wholly */
		return table->live + 1 < size;
	}
	table->bucket_bits++;
	for (uint64_t i = 0; i < size; i++)
		if (old[i].slot)
			place(table, old[i].tag, old[i].slot);
	/* the first index is small enough not to be counted */
	if (table->bucket_bits > FIRST_BUCKET_BITS + 1)
		budget_give(table->budget, BUDGET_FLOWS,
			size * sizeof(struct bucket));
	hugepages_free(old, size * sizeof(struct bucket));
	return true;
}

static struct flow *take_slot(struct flow_table *table, uint32_t *slot)
{
	if (table->free_slot) {
		struct flow *flow;

		*slot = table->free_slot - 1;
		flow = flow_table_slot(table, *slot);
		table->free_slot = flow->first_frame; /* link of free slots */
		return flow;
	}
	if (table->slots_used / FLOWS_PER_CHUNK == table->chunk_count) {
		struct flow **chunks = array_grown(table->chunks,
			table->chunk_count, &table->chunk_capacity,
			/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
			sizeof(*chunks)); /* pointers */
		struct flow *chunk;

		if (!chunks)
			return NULL;
		table->chunks = chunks;
		chunk = take_pages(table, sizeof(struct flow) * FLOWS_PER_CHUNK,
			table->max_flows >= FLOWS_PER_CHUNK);
		if (!chunk)
			return NULL;
		table->chunks[table->chunk_count++] = chunk;
	}
	*slot = table->slots_used++;
	return flow_table_slot(table, *slot);
}

static struct v6_name *name_at(const struct flow_table *table, uint32_t index)
{
	return &table->name_chunks[index / NAMES_PER_CHUNK]
				  [index % NAMES_PER_CHUNK];
}

/* Index + 1 of a free name, 0 without memory. */
static uint32_t take_name(struct flow_table *table)
{
	uint32_t index;

	if (table->free_name) {
		index = table->free_name - 1;
		memcpy(&table->free_name, name_at(table, index),
			sizeof(table->free_name));
		return index + 1;
	}
	if (table->names_used / NAMES_PER_CHUNK == table->name_chunk_count) {
		struct v6_name **chunks = array_grown(table->name_chunks,
			table->name_chunk_count, &table->name_chunk_capacity,
			/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
			sizeof(*chunks)); /* pointers */
		void *chunk;

		if (!chunks)
			return 0;
		table->name_chunks = chunks;
		chunk = take_pages(table,
			sizeof(struct v6_name) * NAMES_PER_CHUNK,
			table->max_flows >= NAMES_PER_CHUNK);
		if (!chunk)
			return 0;
		table->name_chunks[table->name_chunk_count++] = chunk;
	}
	index = table->names_used++;
	return index + 1;
}

static void give_name_back(struct flow_table *table, uint32_t name)
{
	memcpy(name_at(table, name - 1), &table->free_name,
		sizeof(table->free_name));
	table->free_name = name;
}

struct flow *flow_table_insert(struct flow_table *table,
	const struct flow_key *key, const struct packet *packet)
{
	uint32_t slot, v6 = 0;
	struct flow *flow;

	if (!make_room(table))
		return NULL;
	if (key->is_v6) {
		v6 = take_name(table);
		if (!v6)
			return NULL;
		struct v6_name *name = name_at(table, v6 - 1);

		name->address[key->side] = packet->source;
		name->address[!key->side] = packet->target;
		name->port[key->side] = packet->source_port;
		name->port[!key->side] = packet->target_port;
	}
	flow = take_slot(table, &slot);
	if (!flow) {
		if (v6)
			give_name_back(table, v6);
		return NULL;
	}
	memset(flow, 0, sizeof(*flow));
	flow->identity[0] = key->identity[0];
	flow->identity[1] = key->identity[1];
	flow->flags = FLOW_USED | (key->is_v6 ? FLOW_V6 : 0);
	flow->v6 = v6;
	place(table, flow_table_tag(key), slot + 1);
	table->live++;
	return flow;
}

/* Fills the free bucket of the probe sequence by moving later entries back, so
 * that the index needs no tombstones. */
static void unlink_bucket(struct flow_table *table, uint32_t free)
{
	uint32_t mask = ((uint32_t)1 << table->bucket_bits) - 1;

	for (uint32_t i = flow_table_next_bucket(table, free);
		table->buckets[i].slot; i = flow_table_next_bucket(table, i)) {
		uint32_t first =
			flow_table_bucket(table, table->buckets[i].tag);

		if (((i - first) & mask) >= ((i - free) & mask)) {
			table->buckets[free] = table->buckets[i];
			free = i;
		}
	}
	table->buckets[free] = (struct bucket){0, 0};
}

void flow_table_remove(struct flow_table *table, struct flow *flow)
{
	uint32_t tag = (uint32_t)(flow_key_hash(flow, table->seed) >> 32);
	uint32_t i = flow_table_bucket(table, tag);

	while (flow_table_slot(table, table->buckets[i].slot - 1) != flow)
		i = flow_table_next_bucket(table, i);
	uint32_t slot = table->buckets[i].slot - 1;

	unlink_bucket(table, i);
	if (flow->v6)
		give_name_back(table, flow->v6);
	flow->flags = 0;
	flow->first_frame = table->free_slot;
	table->free_slot = slot + 1;
	table->live--;
}

void flow_table_let_index_go(struct flow_table *table)
{
	hugepages_let_go(
		table->buckets, sizeof(struct bucket) << table->bucket_bits);
}

void flow_table_let_go(struct flow_table *table, uint32_t chunk)
{
	hugepages_let_go(
		table->chunks[chunk], sizeof(struct flow) * FLOWS_PER_CHUNK);
}

/* Smaller is less worth keeping: half-open, then finished, then the rest. */
static unsigned rank_of(const struct flow *flow)
{
	if (flow->flags & FLOW_CLOSED)
		return 0;
	if (!(flow->flags & FLOW_ESTABLISHED))
		return flow->evidence ? 2 : 1;
	return flow->evidence ? 4 : 3;
}

struct flow *flow_table_victim(struct flow_table *table)
{
	struct flow *best = NULL;
	unsigned best_rank = 0, seen = 0;

	for (uint32_t steps = 0;
		steps < table->slots_used && steps < VICTIM_SLOTS; steps++) {
		struct flow *flow;
		unsigned rank;

		if (table->hand >= table->slots_used)
			table->hand = 0;
		flow = flow_table_slot(table, table->hand++);
		if (!(flow->flags & FLOW_USED))
			continue;
		rank = rank_of(flow);
		if (!best || rank < best_rank ||
			(rank == best_rank &&
				flow_last_ns(flow) < flow_last_ns(best))) {
			best = flow;
			best_rank = rank;
		}
		if (++seen >= VICTIM_CANDIDATES)
			break;
	}
	return best;
}

void flow_table_endpoints(const struct flow_table *table,
	const struct flow *flow, struct address addresses[2], uint16_t ports[2])
{
	memset(addresses, 0, 2 * sizeof(addresses[0]));
	if (flow->flags & FLOW_V6) {
		const struct v6_name *name = name_at(table, flow->v6 - 1);

		memcpy(addresses, name->address, sizeof(name->address));
		memcpy(ports, name->port, sizeof(name->port));
		return;
	}
	uint32_t low = __builtin_bswap32((uint32_t)(flow->identity[0] >> 32));
	uint32_t high = __builtin_bswap32((uint32_t)flow->identity[0]);

	memcpy(addresses[0].bytes, &low, 4);
	memcpy(addresses[1].bytes, &high, 4);
	ports[0] = (uint16_t)(flow->identity[1] >> 48);
	ports[1] = (uint16_t)(flow->identity[1] >> 32);
}
