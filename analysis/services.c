#include "analysis/services.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Never 0, which marks an empty slot. */
static uint64_t hash_of(const struct address *address, uint16_t port)
{
	return XXH3_64bits_withSeed(address->bytes, sizeof(address->bytes),
		       port) |
		1;
}

void services_learn(struct services *services, const struct address *address,
	uint16_t port)
{
	uint64_t hash = hash_of(address, port);

	services->hashes[hash / 2 % SERVICES] = hash;
}

bool services_know(const struct services *services,
	const struct address *address, uint16_t port)
{
	uint64_t hash = hash_of(address, port);

	return services->hashes[hash / 2 % SERVICES] == hash;
}
