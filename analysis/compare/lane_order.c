#include "analysis/compare/lane_order.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare/unanswered.h"
#include "capture/array.h"

enum { PAIR_SLOTS = 1 << 14, FEW = 8 };
/* A packet and one that comes back: what the clocks are apart is in the
 * differences of both, with opposite signs, and grows little meanwhile. Times
 * of recorders are no more exact than APART_NS. */
enum { TURNED_NS = 100000000, APART_NS = 20000 };

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

/* The packet of `other` that is this one; NULL: not among its first. */
static const struct seen_packet *find_same(const struct conn_set *set,
	const struct seen_packet *packet, const struct track *other)
{
	enum { FIRST = 16 };
	uint32_t at = other->first;

	for (unsigned i = 0; at && i < FIRST; i++) {
		const struct seen_packet *candidate =
			track_packet(set->table, at);

		if (seen_packet_identity(candidate) ==
			seen_packet_identity(packet))
			return candidate;
		at = candidate->next;
	}
	return NULL;
}

/* What tells which of two lanes is nearer to the client. */
struct nearness {
	int hops;	  /* > 0: the first one is, by what is left of TTLs */
	int earlier;	  /* > 0: it had the client's packets first */
	unsigned packets; /* that both have, of those looked at */
	/* half of what the way to the server and the one back take, negative
	 * from the other one to this; 0: not known */
	int64_t both_ways_ns;
};

static int64_t median_of(int64_t *numbers, unsigned count)
{
	array_sort(numbers, count);
	return numbers[(count - 1) / 2];
}

/* By packets that both have: what a proxy or a forger sent is at one only. */
static struct nearness nearness_of(const struct conn_set *set,
	const struct track *one, const struct track *other)
{
	enum { FIRST = 16 };
	struct nearness nearness = {0, 0, 0, 0};
	int64_t both_ways_ns[FIRST], last_later_ns = 0, last_ns = 0;
	unsigned count = 0;
	int last_way = 0;
	uint32_t at = one->first;

	for (unsigned i = 0; at && i < FIRST; i++) {
		const struct seen_packet *packet = track_packet(set->table, at);
		const struct seen_packet *same = find_same(set, packet, other);
		int way = packet->side == one->client ? 1 : -1;
		int64_t later_ns;

		at = packet->next;
		if (!same)
			continue;
		nearness.packets++;
		nearness.hops += way * (packet->ttl - same->ttl);
		nearness.earlier +=
			packet->time_ns <= same->time_ns ? way : -way;
		if (__builtin_sub_overflow(
			    same->time_ns, packet->time_ns, &later_ns))
			continue;
		if (last_way == -way && packet->time_ns >= last_ns &&
			packet->time_ns - last_ns < TURNED_NS)
			both_ways_ns[count++] =
				way * (later_ns / 2 - last_later_ns / 2);
		last_way = way;
		last_ns = packet->time_ns;
		last_later_ns = later_ns;
	}
	if (count)
		nearness.both_ways_ns = median_of(both_ways_ns, count);
	return nearness;
}

static bool is_told_by_time(const struct nearness *nearness)
{
	return nearness->both_ways_ns > APART_NS ||
	       nearness->both_ways_ns < -APART_NS;
}

static bool comes_first(const struct conn_set *set, const struct track *one,
	const struct track *other)
{
	const struct lane *lanes = set->table->lanes;
	struct nearness nearness = nearness_of(set, one, other);

	if (nearness.hops != 0)
		return nearness.hops > 0;
	if (lanes[one->lane].file != lanes[other->lane].file &&
		is_told_by_time(&nearness))
		return nearness.both_ways_ns > 0;
	if (lanes[one->lane].file != lanes[other->lane].file)
		return lanes[one->lane].file < lanes[other->lane].file;
	return nearness.earlier >= 0; /* one clock */
}

/* One of several interfaces, with nothing that another lane has: a device that
 * the connection does not pass, as the loopback on which a host refuses it. */
static bool is_aside(const struct conn_set *set, const struct path_conn *group,
	const struct track *track)
{
	const struct lane *lanes = set->table->lanes;
	bool has_other = false;

	if (group->is_renumbered)
		return false; /* its packets have other numbers in each lane */
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		const struct track *other = conn_set_track(set, i - 1);

		if (other->lane == track->lane)
			continue;
		if (nearness_of(set, track, other).packets)
			return false;
		has_other |= lanes[other->lane].file == lanes[track->lane].file;
	}
	return has_other;
}

/* Does nothing tell which of two files is nearer? A file's lanes are of one
 * device: what one of them tells is true of all. */
static bool is_order_told(const struct conn_set *set,
	const struct path_conn *group, const struct track *const *order,
	unsigned near, unsigned far)
{
	const struct lane *lanes = set->table->lanes;
	bool has_shared = false;

	for (unsigned i = 0; i < group->lane_count; i++)
		for (unsigned j = 0; j < group->lane_count; j++) {
			struct nearness nearness;

			if (lanes[order[i]->lane].file != near ||
				lanes[order[j]->lane].file != far)
				continue;
			nearness = nearness_of(set, order[i], order[j]);
			if (nearness.hops != 0 || is_told_by_time(&nearness))
				return false;
			has_shared |= nearness.packets != 0;
		}
	return has_shared;
}

/* How the order found is related to that of the files. */
static void note_order(const struct conn_set *set, struct path_conn *group,
	const struct track *const *order)
{
	const struct lane *lanes = set->table->lanes;
	bool is_up = false, is_down = false;

	for (unsigned i = 1; i < group->lane_count; i++) {
		unsigned near = lanes[group->lanes[i - 1]].file;
		unsigned far = lanes[group->lanes[i]].file;

		is_up |= near < far;
		is_down |= near > far;
		group->is_order_told |=
			near != far &&
			is_order_told(set, group, order, near, far);
	}
	group->is_turned = is_down && !is_up;
	group->is_mixed = is_down && is_up;
}

static void order_lanes(const struct conn_set *set, struct path_conn *group)
{
	const struct track *order[LANES_MOST];
	unsigned count = 0;

	for (unsigned lane = 0; lane < set->table->lane_count; lane++) {
		const struct track *track = track_at(set, group, lane);
		unsigned at = count;

		if (!track || is_aside(set, group, track))
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
	note_order(set, group, order);
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
static void note_hosts(
	const struct conn_set *set, struct host_pair *pairs, uint32_t index)
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

static bool holds_lanes(
	const struct path_conn *whole, const struct path_conn *part)
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

static uint16_t server_port(
	const struct conn_set *set, const struct path_conn *group)
{
	const struct track *track = conn_set_track(set, group->track);

	return track->side[!track->client].port;
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
	group->is_proxied = is_answered_between(set, group);
	if (group->is_proxied)
		return;
	memcpy(group->lanes, whole->lanes, sizeof(group->lanes));
	group->lane_count = whole->lane_count;
	group->is_turned = whole->is_turned;
	group->is_mixed = whole->is_mixed;
	group->is_order_told = whole->is_order_told;
	group->is_lent = server_port(set, whole) != server_port(set, group);
}

static bool is_of_two_files(
	const struct conn_set *set, const struct path_conn *group)
{
	const struct lane *lanes = set->table->lanes;

	for (unsigned i = 1; i < group->lane_count; i++)
		if (lanes[group->lanes[i]].file != lanes[group->lanes[0]].file)
			return true;
	return false;
}

/* Of several tracks in one lane the last; of none in any lane of the way, the
 * first at all. */
static void note_named(const struct conn_set *set, struct path_conn *group)
{
	uint8_t place[LANES_MOST];
	unsigned nearest = LANES_MOST - 1;

	memset(place, LANES_MOST, sizeof(place));
	for (unsigned i = 0; i < group->lane_count; i++)
		place[group->lanes[i]] = (uint8_t)i;
	group->named = group->track;
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		unsigned lane = conn_set_track(set, i - 1)->lane;

		if (place[lane] > nearest)
			continue;
		nearest = place[lane];
		group->named = i - 1;
	}
}

bool lane_order_all(struct conn_set *set)
{
	struct host_pair *pairs = calloc(PAIR_SLOTS, sizeof(*pairs));
	bool is_made, is_any_shared = false;

	for (uint32_t i = 0; pairs && i < set->count; i++) {
		if (set->groups[i].track == UINT32_MAX)
			continue;
		order_lanes(set, &set->groups[i]);
		if (set->groups[i].lane_count < 2)
			continue;
		note_hosts(set, pairs, i);
		is_any_shared |= is_of_two_files(set, &set->groups[i]);
	}
	for (uint32_t i = 0; pairs && i < set->count; i++)
		if (set->groups[i].track != UINT32_MAX)
			expect_lanes(set, pairs, &set->groups[i]);
	for (uint32_t i = 0; pairs && i < set->count; i++) {
		if (set->groups[i].track == UINT32_MAX)
			continue;
		unanswered_expect(set, &set->groups[i], is_any_shared);
		note_named(set, &set->groups[i]);
	}
	is_made = pairs != NULL;
	free(pairs);
	return is_made;
}
