#include "analysis/learned/host_ttls.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

bool host_ttls_init(
	struct host_ttls *host_ttls, uint32_t capacity, uint64_t seed)
{
	memset(host_ttls, 0, sizeof(*host_ttls));
	host_ttls->capacity = capacity; /* a power of two */
	host_ttls->seed = seed;
	host_ttls->slots = calloc(capacity, sizeof(struct host_ttl));
	return host_ttls->slots != NULL;
}

void host_ttls_release(struct host_ttls *host_ttls)
{
	free(host_ttls->slots);
}

static struct host_ttl *slot_of(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family)
{
	uint64_t hash = XXH3_64bits_withSeed(
		address->bytes, sizeof(address->bytes), host_ttls->seed);
	uint32_t mask = host_ttls->capacity - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		struct host_ttl *host = &host_ttls->slots[i];

		if (host->family == 0 ||
			(host->family == family &&
				memcmp(&host->address, address,
					sizeof(*address)) == 0))
			return host;
	}
}

void host_ttls_learn(struct host_ttls *host_ttls, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t capture_point, int64_t last_ns)
{
	struct host_ttl *host = slot_of(host_ttls, address, family);
	unsigned i;

	if (host->family == 0) {
		if (host_ttls->count >= host_ttls->capacity / 4 * 3) {
			host_ttls->not_learned++;
			return;
		}
		host_ttls->count++;
		host->address = *address;
		host->family = family;
		host->capture_point = capture_point;
		host->last_ns = last_ns;
	}
	if (host->capture_point != capture_point)
		return; /* seen from both sides of this machine */
	host->established++;
	if (last_ns > host->last_ns)
		host->last_ns = last_ns;
	for (i = 0; i < HOST_TTLS - 1; i++)
		if (host->connections[i] == 0 || host->ttl[i] == ttl)
			break;
	host->ttl[i] = ttl; /* the last slot takes the odd ones */
	host->connections[i]++;
}

const struct host_ttl *host_ttls_find(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family)
{
	const struct host_ttl *host = slot_of(host_ttls, address, family);

	return host->family ? host : NULL;
}
