/* A bounded hash table of statistics: rows of one size, each beginning with
 * its key. When it is three quarters full, new keys are counted and not added;
 * no row is ever evicted. */
#ifndef ANALYSIS_LEARNED_LEARNED_TABLE_H
#define ANALYSIS_LEARNED_LEARNED_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct learned_table {
	unsigned char *slots;
	size_t row_bytes, key_bytes;
	uint32_t capacity, count;
	uint64_t seed, not_learned;
};

/* `capacity` is a power of two. The first byte of a key is never 0: that is
 * how an empty row looks. False without memory. */
bool learned_table_init(struct learned_table *table, size_t row_bytes,
	size_t key_bytes, uint32_t capacity, uint64_t seed);
void learned_table_release(struct learned_table *table);

/* The row of this key; NULL when there is none. */
void *learned_table_find(const struct learned_table *table, const void *key);
/* The row of this key; a new one is zero but for its key. NULL when the table
 * is full. */
void *learned_table_learn(struct learned_table *table, const void *key);

#endif
