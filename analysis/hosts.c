#include "analysis/hosts.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

bool hosts_init(struct hosts *hosts, uint32_t capacity, uint64_t seed)
{
	memset(hosts, 0, sizeof(*hosts));
	hosts->capacity = capacity; /* a power of two */
	hosts->seed = seed;
	hosts->slots = calloc(capacity, sizeof(struct host));
	return hosts->slots != NULL;
}

void hosts_release(struct hosts *hosts)
{
	free(hosts->slots);
}

static struct host *slot_of(const struct hosts *hosts,
	const struct address *address, uint8_t family)
{
	uint64_t hash = XXH3_64bits_withSeed(
		address->bytes, sizeof(address->bytes), hosts->seed);
	uint32_t mask = hosts->capacity - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		struct host *host = &hosts->slots[i];

		if (host->family == 0 ||
			(host->family == family &&
				memcmp(&host->address, address,
					sizeof(*address)) == 0))
			return host;
	}
}

void hosts_learn(struct hosts *hosts, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t home, int64_t last_ns)
{
	struct host *host = slot_of(hosts, address, family);
	unsigned i;

	if (host->family == 0) {
		if (hosts->count >= hosts->capacity / 4 * 3) {
			hosts->not_learned++;
			return;
		}
		hosts->count++;
		host->address = *address;
		host->family = family;
		host->home = home;
		host->last_ns = last_ns;
	}
	if (host->home != home)
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

const struct host *hosts_find(const struct hosts *hosts,
	const struct address *address, uint8_t family)
{
	const struct host *host = slot_of(hosts, address, family);

	return host->family ? host : NULL;
}
