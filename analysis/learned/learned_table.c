#include "analysis/learned/learned_table.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct learned_mark {
	uint64_t rank;
	uint64_t times; /* that the key was learned */
};

enum { RANK_BITS = 64, FIRST_SLOTS = 64 };

/* Odd: times it, modulo a power of two, each slot is met once (Knuth, The Art
 * of Computer Programming, 6.4). */
static const uint32_t SCATTER = 0x9e3779b1u;

bool learned_table_init(struct learned_table *table, size_t row_bytes,
	size_t key_bytes, uint32_t most, uint64_t seed)
{
	*table = (struct learned_table){
		.slots = calloc(FIRST_SLOTS, row_bytes),
		.marks = calloc(FIRST_SLOTS, sizeof(*table->marks)),
		.row_bytes = row_bytes,
		.key_bytes = key_bytes,
		.capacity = FIRST_SLOTS,
		.most = most,
		.seed = seed,
	};
	if (table->slots && table->marks)
		return true;
	learned_table_release(table);
	return false;
}

void learned_table_release(struct learned_table *table)
{
	free(table->slots);
	free(table->marks);
	table->slots = NULL;
	table->marks = NULL;
}

uint64_t learned_rank(const void *bytes, size_t count)
{
	return XXH3_64bits(bytes, count);
}

/* The key's slot, or the empty one where it would stand. */
static uint32_t slot_of(const struct learned_table *table, const void *key)
{
	uint64_t hash =
		XXH3_64bits_withSeed(key, table->key_bytes, table->seed);
	uint32_t mask = table->capacity - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		const unsigned char *row = table->slots + i * table->row_bytes;

		if (row[0] == 0 || memcmp(row, key, table->key_bytes) == 0)
			return i;
	}
}

void *learned_table_at(const struct learned_table *table, uint32_t slot)
{
	unsigned char *row = table->slots + slot * table->row_bytes;

	return row[0] ? row : NULL;
}

void *learned_table_find(const struct learned_table *table, const void *key)
{
	return table->slots ? learned_table_at(table, slot_of(table, key))
			    : NULL;
}

static bool is_taken(const struct learned_table *table, uint64_t rank)
{
	return table->level == 0 || rank >> (RANK_BITS - table->level) == 0;
}

/* Moves the rows whose ranks are taken to so many new slots; false without
 * memory. */
static bool move_rows(struct learned_table *table, uint32_t capacity)
{
	struct learned_table old = *table;

	table->slots = calloc(capacity, old.row_bytes);
	table->marks = calloc(capacity, sizeof(*old.marks));
	if (!table->slots || !table->marks) {
		learned_table_release(table);
		*table = old;
		return false;
	}
	table->capacity = capacity;
	table->count = 0;
	for (uint32_t i = 0; i < old.capacity; i++) {
		const unsigned char *row = learned_table_at(&old, i);
		uint32_t slot;

		if (!row)
			continue;
		if (!is_taken(table, old.marks[i].rank)) {
			table->not_learned += old.marks[i].times;
			continue;
		}
		slot = slot_of(table, row);
		memcpy(table->slots + slot * table->row_bytes, row,
			table->row_bytes);
		table->marks[slot] = old.marks[i];
		table->count++;
	}
	learned_table_release(&old);
	return true;
}

/* Room for one row more. */
static bool make_room(struct learned_table *table)
{
	while (table->count >= table->capacity / 4 * 3) {
		bool has_to_drop = table->capacity >= table->most;

		if (table->level == RANK_BITS - 1)
			return false;
		table->level += has_to_drop;
		if (!move_rows(table, has_to_drop ? table->capacity
						  : table->capacity * 2)) {
			table->level -= has_to_drop;
			return false;
		}
	}
	return true;
}

static void *learn(struct learned_table *table, const void *key, uint64_t rank,
	uint64_t times)
{
	uint32_t slot;
	unsigned char *row;

	if (!is_taken(table, rank)) {
		table->not_learned += times;
		return NULL;
	}
	slot = slot_of(table, key);
	if (!learned_table_at(table, slot)) {
		if (!make_room(table) || !is_taken(table, rank)) {
			table->not_learned += times;
			return NULL;
		}
		slot = slot_of(table, key);
		table->count++;
		memcpy(table->slots + slot * table->row_bytes, key,
			table->key_bytes);
		table->marks[slot] = (struct learned_mark){.rank = rank};
	}
	table->marks[slot].times += times;
	row = table->slots + slot * table->row_bytes;
	return row;
}

void *learned_table_learn(
	struct learned_table *table, const void *key, uint64_t rank)
{
	return learn(table, key, rank, 1);
}

void learned_table_merge(struct learned_table *table,
	const struct learned_table *from,
	void (*add)(void *row, const void *more))
{
	if (from->level > table->level) {
		table->level = from->level;
		/* without memory, rows that should go stay */
		(void)move_rows(table, table->capacity);
	}
	table->not_learned += from->not_learned;
	if (from->count && table->capacity < from->capacity)
		(void)move_rows(table, from->capacity);
	for (uint32_t i = 0; i < from->capacity; i++) {
		/* In the order of their slots, which is that of their hashes,
		 * rows would crowd at the beginning of the table. */
		uint32_t slot = i * SCATTER & (from->capacity - 1);
		const unsigned char *more = learned_table_at(from, slot);
		void *row = more ? learn(table, more, from->marks[slot].rank,
					   from->marks[slot].times)
				 : NULL;

		if (row)
			add(row, more);
	}
}
