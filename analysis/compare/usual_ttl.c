#include "analysis/compare/usual_ttl.h"

#include <stdlib.h>

enum { SLOTS = 1 << 15, FEW = 8 };

struct usual_ttl {
	uint64_t hash; /* of lane and address; 0: empty */
	struct ttl_range range;
};

static uint64_t hash_of(const struct address *address, unsigned lane)
{
	uint64_t hash = 0xcbf29ce484222325u + lane; /* FNV-1a */

	for (unsigned i = 0; i < sizeof(address->bytes); i++)
		hash = (hash ^ address->bytes[i]) * 0x100000001b3u;
	hash ^= hash >> 31;
	return hash ? hash : 1;
}

static struct usual_ttl *slot_of(struct usual_ttl *ttls, uint64_t hash)
{
	for (uint64_t i = 0; i < FEW; i++) {
		struct usual_ttl *ttl = &ttls[(hash + i) % SLOTS];

		if (ttl->hash == hash || !ttl->hash)
			return ttl;
	}
	return NULL;
}

void ttl_range_add(struct ttl_range *range, uint8_t ttl, uint32_t packets)
{
	if (range->packets == 0 || ttl < range->least)
		range->least = ttl;
	if (ttl > range->most)
		range->most = ttl;
	range->packets += packets;
}

/* What a connection has once only may be forged as well. */
static void add(
	struct conn_set *set, const struct track_side *side, unsigned lane)
{
	uint64_t hash = hash_of(&side->address, lane);
	struct usual_ttl *usual = slot_of(set->ttls, hash);
	uint8_t most = track_usual_ttl(side);

	if (!usual || !most)
		return;
	for (unsigned i = 0; i < TRACK_TTLS; i++)
		if (side->ttl_count[i] > 1 ||
			(side->ttl_count[i] && side->ttl[i] == most))
			ttl_range_add(&usual->range, side->ttl[i],
				side->ttl_count[i]);
	usual->hash = hash;
}

bool usual_ttl_make(struct conn_set *set)
{
	set->ttls = calloc(SLOTS, sizeof(*set->ttls));
	if (!set->ttls)
		return false;
	for (uint32_t i = 0; i < set->table->track_count; i++)
		for (unsigned side = 0; side < 2; side++)
			add(set, &set->table->tracks[i].side[side],
				set->table->tracks[i].lane);
	return true;
}

static unsigned hops_of(uint8_t ttl)
{
	return ttl <= 64 ? 64u - ttl : ttl <= 128 ? 128u - ttl : 255u - ttl;
}

bool ttl_range_is_foreign(const struct ttl_range *range, uint8_t ttl)
{
	unsigned hops = hops_of(ttl);

	if (range->packets == 0 ||
		(ttl + 1 >= range->least && ttl <= range->most + 1))
		return false;
	return hops > hops_of(range->least) || hops < hops_of(range->most);
}

struct ttl_range usual_ttl_of(const struct conn_set *set,
	const struct seen_packet *packet, unsigned lane)
{
	const struct track *track = conn_set_track(set, packet->track);
	const struct usual_ttl *usual = slot_of(
		set->ttls, hash_of(&track->side[packet->side].address, lane));

	if (!usual || usual->range.packets < 2)
		return (struct ttl_range){0, 0, 0};
	return usual->range;
}
