#include "analysis/path/path_between.h"

#include <math.h>

#include "probe/protocol/loss_chance.h"

static bool is_lost(const struct path *path, const struct size_tally *size)
{
	return size->sent >= path->thresholds[PATH_TRIES_BETWEEN] &&
	       !size->arrived && !size->refused;
}

void path_between_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_SMALLER_SIZES_ARRIVE;
	const struct size_tally *sizes = path->sizes[bound->method];
	uint32_t least = 0, most = 0;
	unsigned sent = 0;

	for (uint32_t size = path->rules->floor_bytes; size < bound->passed;
		size++) {
		if (!is_lost(path, &sizes[size]))
			continue;
		least = least ? least : size;
		most = size;
		sent += sizes[size].sent;
	}
	/* The loss is that of the others. */
	if (least == 0 || sent > bound->lost_any ||
		pow(loss_chance_share(
			    bound->sent_any - sent, bound->lost_any - sent),
			path_record_missing(path,
				(unsigned)path
					->thresholds[PATH_TRIES_BETWEEN])) >=
			path->thresholds[PATH_CERTAIN_CHANCE])
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_frames(&one->facts, fact, sizes[least].sent_frame,
		sizes[bound->passed].arrived_frame);
	path_fact_found(&one->facts, fact, "0 of %u, from %u to %u bytes", sent,
		least, most);
	path_fact_expected(&one->facts, fact, "all, as of %u", bound->passed);
}
