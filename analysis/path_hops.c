/* The hops of a path: how far the target is, who reported what expired. May be
 * asked for at any time; every look begins anew. */
#include "analysis/path_state.h"

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
		const struct asked *asked = &path->table.asked[row];
		enum path_ruler ruler = path_ruler_of(asked);

		if (ruler == PATH_RULERS || !path->replies[row].arrived)
			continue;
		if (arrived == 0 || asked->ttl < arrived)
			arrived = asked->ttl;
		if (ruler == PATH_TCP && asked->ttl < by_tcp)
			by_tcp = asked->ttl;
		if (ruler == PATH_ECHO && asked->ttl < by_echo)
			by_echo = asked->ttl;
	}
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		enum path_ruler ruler = path_ruler_of(asked);

		if (!path->replies[row].expired)
			continue;
		if (ruler == PATH_TCP && asked->ttl > expired &&
			asked->ttl < by_tcp)
			expired = asked->ttl;
		if (ruler == PATH_ECHO && asked->ttl > echo_expired &&
			asked->ttl < by_echo)
			echo_expired = asked->ttl;
	}
	path->is_echo_elsewhere = echo_expired >= by_tcp ||
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
			path->table.asked[row].ttl > path->hop_count &&
			path->table.asked[row].ttl < PATH_TTL_MOST)
			return PATH_TTL_MOST - 1;
	return last;
}

static void take_hop(struct path_hop *hop, const struct asked *asked,
	const struct reply *reply, const struct path *path)
{
	int64_t rtt_ns = INT64_MAX;

	if (hop->is_target ? reply->arrived != 0 : reply->expired != 0) {
		rtt_ns = path_elapsed_ns(asked->time_ns,
			hop->is_target ? reply->arrived_ns
				       : reply->expired_ns);
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
static bool is_small(const struct asked *asked)
{
	return asked->ip_bytes <= 256;
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
			const struct asked *asked = &path->table.asked[row];
			const struct reply *reply = &path->replies[row];

			if (asked->ttl != ttl ||
				path_ruler_of(asked) == PATH_RULERS)
				continue;
			take_hop(hop, asked, reply, path);
			if (!is_small(asked))
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
