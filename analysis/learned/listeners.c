#include "analysis/learned/listeners.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Never 0, which marks an empty slot. */
static uint64_t hash_of(const struct address *address, uint16_t port)
{
	return XXH3_64bits_withSeed(
		       address->bytes, sizeof(address->bytes), port) |
	       1;
}

void listeners_learn(struct listeners *listeners, const struct address *address,
	uint16_t port)
{
	uint64_t hash = hash_of(address, port);

	listeners->hashes[hash / 2 % LISTENERS] = hash;
}

bool listeners_know(const struct listeners *listeners,
	const struct address *address, uint16_t port)
{
	uint64_t hash = hash_of(address, port);

	return listeners->hashes[hash / 2 % LISTENERS] == hash;
}
