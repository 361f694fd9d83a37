#include "analysis/learned/refusals.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Never 0, which marks an empty slot. */
static uint64_t hash_of(const struct address *address, uint16_t port)
{
	return XXH3_64bits_withSeed(
		       address->bytes, sizeof(address->bytes), port) |
	       1;
}

void refusals_learn(struct refusals *refusals, const struct address *address,
	uint16_t port, int64_t time_ns)
{
	uint64_t hash = hash_of(address, port);
	unsigned slot = (unsigned)(hash / 2 % REFUSALS);

	if (refusals->service[slot].hash != hash) {
		refusals->service[slot].hash = hash;
		refusals->service[slot].first_ns = time_ns;
	}
	refusals->service[slot].last_ns = time_ns;
}

bool refusals_know(const struct refusals *refusals,
	const struct address *address, uint16_t port, int64_t from_ns,
	int64_t until_ns)
{
	uint64_t hash = hash_of(address, port);
	unsigned slot = (unsigned)(hash / 2 % REFUSALS);
	int64_t first_ns = refusals->service[slot].first_ns;
	int64_t last_ns = refusals->service[slot].last_ns;

	return refusals->service[slot].hash == hash &&
	       ((first_ns >= from_ns && first_ns <= until_ns) ||
		       (last_ns >= from_ns && last_ns <= until_ns));
}
