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

static void shift(struct host_ttl *host, unsigned at)
{
	enum { LAST = HOST_TTLS - 1 };

	/* the last but one joins those that the last stands for */
	host->connections[LAST] += host->connections[LAST - 1];
	if (host->connections[LAST] == host->connections[LAST - 1])
		host->ttl[LAST] = host->ttl[LAST - 1];
	for (unsigned i = LAST - 1; i > at; i--) {
		host->ttl[i] = host->ttl[i - 1];
		host->connections[i] = host->connections[i - 1];
	}
	host->connections[at] = 0;
}

/* Ascending, so that it does not matter which came first. */
static void add_ttl(struct host_ttl *host, uint8_t ttl, uint32_t connections)
{
	unsigned at = 0;

	while (at < HOST_TTLS - 1 && host->connections[at] &&
		host->ttl[at] < ttl)
		at++;
	if (at < HOST_TTLS - 1 && host->connections[at] && host->ttl[at] != ttl)
		shift(host, at);
	if (host->connections[at] == 0 || ttl > host->ttl[at])
		host->ttl[at] = ttl;
	host->connections[at] += connections;
}

static void add(struct host_ttl *host, const struct host_ttl *more)
{
	if (host->connections[0] && more->capture_point > host->capture_point)
		return; /* seen from both sides of this machine */
	if (host->connections[0] == 0 ||
		more->capture_point < host->capture_point) {
		memset(host->connections, 0, sizeof(host->connections));
		host->capture_point = more->capture_point;
		host->first_ns = more->first_ns;
		host->last_ns = more->last_ns;
	}
	if (more->first_ns < host->first_ns)
		host->first_ns = more->first_ns;
	if (more->last_ns > host->last_ns)
		host->last_ns = more->last_ns;
	for (unsigned i = 0; i < HOST_TTLS && more->connections[i]; i++)
		add_ttl(host, more->ttl[i], more->connections[i]);
}

static void add_row(void *row, const void *more)
{
	add(row, more);
}

void host_ttls_learn(struct host_ttls *host_ttls, const struct address *address,
	uint8_t family, uint8_t ttl, uint8_t capture_point, int64_t last_ns)
{
	struct host_ttl named = host_named(address, family);
	struct host_ttl *host = learned_table_learn(&host_ttls->table,
		&named.key, learned_rank(&named.key, sizeof(named.key)));

	if (!host)
		return;
	named.capture_point = capture_point;
	named.ttl[0] = ttl;
	named.connections[0] = 1;
	named.first_ns = named.last_ns = last_ns;
	add(host, &named);
}

void host_ttls_prefetch(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family)
{
	struct host_ttl named = host_named(address, family);

	learned_table_prefetch(&host_ttls->table, &named.key);
}

void host_ttls_merge(struct host_ttls *host_ttls, const struct host_ttls *from)
{
	learned_table_merge(&host_ttls->table, &from->table, add_row);
}

const struct host_ttl *host_ttls_find(const struct host_ttls *host_ttls,
	const struct address *address, uint8_t family)
{
	struct host_ttl named = host_named(address, family);

	return learned_table_find(&host_ttls->table, &named.key);
}
