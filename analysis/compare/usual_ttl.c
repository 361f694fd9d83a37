#include "analysis/compare/usual_ttl.h"

#include <stdlib.h>

enum { SLOTS = 1 << 15, FEW = 8 };

struct usual_ttl {
	uint64_t hash; /* of lane and address; 0: empty */
	uint8_t least, most;
	uint32_t packets;
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

static void add(struct conn_set *set, const struct track_side *side,
	unsigned lane)
{
	uint64_t hash = hash_of(&side->address, lane);
	struct usual_ttl *ttl = slot_of(set->ttls, hash);

	if (!ttl || !side->ttl)
		return;
	if (ttl->packets == 0 || side->ttl_least < ttl->least)
		ttl->least = side->ttl_least;
	if (side->ttl_most > ttl->most)
		ttl->most = side->ttl_most;
	ttl->packets += side->ttl_count;
	ttl->hash = hash;
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

bool usual_ttl_is_foreign(const struct conn_set *set,
	const struct seen_packet *packet, unsigned lane, uint8_t *usual)
{
	enum { WOBBLE_HOPS = 1 };
	const struct track *track = conn_set_track(set, packet->track);
	const struct usual_ttl *ttl = slot_of(set->ttls,
		hash_of(&track->side[packet->side].address, lane));
	unsigned hops = hops_of(packet->ttl);

	if (!ttl || ttl->packets == 0)
		return false;
	*usual = ttl->most;
	return ttl->packets > 1 &&
	       (hops > hops_of(ttl->least) + WOBBLE_HOPS ||
		       hops + WOBBLE_HOPS < hops_of(ttl->most));
}
