#include "analysis/learned/idle_stats.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "capture/address.h"
#include "capture/numbers.h"

bool idle_stats_init(
	struct idle_stats *idle_stats, uint32_t capacity, uint64_t seed)
{
	return learned_table_init(&idle_stats->table, sizeof(struct idle_path),
		sizeof(((struct idle_path *)NULL)->key), capacity, seed);
}

void idle_stats_release(struct idle_stats *idle_stats)
{
	learned_table_release(&idle_stats->table);
}

static struct idle_path path_named(const struct address *client,
	const struct address *server, uint8_t family)
{
	struct idle_path path = {.key.family = family};
	size_t bytes = family == 4 ? 3 : 8;

	memcpy(path.key.client, client->bytes, bytes);
	memcpy(path.key.server, server->bytes, bytes);
	return path;
}

static struct idle_path *learn(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family)
{
	struct idle_path named = path_named(client, server, family);

	return learned_table_learn(&idle_stats->table, &named.key,
		learned_rank(&named.key, sizeof(named.key)));
}

/* Half powers of two: 1, 1.4, 2, 2.8, 4 ... milliseconds. */
static unsigned span_of(uint32_t gap_ms)
{
	unsigned power, span;

	if (gap_ms < 2)
		return 0;
	power = 31 - (unsigned)__builtin_clz(gap_ms);
	span = power * 2 + (gap_ms >> (power - 1) & 1);
	return span < IDLE_SPANS ? span : IDLE_SPANS - 1;
}

/* The longest, of equal ones the earliest: whichever is told first. */
static void take_life(struct idle_path *path, const struct address *server,
	int64_t from_ns, int64_t to_ns)
{
	int64_t longer_ns = (to_ns - from_ns) -
			    (path->lived_to_ns - path->lived_from_ns);

	if (longer_ns < 0 ||
		(longer_ns == 0 &&
			(from_ns > path->lived_from_ns ||
				(from_ns == path->lived_from_ns &&
					memcmp(server, &path->lived_server,
						sizeof(*server)) >= 0))))
		return;
	path->lived_server = *server;
	path->lived_from_ns = from_ns;
	path->lived_to_ns = to_ns;
}

void idle_stats_survived(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, const struct idle_life *life)
{
	struct idle_path *path = learn(idle_stats, client, server, family);

	if (!path)
		return;
	path->survived_by_span[span_of(life->gap_ms)]++;
	if (life->gap_ms > path->longest_survived_ms)
		path->longest_survived_ms = life->gap_ms;
	take_life(path, server, life->from_ns, life->to_ns);
}

void idle_stats_died(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, const struct idle_death *death)
{
	struct idle_path *path = learn(idle_stats, client, server, family);
	uint32_t gap_ms = death->gap_ms;
	int64_t quiet_ns = death->broken_ns - gap_ms * MILLISECOND_NS;

	if (!path)
		return;
	if (path->died == 0 || quiet_ns > path->last_quiet_ns)
		path->last_quiet_ns = quiet_ns;
	if (path->died == 0 || death->broken_ns < path->first_broken_ns)
		path->first_broken_ns = death->broken_ns;
	if (path->died == 0 || gap_ms < path->shortest_died_ms)
		path->shortest_died_ms = gap_ms;
	if (gap_ms > path->longest_died_ms)
		path->longest_died_ms = gap_ms;
	path->died++;
}

void idle_stats_forget_deaths(struct idle_stats *idle_stats)
{
	for (uint32_t i = 0; i < idle_stats->table.capacity; i++) {
		struct idle_path *path = learned_table_at(
			&idle_stats->table, i);

		if (path)
			path->died = path->shortest_died_ms =
				path->longest_died_ms = 0;
	}
}

/* What was survived: deaths are told again once all is known. */
static void add(void *row, const void *more)
{
	struct idle_path *path = row;
	const struct idle_path *other = more;

	for (unsigned i = 0; i < IDLE_SPANS; i++)
		path->survived_by_span[i] += other->survived_by_span[i];
	if (other->longest_survived_ms > path->longest_survived_ms)
		path->longest_survived_ms = other->longest_survived_ms;
	take_life(path, &other->lived_server, other->lived_from_ns,
		other->lived_to_ns);
}

void idle_stats_merge(
	struct idle_stats *idle_stats, const struct idle_stats *from)
{
	learned_table_merge(&idle_stats->table, &from->table, add);
}

const struct idle_path *idle_stats_find(const struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family)
{
	struct idle_path named = path_named(client, server, family);

	return learned_table_find(&idle_stats->table, &named.key);
}

uint32_t idle_path_survived(const struct idle_path *path, uint32_t gap_ms)
{
	uint32_t sum = 0;

	for (unsigned i = span_of(gap_ms); i < IDLE_SPANS; i++)
		sum += path->survived_by_span[i];
	return sum;
}

bool idle_path_is_separated(const struct idle_path *path)
{
	return path->died && path->longest_survived_ms &&
	       path->longest_survived_ms < path->shortest_died_ms;
}

bool idle_path_may_be_one_event(
	const struct idle_path *path, const struct address *server)
{
	return path->last_quiet_ns < path->first_broken_ns &&
	       !(address_is_same(&path->lived_server, server) &&
		       path->lived_from_ns <= path->last_quiet_ns &&
		       path->lived_to_ns >= path->first_broken_ns);
}

/* Idle timers from documentation or source; several devices share most of
 * them, so a time alone never identifies one. */
static const struct idle_timer timers[] = {
	{240, "Azure Load Balancer (default 4 min)",
		"vendor documentation of load balancer idle timeouts"},
	{350,
		"AWS Network Load Balancer, AWS NAT gateway, AWS Network "
		"Firewall",
		"AWS documentation: NLB default, NAT gateway and Network "
		"Firewall"},
	{600, "Google Cloud VPC firewall, ingress-nginx stream timeout",
		"Google documentation: VPC firewall connection tracking"},
	{900, "Linux IPVS (kube-proxy ipvs, Docker Swarm)",
		"Linux ip_vs_proto_tcp.c, established"},
	{1200, "Google Cloud NAT",
		"Google documentation, Cloud NAT established"},
	{1800, "Juniper SRX", "Juniper documentation, SRX"},
	{3600, "Cisco ASA/FTD, FortiGate, Palo Alto PAN-OS, Envoy (1 h)",
		"Cisco, Fortinet, Palo Alto, Envoy documentation"},
	{7440, "a NAT at the RFC 5382 minimum (2 h 4 min)",
		"RFC 5382 REQ-5: the least a NAT may have"},
	{432000, "Linux conntrack (5 days)", "Linux nf_conntrack"},
};

const struct idle_timer *idle_stats_known_timers(unsigned *count)
{
	*count = sizeof(timers) / sizeof(timers[0]);
	return timers;
}

void idle_stats_timers(
	uint32_t low_ms, uint32_t high_ms, char *text, unsigned text_bytes)
{
	unsigned used = 0;

	text[0] = 0;
	/* the nearest below what died first */
	for (unsigned i = sizeof(timers) / sizeof(timers[0]); i-- > 0;) {
		uint64_t timer_ms = (uint64_t)timers[i].seconds * 1000;
		int wrote;

		/* failed connections were idle for longer than the timer,
		 * surviving ones for less; tolerance of a fiftieth and 2 s */
		if (timer_ms > (uint64_t)high_ms + 2000 ||
			timer_ms + timer_ms / 50 + 2000 < low_ms)
			continue;
		wrote = snprintf(text + used, text_bytes - used, "%s%s",
			used ? "; " : "", timers[i].boxes);
		assert(wrote > 0 && (unsigned)wrote < text_bytes - used);
		used += (unsigned)wrote;
	}
}
