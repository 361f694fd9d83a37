#include "analysis/compare/lane_order.h"

#include <stdlib.h>
#include <string.h>

enum { PAIR_SLOTS = 1 << 14, FEW = 8 };

/* Two hosts whose packets pass certain lanes, as one of those names them. */
struct host_pair {
	uint64_t hash; /* with the lane; 0: empty */
	uint32_t group;
};

static const struct track *track_at(const struct conn_set *set,
	const struct path_conn *group, unsigned lane)
{
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next)
		if (conn_set_track(set, i - 1)->lane == lane)
			return conn_set_track(set, i - 1);
	return NULL;
}

/* How much nearer `one` is to the client than `other`, in hops, by what is left
 * of the TTLs of both ends' packets. */
static int nearer_hops(const struct track *one, const struct track *other)
{
	const struct track_side *client[2] = {
		&one->side[one->client], &other->side[other->client]};
	const struct track_side *server[2] = {
		&one->side[!one->client], &other->side[!other->client]};
	int hops = 0;

	if (client[0]->ttl && client[1]->ttl)
		hops += client[0]->ttl_most - client[1]->ttl_most;
	if (server[0]->ttl && server[1]->ttl)
		hops += server[1]->ttl_most - server[0]->ttl_most;
	return hops;
}

/* Of two lanes without a hop between them, the one of the same file that had
 * the connection's first packet first is nearer to its sender. */
static bool comes_first(const struct conn_set *set, const struct track *one,
	const struct track *other)
{
	const struct lane *lanes = set->table->lanes;
	int hops = nearer_hops(one, other);
	const struct seen_packet *first;

	if (hops != 0)
		return hops > 0;
	if (lanes[one->lane].file != lanes[other->lane].file)
		return lanes[one->lane].file < lanes[other->lane].file;
	if (!one->first)
		return true;
	first = track_packet(set->table, one->first);
	return (one->first_ns <= other->first_ns) ==
	       (first->side == one->client);
}

static void order_lanes(const struct conn_set *set, struct path_conn *group)
{
	const struct track *order[LANES_MOST];
	unsigned count = 0;

	for (unsigned lane = 0; lane < set->table->lane_count; lane++) {
		const struct track *track = track_at(set, group, lane);
		unsigned at = count;

		if (!track)
			continue;
		while (at > 0 && !comes_first(set, order[at - 1], track)) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = track;
		count++;
	}
	for (unsigned i = 0; i < count; i++)
		group->lanes[i] = order[i]->lane;
	group->lane_count = (uint8_t)count;
	if (count > 1)
		group->is_turned = set->table->lanes[group->lanes[0]].file >
				   set->table->lanes[group->lanes[count - 1]]
					   .file;
}

static uint64_t hosts_hash(const struct track *track)
{
	uint64_t hash = 0x9e3779b97f4a7c15u + track->lane;

	for (unsigned i = 0; i < 2; i++)
		for (unsigned j = 0; j < sizeof(track->side[i].address); j++)
			hash = (hash ^ track->side[i].address.bytes[j]) *
			       0x100000001b3u;
	hash ^= hash >> 29;
	return hash ? hash : 1;
}

/* The slot of these hosts, or the one to put them in; NULL: no room. */
static struct host_pair *slot_of(struct host_pair *pairs, uint64_t hash)
{
	for (uint64_t i = 0; i < FEW; i++) {
		struct host_pair *pair = &pairs[(hash + i) % PAIR_SLOTS];

		if (pair->hash == hash || !pair->hash)
			return pair;
	}
	return NULL;
}

/* Of two hosts, the connection that most lanes have. */
static void note_hosts(const struct conn_set *set, struct host_pair *pairs,
	uint32_t index)
{
	const struct path_conn *group = &set->groups[index];

	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		uint64_t hash = hosts_hash(conn_set_track(set, i - 1));
		struct host_pair *pair = slot_of(pairs, hash);

		if (!pair)
			continue;
		if (pair->hash && set->groups[pair->group].lane_count >=
					  group->lane_count)
			continue;
		*pair = (struct host_pair){hash, index};
	}
}

static bool holds_lanes(const struct path_conn *whole, const struct path_conn *part)
{
	unsigned found = 0;

	for (unsigned i = 0; i < part->lane_count; i++)
		for (unsigned j = 0; j < whole->lane_count; j++)
			found += part->lanes[i] == whole->lanes[j];
	return found == part->lane_count;
}

/* Both ends speak, and a lane on their way has none of it: somebody between
 * answers, or this connection takes another way. */
static bool is_answered_between(
	const struct conn_set *set, const struct path_conn *group)
{
	bool has_sent[2] = {false, false};

	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		const struct track *track = conn_set_track(set, i - 1);

		has_sent[0] |= track->side[track->client].has_sent;
		has_sent[1] |= track->side[!track->client].has_sent;
	}
	return has_sent[0] && has_sent[1];
}

/* The lanes that other connections of both hosts passed. */
static void expect_lanes(
	struct conn_set *set, struct host_pair *pairs, struct path_conn *group)
{
	const struct track *track = conn_set_track(set, group->track);
	const struct host_pair *pair = slot_of(pairs, hosts_hash(track));
	const struct path_conn *whole;

	if (!pair || !pair->hash)
		return;
	whole = &set->groups[pair->group];
	if (whole->lane_count <= group->lane_count ||
		!holds_lanes(whole, group))
		return;
	memcpy(group->lanes, whole->lanes, sizeof(group->lanes));
	group->lane_count = whole->lane_count;
	group->is_turned = whole->is_turned;
	group->is_proxied = is_answered_between(set, group);
}

bool lane_order_all(struct conn_set *set)
{
	struct host_pair *pairs = calloc(PAIR_SLOTS, sizeof(*pairs));
	bool is_made;

	for (uint32_t i = 0; pairs && i < set->count; i++) {
		if (set->groups[i].track == UINT32_MAX)
			continue;
		order_lanes(set, &set->groups[i]);
		if (set->groups[i].lane_count > 1)
			note_hosts(set, pairs, i);
	}
	for (uint32_t i = 0; pairs && i < set->count; i++)
		if (set->groups[i].track != UINT32_MAX)
			expect_lanes(set, pairs, &set->groups[i]);
	is_made = pairs != NULL;
	free(pairs);
	return is_made;
}
