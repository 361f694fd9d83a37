/* The hops of a path: how far the target is, who reported what expired. May be
 * asked for at any time; every look begins anew. */
#include "analysis/path/path_state.h"

#include <string.h>

int path_hop_of(const struct path *path, const struct address *address)
{
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].has_address &&
			memcmp(&path->hops[i].address, address,
				sizeof(*address)) == 0)
			return (int)path->hops[i].ttl;
	return HOP_NOT_KNOWN;
}

/* The least hop limit that arrived, by whichever ruler: one of them may be
 * lost. A load balancer may answer echo itself and pass the connection on, so
 * it is more than any at which the connection's packets expired; but that some
 * did where others arrived is not to be believed. */
static void find_distance(struct path *path)
{
	unsigned arrived = 0, by_tcp = PATH_TTL_MOST, by_echo = PATH_TTL_MOST;
	unsigned expired = 0, echo_expired = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		enum path_method method = path_method_of(sent_probe);

		if (method == PATH_METHODS || !path->replies[row].arrived)
			continue;
		if (arrived == 0 || sent_probe->ttl < arrived)
			arrived = sent_probe->ttl;
		if (method == PATH_TCP && sent_probe->ttl < by_tcp)
			by_tcp = sent_probe->ttl;
		if (method == PATH_ECHO && sent_probe->ttl < by_echo)
			by_echo = sent_probe->ttl;
	}
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		enum path_method method = path_method_of(sent_probe);

		if (!path->replies[row].expired)
			continue;
		if (method == PATH_TCP && sent_probe->ttl > expired &&
			sent_probe->ttl < by_tcp)
			expired = sent_probe->ttl;
		if (method == PATH_ECHO && sent_probe->ttl > echo_expired &&
			sent_probe->ttl < by_echo)
			echo_expired = sent_probe->ttl;
	}
	path->is_echo_elsewhere =
		echo_expired >= by_tcp ||
		(by_echo < PATH_TTL_MOST && expired >= by_echo);
	if (arrived && arrived <= expired)
		arrived = expired + 1;
	if (arrived < PATH_TTL_MOST)
		path->distance = arrived;
}

static unsigned last_hop(const struct path *path)
{
	unsigned last = path->distance;

	for (uint32_t row = 0; last == 0 && row < path->table.count; row++)
		if (path->replies[row].expired &&
			path->table.sent_probe[row].ttl > path->hop_count &&
			path->table.sent_probe[row].ttl < PATH_TTL_MOST)
			return PATH_TTL_MOST - 1;
	return last;
}

static void take_hop(struct path_hop *hop, const struct sent_probe *sent_probe,
	const struct reply *reply, const struct path *path)
{
	int64_t rtt_ns = INT64_MAX;

	if (hop->is_target ? reply->arrived != 0 : reply->expired != 0) {
		rtt_ns = path_elapsed_ns(sent_probe->time_ns,
			hop->is_target ? reply->arrived_ns : reply->expired_ns);
		if (!hop->has_address)
			hop->address = hop->is_target ? path->comment.target
						      : reply->expired_from;
		hop->has_address = true;
	} else if (reply->unreachable && !hop->has_address) {
		hop->address = reply->unreachable_from;
		hop->has_address = true;
	}
	if (rtt_ns >= 0 && rtt_ns < hop->rtt_ns)
		hop->rtt_ns = rtt_ns;
}

/* Large packets of the search for the MTU are no measure of loss. */
static bool is_small(const struct sent_probe *sent_probe)
{
	return sent_probe->ip_bytes <= 256;
}

/* A router that has no way to the target, or refuses, says so of whatever would
 * have gone on: it stands where its packets expire, or else right behind the
 * hop before it, and nowhere behind that. */
static void forget_repeated(struct path *path)
{
	for (unsigned i = path->hop_count; i-- > 0;) {
		struct path_hop *hop = &path->hops[i];

		if (hop->is_target || hop->rtt_ns != INT64_MAX ||
			!hop->has_address)
			continue;
		if ((i > 0 && path->hops[i - 1].rtt_ns == INT64_MAX) ||
			path_hop_of(path, &hop->address) < (int)hop->ttl)
			hop->has_address = false;
	}
}

static void find_hops(struct path *path)
{
	unsigned last = last_hop(path);

	for (unsigned ttl = 1; ttl <= last; ttl++) {
		struct path_hop *hop = &path->hops[ttl - 1];

		*hop = (struct path_hop){.ttl = ttl,
			.is_target = ttl == path->distance,
			.rtt_ns = INT64_MAX};
		for (uint32_t row = 0; row < path->table.count; row++) {
			const struct sent_probe *sent_probe =
				&path->table.sent_probe[row];
			const struct reply *reply = &path->replies[row];

			if (sent_probe->ttl != ttl ||
				path_method_of(sent_probe) == PATH_METHODS)
				continue;
			take_hop(hop, sent_probe, reply, path);
			if (!is_small(sent_probe))
				continue;
			hop->sent++;
			if (!reply->arrived && !reply->expired &&
				!reply->unreachable)
				hop->lost++;
		}
	}
	path->hop_count = last;
	forget_repeated(path);
	/* Without an end in sight: up to the last that answered. */
	while (path->distance == 0 && path->hop_count > 0 &&
		!path->hops[path->hop_count - 1].has_address)
		path->hop_count--;
}

void path_look(struct path *path)
{
	find_distance(path);
	find_hops(path);
}
