#include "analysis/path/path_delay.h"

#include <stdlib.h>

#include "analysis/path/path_loss.h"

enum { MOST_TRIPS = 512 };

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void path_delay_measure(struct path *path)
{
	struct path_delays *delays = &path->totals.delays;
	int64_t trips[MOST_TRIPS], jitter_ns = 0;
	int64_t most_ns = (int64_t)path->thresholds[PATH_DELAY_MOST_S] *
			  INT64_C(1000000000);
	unsigned count = 0;

	if (!section_comment_has(&path->comment, EXPERIMENT_LOSS))
		return;
	enum probe_method method = path_loss_method(path);

	for (uint32_t row = 0; row < path->table.count && count < MOST_TRIPS;
		row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		int64_t trip_ns = path_record_elapsed_ns(
			sent_probe->time_ns, reply->arrived_ns);

		if (path_record_method(path, row) != method ||
			!reply->arrived ||
			sent_probe->ip_bytes > path->rules->loss_delay_bytes ||
			trip_ns < 0 || trip_ns > most_ns ||
			!path_record_is_whole_way(path, row))
			continue;
		/* In sixteenths, so that nanoseconds do not get lost. */
		if (count > 0)
			jitter_ns += llabs(trip_ns - trips[count - 1]) -
				     (jitter_ns + 8) / 16;
		trips[count++] = trip_ns;
	}
	if (count < path->thresholds[PATH_DELAY_LEAST_TRIPS])
		return;
	qsort(trips, count, sizeof(trips[0]), compare);
	*delays = (struct path_delays){.count = count,
		.least_ns = trips[0],
		.median_ns = trips[count / 2],
		.most_ns = trips[count - 1],
		.jitter_ns = jitter_ns / 16,
		.is_jitter_large =
			(double)jitter_ns / 16 >=
			path->thresholds[PATH_JITTER_LARGE_MS] * 1e6};
}
