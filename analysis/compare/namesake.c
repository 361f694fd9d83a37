#include "analysis/compare/namesake.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Entry 2 * track + side + 1 is a track by the initial number of that side. */
enum { SIDES = 2 };

static uint32_t *bucket_of(const struct namesakes *namesakes,
	const struct track *track, unsigned side, unsigned lane)
{
	const uint64_t name[] = {track->identity[0], track->identity[1],
		(uint64_t)track->side[side].isn << 32 | lane << 1 | side};
	uint64_t hash = XXH3_64bits_withSeed(
		name, sizeof(name), namesakes->table->seed);

	return &namesakes->buckets[hash & (namesakes->bucket_count - 1)];
}

bool namesakes_make(
	struct namesakes *namesakes, const struct track_table *table)
{
	uint32_t entries = table->track_count * SIDES;

	*namesakes = (struct namesakes){.table = table, .bucket_count = 16};
	while (namesakes->bucket_count < entries)
		namesakes->bucket_count *= 2;
	namesakes->buckets =
		calloc(namesakes->bucket_count, sizeof(*namesakes->buckets));
	namesakes->next = calloc((size_t)entries + 1, sizeof(*namesakes->next));
	if (!namesakes->buckets || !namesakes->next)
		return false;
	for (uint32_t i = 0; i < entries; i++) {
		const struct track *track = &table->tracks[i / SIDES];
		uint32_t *bucket;

		if (!track->side[i % SIDES].has_isn)
			continue;
		bucket = bucket_of(namesakes, track, i % SIDES, track->lane);
		namesakes->next[i] = *bucket;
		*bucket = i + 1;
	}
	return true;
}

void namesakes_release(struct namesakes *namesakes)
{
	free(namesakes->buckets);
	free(namesakes->next);
	namesakes->buckets = namesakes->next = NULL;
}

static const struct track *find_by(struct namesakes *namesakes,
	const struct track *like, unsigned side, unsigned lane)
{
	const struct track *tracks = namesakes->table->tracks;

	if (!like->side[side].has_isn)
		return NULL;
	for (uint32_t i = *bucket_of(namesakes, like, side, lane); i;
		i = namesakes->next[i - 1]) {
		const struct track *track = &tracks[(i - 1) / SIDES];

		namesakes->looked++;
		if ((i - 1) % SIDES == side && track->lane == lane &&
			track->identity[0] == like->identity[0] &&
			track->identity[1] == like->identity[1] &&
			track->side[side].isn == like->side[side].isn)
			return track;
	}
	return NULL;
}

const struct track *namesakes_find(
	struct namesakes *namesakes, const struct track *like, unsigned lane)
{
	const struct track *found =
		find_by(namesakes, like, like->client, lane);

	return found ? found : find_by(namesakes, like, !like->client, lane);
}
