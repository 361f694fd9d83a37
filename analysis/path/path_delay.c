/* Round trips of small packets to the target: least, median, most, and how much
 * they vary from one to the next (RFC 3550, 6.4.1). */
#include "analysis/path/path_state.h"

#include <stdlib.h>

enum { MOST_TRIPS = 512, LEAST_TRIPS = 8 };

static const int64_t most_trip_ns = INT64_C(600000000000);

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void path_measure_delays(struct path *path, enum probe_method method)
{
	struct path_delays *delays = &path->totals.delays;
	int64_t trips[MOST_TRIPS], jitter_ns = 0;
	unsigned count = 0;

	for (uint32_t row = 0; row < path->table.count && count < MOST_TRIPS;
		row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		int64_t trip_ns =
			path_elapsed_ns(sent_probe->time_ns, reply->arrived_ns);

		if (path_method_of(sent_probe) != method || !reply->arrived ||
			sent_probe->ip_bytes > path->rules->loss_delay_bytes ||
			trip_ns < 0 || trip_ns > most_trip_ns ||
			!path_is_whole_way(path, sent_probe))
			continue;
		/* In sixteenths, so that nanoseconds do not get lost. */
		if (count > 0)
			jitter_ns += llabs(trip_ns - trips[count - 1]) -
				     (jitter_ns + 8) / 16;
		trips[count++] = trip_ns;
	}
	if (count < LEAST_TRIPS)
		return;
	qsort(trips, count, sizeof(trips[0]), compare);
	*delays = (struct path_delays){.count = count,
		.least_ns = trips[0],
		.median_ns = trips[count / 2],
		.most_ns = trips[count - 1],
		.jitter_ns = jitter_ns / 16};
}
