#include "analysis/learned/listeners.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* No key begins with a zero byte, whatever the byte order. */
static const uint64_t never_zero = 1ull << 56 | 1;

uint64_t listeners_hash(const struct address *address, uint16_t port)
{
	return XXH3_64bits_withSeed(
		       address->bytes, sizeof(address->bytes), port) |
	       never_zero;
}

bool listeners_init(struct listeners *listeners, uint32_t capacity)
{
	return learned_table_init(&listeners->table, sizeof(uint64_t),
		sizeof(uint64_t), capacity, 0);
}

void listeners_release(struct listeners *listeners)
{
	learned_table_release(&listeners->table);
}

void listeners_learn(struct listeners *listeners, const struct address *address,
	uint16_t port)
{
	uint64_t hash = listeners_hash(address, port);

	(void)learned_table_learn(&listeners->table, &hash,
		learned_rank(&hash, sizeof(hash)));
}

bool listeners_know(const struct listeners *listeners,
	const struct address *address, uint16_t port)
{
	uint64_t hash = listeners_hash(address, port);

	return learned_table_find(&listeners->table, &hash) != NULL;
}

static void add_nothing(void *row, const void *more)
{
	(void)row;
	(void)more;
}

void listeners_merge(struct listeners *listeners, const struct listeners *from)
{
	learned_table_merge(&listeners->table, &from->table, add_nothing);
}
