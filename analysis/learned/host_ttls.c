#include "analysis/learned/host_ttls.h"

#include <string.h>

static struct host_ttl host_named(const struct address *address, uint8_t family)
{
	struct host_ttl host = {.key.family = family};

	memcpy(host.key.address, address->bytes, sizeof(host.key.address));
	return host;
}

bool host_ttls_init(
	struct host_ttls *host_ttls, uint32_t capacity, uint64_t seed)
{
	return learned_table_init(&host_ttls->table, sizeof(struct host_ttl),
		sizeof(((struct host_ttl *)NULL)->key), capacity, seed);
}

void host_ttls_release(struct host_ttls *host_ttls)
{
	learned_table_release(&host_ttls->table);
}

void host_ttls_learn(struct host_ttls *host_ttls, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t capture_point, int64_t last_ns)
{
	struct host_ttl named = host_named(address, family);
	struct host_ttl *host =
		learned_table_learn(&host_ttls->table, &named.key);
	unsigned i;

	if (!host)
		return;
	if (host->connections[0] == 0) {
		host->capture_point = capture_point;
		host->first_ns = host->last_ns = last_ns;
	}
	if (host->capture_point != capture_point)
		return; /* seen from both sides of this machine */
	if (last_ns < host->first_ns)
		host->first_ns = last_ns;
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
	struct host_ttl named = host_named(address, family);

	return learned_table_find(&host_ttls->table, &named.key);
}
