/* A bounded hash table of statistics: rows of one size, each beginning with
 * its key.
 *
 * What it holds does not depend on the order in which it learned, nor on how
 * the packets were shared out among several tables that are merged. So it is
 * not the first keys that stay when there are too many: each key has a rank (a
 * hash), and a table that is three quarters full halves the ranks that it
 * takes, and drops the rows above. A row that is there at the end has been
 * there since its key was first learned, and has counted everything. This is
 * Wegman's adaptive sampling (Flajolet 1990). */
#ifndef ANALYSIS_LEARNED_LEARNED_TABLE_H
#define ANALYSIS_LEARNED_LEARNED_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A slot is a row and, aligned to four bytes, its mark. */
enum { LEARNED_MARK_BYTES = 8 };

struct learned_table {
	unsigned char *slots; /* a row and its mark each */
	size_t key_bytes;
	size_t mark_offset; /* in a slot */
	size_t slot_bytes;
	uint32_t capacity, most; /* slots now, and at most */
	uint32_t count;
	unsigned level; /* leading bits of a rank that have to be 0 */
	uint64_t seed;
	uint64_t not_learned; /* times that a key was learned without a row */
};

/* `most` slots, a power of two and at least 64; it begins with fewer. The first
 * byte of a key is never 0: that is how an empty row looks. False without
 * memory. */
bool learned_table_init(struct learned_table *table, size_t row_bytes,
	size_t key_bytes, uint32_t most, uint64_t seed);
void learned_table_release(struct learned_table *table);

/* The same for the same bytes in every run: the hash has no seed. */
uint32_t learned_rank(const void *bytes, size_t count);

/* The row of this key; NULL when there is none. */
void *learned_table_find(const struct learned_table *table, const void *key);
/* The row of this key; a new one is zero but for its key. NULL: its rank is not
 * taken. Other rows may move. */
void *learned_table_learn(
	struct learned_table *table, const void *key, uint32_t rank);

/* Starts the cache on its way to where the row of this key probably is. */
void learned_table_prefetch(const struct learned_table *table, const void *key);

/* The row in this slot, below `capacity`; NULL: it is empty. */
void *learned_table_at(const struct learned_table *table, uint32_t slot);

/* Learns what `from` has learned: `add` adds its row to a row of the same key,
 * which may be new. Both tables have the same seed and kind of rows. */
void learned_table_merge(struct learned_table *table,
	const struct learned_table *from,
	void (*add)(void *row, const void *more));

#endif
