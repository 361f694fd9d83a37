#include "analysis/path/path_hops.h"

#include <math.h>
#include <string.h>

int path_hops_of(const struct path *path, const struct address *address)
{
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].has_address &&
			memcmp(&path->hops[i].address, address,
				sizeof(*address)) == 0)
			return (int)path->hops[i].ttl;
	return HOP_NOT_KNOWN;
}

static void find_distance(struct path *path)
{
	struct hop_distance distance = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		enum probe_method method = path_record_method(path, row);
		unsigned ttl = path->table.sent_probe[row].ttl;

		if (method == METHOD_COUNT)
			continue;
		if (path->replies[row].arrived)
			hop_distance_arrived(&distance, method, ttl);
		if (path_record_expired(path, row))
			hop_distance_expired(&distance, method, ttl);
	}
	path->distance = hop_distance_of(&distance);
	path->is_echo_elsewhere = hop_distance_is_echo_elsewhere(&distance);
	path->tcp_distance = hop_distance_by(&distance, METHOD_TCP);
	path->echo_distance = hop_distance_by(&distance, METHOD_ECHO);
}

static unsigned last_hop(const struct path *path)
{
	unsigned last = path->distance;

	for (uint32_t row = 0; last == 0 && row < path->table.count; row++)
		if (path_record_expired(path, row) &&
			path->table.sent_probe[row].ttl > path->hop_count &&
			path->table.sent_probe[row].ttl < HOP_LIMIT_WHOLE_WAY)
			return HOP_LIMIT_WHOLE_WAY - 1;
	return last;
}

/* Large packets of the search for the MTU are no measure of loss, nor of
 * delay. */
static bool is_small(const struct path *path, uint32_t row)
{
	return path->table.sent_probe[row].ip_bytes <= path->rules->floor_bytes;
}

/* Adds one round trip to the mean and to the sum of squared differences from
 * it (Welford 1962), which `deviation_ns` holds until all are taken. */
static void add_time(struct path_hop *hop, int64_t rtt_ns)
{
	double before = (double)rtt_ns - hop->average_ns;

	if (hop->timed == 0 || rtt_ns < hop->best_ns)
		hop->best_ns = rtt_ns;
	hop->timed++;
	hop->average_ns += before / hop->timed;
	hop->deviation_ns += before * ((double)rtt_ns - hop->average_ns);
	if (rtt_ns > hop->worst_ns)
		hop->worst_ns = rtt_ns;
}

static void take_hop(
	struct path_hop *hop, const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];
	bool is_told = hop->is_target ? reply->arrived != 0
				      : path_record_expired(path, row) != 0;
	int64_t rtt_ns = INT64_MAX;

	if (is_told) {
		rtt_ns = path_record_elapsed_ns(
			path->table.sent_probe[row].time_ns,
			hop->is_target ? reply->arrived_ns : reply->expired_ns);
		if (!hop->has_address)
			hop->address = hop->is_target ? path->comment.target
						      : reply->expired_from;
		hop->has_address = true;
	} else if (reply->unreachable && !hop->has_address) {
		hop->address = reply->unreachable_from;
		hop->has_address = true;
	}
	if (rtt_ns < 0 || rtt_ns == INT64_MAX)
		return;
	if (rtt_ns < hop->rtt_ns)
		hop->rtt_ns = rtt_ns;
	if (is_small(path, row))
		add_time(hop, rtt_ns);
}

/* A router without a route to the target, or that rejects, sends errors for
 * all packets that it would have forwarded: its distance is where packets
 * expire at it, or else one behind the hop before it, and never more. */
static void drop_repeated(struct path *path)
{
	for (unsigned i = path->hop_count; i-- > 0;) {
		struct path_hop *hop = &path->hops[i];

		if (hop->is_target || hop->rtt_ns != INT64_MAX ||
			!hop->has_address)
			continue;
		if ((i > 0 && path->hops[i - 1].rtt_ns == INT64_MAX) ||
			path_hops_of(path, &hop->address) < (int)hop->ttl)
			hop->has_address = false;
	}
}

static void count_loss(
	struct path_hop *hop, const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	if (!is_small(path, row))
		return;
	hop->sent++;
	hop->lost += !reply->arrived && !path_record_expired(path, row) &&
		     !reply->unreachable;
}

static void find_hops(struct path *path)
{
	unsigned last = last_hop(path);

	for (unsigned ttl = 1; ttl <= last; ttl++) {
		struct path_hop *hop = &path->hops[ttl - 1];

		*hop = (struct path_hop){.ttl = ttl,
			.is_target = ttl == path->distance,
			.rtt_ns = INT64_MAX};
		for (uint32_t row = 0; row < path->table.count; row++)
			if (path->table.sent_probe[row].ttl == ttl &&
				path_record_method(path, row) != METHOD_COUNT) {
				take_hop(hop, path, row);
				count_loss(hop, path, row);
			}
		if (hop->timed)
			hop->deviation_ns =
				sqrt(hop->deviation_ns / hop->timed);
	}
	path->hop_count = last;
	drop_repeated(path);
	/* Without an end in sight: up to the last that answered. */
	while (path->distance == 0 && path->hop_count > 0 &&
		!path->hops[path->hop_count - 1].has_address)
		path->hop_count--;
}

void path_hops_find(struct path *path)
{
	find_distance(path);
	find_hops(path);
}
