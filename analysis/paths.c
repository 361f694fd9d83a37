#include "analysis/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct prefixes {
	uint8_t client[8], server[8];
	uint8_t family;
};

bool paths_init(struct paths *paths, uint32_t capacity, uint64_t seed)
{
	memset(paths, 0, sizeof(*paths));
	paths->capacity = capacity; /* a power of two */
	paths->seed = seed;
	paths->slots = calloc(capacity, sizeof(struct path));
	return paths->slots != NULL;
}

void paths_release(struct paths *paths)
{
	free(paths->slots);
}

static struct path *slot_of(const struct paths *paths,
	const struct address *client, const struct address *server,
	uint8_t family)
{
	struct prefixes name;
	size_t bytes = family == 4 ? 3 : 8;
	uint32_t mask = paths->capacity - 1;

	memset(&name, 0, sizeof(name));
	memcpy(name.client, client->bytes, bytes);
	memcpy(name.server, server->bytes, bytes);
	name.family = family;
	uint64_t hash =
		XXH3_64bits_withSeed(&name, sizeof(name), paths->seed);

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		struct path *path = &paths->slots[i];

		if (path->family == 0 ||
			(path->family == family &&
				memcmp(path->client, name.client, 8) == 0 &&
				memcmp(path->server, name.server, 8) == 0))
			return path;
	}
}

static struct path *learn(struct paths *paths, const struct address *client,
	const struct address *server, uint8_t family)
{
	struct path *path = slot_of(paths, client, server, family);
	size_t bytes = family == 4 ? 3 : 8;

	if (path->family)
		return path;
	if (paths->count >= paths->capacity / 4 * 3) {
		paths->not_learned++;
		return NULL;
	}
	paths->count++;
	path->family = family;
	memcpy(path->client, client->bytes, bytes);
	memcpy(path->server, server->bytes, bytes);
	return path;
}

/* Half powers of two: 1, 1.4, 2, 2.8, 4 ... milliseconds. */
static unsigned span_of(uint32_t gap_ms)
{
	unsigned power, span;

	if (gap_ms < 2)
		return 0;
	power = 31 - (unsigned)__builtin_clz(gap_ms);
	span = power * 2 + (gap_ms >> (power - 1) & 1);
	return span < PATH_SPANS ? span : PATH_SPANS - 1;
}

void paths_survived(struct paths *paths, const struct address *client,
	const struct address *server, uint8_t family, uint32_t gap_ms)
{
	struct path *path = learn(paths, client, server, family);

	if (!path)
		return;
	path->survived_by_span[span_of(gap_ms)]++;
	if (gap_ms > path->longest_survived_ms)
		path->longest_survived_ms = gap_ms;
}

void paths_died(struct paths *paths, const struct address *client,
	const struct address *server, uint8_t family, uint32_t gap_ms)
{
	struct path *path = learn(paths, client, server, family);

	if (!path)
		return;
	if (path->died == 0 || gap_ms < path->shortest_died_ms)
		path->shortest_died_ms = gap_ms;
	if (gap_ms > path->longest_died_ms)
		path->longest_died_ms = gap_ms;
	path->died++;
}

const struct path *paths_find(const struct paths *paths,
	const struct address *client, const struct address *server,
	uint8_t family)
{
	const struct path *path = slot_of(paths, client, server, family);

	return path->family ? path : NULL;
}

uint32_t path_survived(const struct path *path, uint32_t gap_ms)
{
	uint32_t sum = 0;

	for (unsigned i = span_of(gap_ms); i < PATH_SPANS; i++)
		sum += path->survived_by_span[i];
	return sum;
}

bool path_is_separated(const struct path *path)
{
	return path->died && path->longest_survived_ms &&
		path->longest_survived_ms < path->shortest_died_ms;
}

/* Idle timers that are documented or read in source; several boxes share most
 * of them, so a time alone never names one. */
static const struct {
	uint32_t seconds;
	const char *boxes;
} timers[] = {
	/* vendor documentation of load balancer idle timeouts */
	{240, "Azure Load Balancer (default 4 min)"},
	/* AWS documentation: NLB default, NAT gateway and Network Firewall */
	{350, "AWS Network Load Balancer, AWS NAT gateway, AWS Network "
	      "Firewall"},
	/* Google documentation: VPC firewall connection tracking */
	{600, "Google Cloud VPC firewall, ingress-nginx stream timeout"},
	/* Linux ip_vs_proto_tcp.c, established */
	{900, "Linux IPVS (kube-proxy ipvs, Docker Swarm)"},
	/* Google documentation, Cloud NAT established */
	{1200, "Google Cloud NAT"},
	/* Juniper documentation, SRX */
	{1800, "Juniper SRX"},
	/* Cisco, Fortinet, Palo Alto, Envoy documentation */
	{3600, "Cisco ASA/FTD, FortiGate, Palo Alto PAN-OS, Envoy (1 h)"},
	/* RFC 5382 REQ-5: the least a NAT may have */
	{7440, "a NAT at the RFC 5382 minimum (2 h 4 min)"},
	/* Linux nf_conntrack */
	{432000, "Linux conntrack (5 days)"},
};

void timers_within(
	uint32_t low_ms, uint32_t high_ms, char *text, unsigned text_bytes)
{
	unsigned used = 0;

	text[0] = 0;
	for (unsigned i = 0; i < sizeof(timers) / sizeof(timers[0]); i++) {
		uint64_t timer_ms = (uint64_t)timers[i].seconds * 1000;
		int wrote;

		/* what died had been idle for longer than the timer; what
		 * lived, for less; a tenth of slack below */
		if (timer_ms > (uint64_t)high_ms + 2000 ||
			timer_ms + timer_ms / 50 + 2000 < low_ms)
			continue;
		wrote = snprintf(text + used, text_bytes - used, "%s%s",
			used ? "; " : "", timers[i].boxes);
		if (wrote < 0 || (unsigned)wrote >= text_bytes - used) {
			text[used] = 0;
			return;
		}
		used += (unsigned)wrote;
	}
}
