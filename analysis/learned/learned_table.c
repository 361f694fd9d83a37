#include "analysis/learned/learned_table.h"

#include <assert.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "analysis/flow/hugepages.h"

enum {
	RANK_BITS = 32,
	FIRST_SLOTS = 64,
	/* Each growth moves all rows and touches as much new memory as it
	 * makes: few of them. */
	GROWTH = 8,
};

struct learned_mark {
	uint32_t rank;
	uint32_t times; /* that the key was learned; saturates */
};
static_assert(sizeof(struct learned_mark) == LEARNED_MARK_BYTES, "as told");

/* Odd: times it, modulo a power of two, each slot is met once (Knuth, The Art
 * of Computer Programming, 6.4). */
static const uint32_t SCATTER = 0x9e3779b1u;

static unsigned char *row_at(const struct learned_table *table, uint32_t slot)
{
	return table->slots + slot * table->slot_bytes;
}

/* Behind the row, mostly in the same line of the cache. */
static struct learned_mark *mark_at(
	const struct learned_table *table, uint32_t slot)
{
	return (struct learned_mark *)(void *)(row_at(table, slot) +
					       table->mark_offset);
}

bool learned_table_init(struct learned_table *table, size_t row_bytes,
	size_t key_bytes, uint32_t most, uint64_t seed)
{
	enum { ALIGNMENT = _Alignof(struct learned_mark) };
	size_t mark_offset =
		(row_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	*table = (struct learned_table){
		.key_bytes = key_bytes,
		.mark_offset = mark_offset,
		.slot_bytes = mark_offset + sizeof(struct learned_mark),
		.capacity = FIRST_SLOTS,
		.most = most,
		.seed = seed,
	};
	table->slots = hugepages_new(FIRST_SLOTS * table->slot_bytes, false);
	return table->slots != NULL;
}

void learned_table_release(struct learned_table *table)
{
	if (table->slots)
		hugepages_free(
			table->slots, table->capacity * table->slot_bytes);
	table->slots = NULL;
}

uint32_t learned_rank(const void *bytes, size_t count)
{
	return (uint32_t)(XXH3_64bits(bytes, count) >> (64 - RANK_BITS));
}

/* Most keys are eight bytes, and compared without a call. */
static inline bool is_key(const struct learned_table *table,
	const unsigned char *row, const void *key)
{
	uint64_t one, other;

	if (table->key_bytes != sizeof(one))
		return memcmp(row, key, table->key_bytes) == 0;
	memcpy(&one, row, sizeof(one));
	memcpy(&other, key, sizeof(other));
	return one == other;
}

/* Eight bytes. Inlined as a whole, since few instructions are left of it where
 * the compiler knows how many bytes there are. */
__attribute__((flatten)) static uint64_t hash_of_word(
	const void *key, uint64_t seed)
{
	return XXH3_64bits_withSeed(key, sizeof(uint64_t), seed);
}

static inline uint64_t hash_of(
	const struct learned_table *table, const void *key)
{
	return table->key_bytes == sizeof(uint64_t)
		       ? hash_of_word(key, table->seed)
		       : XXH3_64bits_withSeed(
				 key, table->key_bytes, table->seed);
}

/* The key's slot, or the empty one where it would stand. */
static uint32_t slot_of(const struct learned_table *table, const void *key)
{
	uint64_t hash = hash_of(table, key);
	uint32_t mask = table->capacity - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		const unsigned char *row = row_at(table, i);

		if (row[0] == 0 || is_key(table, row, key))
			return i;
	}
}

void learned_table_prefetch(const struct learned_table *table, const void *key)
{
	uint64_t hash = hash_of(table, key);
	const unsigned char *row;

	if (!table->slots)
		return;
	row = row_at(table, (uint32_t)hash & (table->capacity - 1));
	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + table->slot_bytes - 1, 1);
}

void *learned_table_at(const struct learned_table *table, uint32_t slot)
{
	unsigned char *row = row_at(table, slot);

	return row[0] ? row : NULL;
}

void *learned_table_find(const struct learned_table *table, const void *key)
{
	return table->slots ? learned_table_at(table, slot_of(table, key))
			    : NULL;
}

static bool is_taken(const struct learned_table *table, uint32_t rank)
{
	return table->level == 0 || rank >> (RANK_BITS - table->level) == 0;
}

/* Moves the rows whose ranks are taken to so many new slots; false without
 * memory. */
static bool move_rows(struct learned_table *table, uint32_t capacity)
{
	struct learned_table old = *table;

	table->slots = hugepages_new(capacity * table->slot_bytes, true);
	if (!table->slots) {
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
		if (!is_taken(table, mark_at(&old, i)->rank)) {
			table->not_learned += mark_at(&old, i)->times;
			continue;
		}
		slot = slot_of(table, row);
		memcpy(row_at(table, slot), row, table->slot_bytes);
		table->count++;
	}
	learned_table_release(&old);
	return true;
}

static uint32_t larger_capacity(const struct learned_table *table)
{
	return table->most / GROWTH < table->capacity
		       ? table->most
		       : table->capacity * GROWTH;
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
						  : larger_capacity(table))) {
			table->level -= has_to_drop;
			return false;
		}
	}
	return true;
}

static void *learn(struct learned_table *table, const void *key, uint32_t rank,
	uint32_t times)
{
	struct learned_mark *mark;
	uint32_t slot;

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
		memcpy(row_at(table, slot), key, table->key_bytes);
		mark_at(table, slot)->rank = rank;
	}
	mark = mark_at(table, slot);
	if (__builtin_add_overflow(mark->times, times, &mark->times))
		mark->times = UINT32_MAX;
	return row_at(table, slot);
}

void *learned_table_learn(
	struct learned_table *table, const void *key, uint32_t rank)
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
		void *row = more ? learn(table, more, mark_at(from, slot)->rank,
					   mark_at(from, slot)->times)
				 : NULL;

		if (row)
			add(row, more);
	}
}
