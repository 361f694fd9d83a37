#include "report/path_sizes.h"

#include "analysis/path/path_record.h"

bool path_sizes_known(const struct path *path)
{
	const struct section_comment *comment = path_comment(path);

	return section_comment_has(comment, EXPERIMENT_MTU) ||
	       section_comment_has(comment, EXPERIMENT_REVERSE);
}

/* The hop up to which a probe was sent: the target's for the whole way. */
static unsigned hop_of(const struct path *path, uint32_t row, unsigned distance)
{
	return path_record_is_whole_way(path, row) && distance
		       ? distance
		       : path->table.sent_probe[row].ttl;
}

struct hop_sizes path_sizes_of(const struct path *path, unsigned hop_ttl)
{
	struct hop_sizes sizes = {0, 0};
	struct path_totals totals;

	path_totals(path, &totals);
	for (uint32_t row = 0; row < path->table.count; row++) {
		unsigned bytes = path->table.sent_probe[row].ip_bytes;
		bool is_there = path->replies[row].arrived != 0 ||
				path_record_expired(path, row);

		if (path_record_method(path, row) != METHOD_COUNT && is_there &&
			hop_of(path, row, totals.distance) >= hop_ttl &&
			bytes > sizes.passed)
			sizes.passed = bytes;
	}
	for (uint32_t row = 0; row < path->table.count; row++) {
		unsigned bytes = path->table.sent_probe[row].ip_bytes;
		bool is_heard = path->replies[row].arrived != 0 ||
				path_record_expired(path, row) ||
				path->replies[row].unreachable != 0;

		if (path_record_method(path, row) != METHOD_COUNT &&
			!is_heard && bytes > sizes.passed &&
			hop_of(path, row, totals.distance) == hop_ttl &&
			(sizes.lost == 0 || bytes < sizes.lost))
			sizes.lost = bytes;
	}
	return sizes;
}
