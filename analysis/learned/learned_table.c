#include "analysis/learned/learned_table.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

bool learned_table_init(struct learned_table *table, size_t row_bytes,
	size_t key_bytes, uint32_t capacity, uint64_t seed)
{
	*table = (struct learned_table){
		.slots = calloc(capacity, row_bytes),
		.row_bytes = row_bytes,
		.key_bytes = key_bytes,
		.capacity = capacity,
		.seed = seed,
	};
	return table->slots != NULL;
}

void learned_table_release(struct learned_table *table)
{
	free(table->slots);
	table->slots = NULL;
}

/* The key's row, or the empty one where it would stand. */
static unsigned char *row_of(const struct learned_table *table, const void *key)
{
	uint64_t hash =
		XXH3_64bits_withSeed(key, table->key_bytes, table->seed);
	uint32_t mask = table->capacity - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		unsigned char *row = table->slots + i * table->row_bytes;

		if (row[0] == 0 || memcmp(row, key, table->key_bytes) == 0)
			return row;
	}
}

void *learned_table_find(const struct learned_table *table, const void *key)
{
	unsigned char *row = row_of(table, key);

	return row[0] ? row : NULL;
}

void *learned_table_learn(struct learned_table *table, const void *key)
{
	unsigned char *row = row_of(table, key);

	if (row[0])
		return row;
	if (table->count >= table->capacity / 4 * 3) {
		table->not_learned++;
		return NULL;
	}
	table->count++;
	memcpy(row, key, table->key_bytes);
	return row;
}
