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

struct listener {
	uint64_t hash; /* the key */
	int64_t last_ns;
};

bool listeners_init(struct listeners *listeners, uint32_t capacity)
{
	return learned_table_init(&listeners->table, sizeof(struct listener),
		sizeof(uint64_t), capacity, 0);
}

void listeners_release(struct listeners *listeners)
{
	learned_table_release(&listeners->table);
}

/* A new row, which is zero, takes whatever time there is. */
static void answered(struct listener *listener, int64_t time_ns)
{
	if (!listener->last_ns || time_ns > listener->last_ns)
		listener->last_ns = time_ns;
}

void listeners_learn(struct listeners *listeners, const struct address *address,
	uint16_t port, int64_t time_ns)
{
	uint64_t hash = listeners_hash(address, port);
	struct listener *listener = learned_table_learn(
		&listeners->table, &hash, learned_rank(&hash, sizeof(hash)));

	if (listener)
		answered(listener, time_ns);
}

static const struct listener *find(const struct listeners *listeners,
	const struct address *address, uint16_t port)
{
	uint64_t hash = listeners_hash(address, port);

	return learned_table_find(&listeners->table, &hash);
}

bool listeners_know(const struct listeners *listeners,
	const struct address *address, uint16_t port)
{
	return find(listeners, address, port) != NULL;
}

bool listeners_answer_after(const struct listeners *listeners,
	const struct address *address, uint16_t port, int64_t time_ns)
{
	const struct listener *listener = find(listeners, address, port);

	return listener && listener->last_ns > time_ns;
}

static void add_answers(void *row, const void *more)
{
	answered(row, ((const struct listener *)more)->last_ns);
}

void listeners_merge(struct listeners *listeners, const struct listeners *from)
{
	learned_table_merge(&listeners->table, &from->table, add_answers);
}
