/* From the last packet back: before some arrival of a size, larger packets than
 * any since arrived, and since then those are lost or refused more often than
 * they were, beyond chance. */
#include "analysis/path/path_change.h"

#include <math.h>

#include "probe/protocol/loss_chance.h"

static bool is_sized(const struct path *path, uint32_t row)
{
	return path_record_method(path, row) == METHOD_TCP &&
	       path_record_is_whole_way(path, row);
}

struct share {
	unsigned sent, lost;
};

/* Packets larger than `most`, up to `size`, among some rows. */
static struct share count(const struct path *path, uint32_t first,
	uint32_t end, uint32_t most, uint32_t size)
{
	struct share share = {0};

	for (uint32_t row = first; row < end; row++) {
		uint32_t bytes = path->table.sent_probe[row].ip_bytes;

		if (!is_sized(path, row) || bytes <= most || bytes > size)
			continue;
		share.sent++;
		share.lost += !path->replies[row].arrived;
	}
	return share;
}

/* Whether sizes above `most` pass up to this row, and no more. */
static bool is_last(const struct path *path, uint32_t row, uint32_t most)
{
	uint32_t size = path->table.sent_probe[row].ip_bytes;
	struct share before = count(path, 0, row + 1, most, size);
	struct share since =
		count(path, row + 1, path->table.count, most, size);

	return since.sent >= path->thresholds[PATH_CHANGE_TRIES] &&
	       pow(loss_chance_share(before.sent, before.lost),
		       path_record_missing(path, since.lost)) <
		       path->thresholds[PATH_CERTAIN_CHANCE];
}

void path_change_exclude(struct path *path)
{
	uint32_t most = 0;

	for (uint32_t row = path->table.count; row-- > 0;) {
		uint32_t bytes = path->table.sent_probe[row].ip_bytes;

		if (!is_sized(path, row) || !path->replies[row].arrived ||
			bytes <= most)
			continue;
		if (most < path->rules->floor_bytes ||
			!is_last(path, row, most)) {
			most = bytes;
			continue;
		}
		path->change = (struct path_change){.row = row,
			.bytes = bytes,
			.frame = path->replies[row].arrived};
		for (uint32_t i = 0; i <= row; i++)
			if (path_record_is_whole_way(path, i) &&
				path->table.sent_probe[i].ip_bytes > most &&
				path->uses[i] == ROW_MEASURES)
				path->uses[i] = ROW_BEFORE_CHANGE;
		return;
	}
}
