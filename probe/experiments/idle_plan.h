/* For how long connections are left idle: a geometric grid that few connections
 * walk, and points between two bounds. */
#ifndef PROBE_EXPERIMENTS_IDLE_PLAN_H
#define PROBE_EXPERIMENTS_IDLE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

/* `lines` connections walk the grid: each has a place of its own, and `lines`
 * places further when it survives. That multiplies its idle time by `factor`,
 * so that the walk up to an idle time takes factor / (factor - 1) of it. */
struct idle_grid {
	int64_t first_ns, most_ns;
	double factor;
	unsigned lines;
};

/* The idle time of a place, at most `most_ns`. A known time-out that lies
 * between this place and the one before it, closely below this one, moves this
 * place to right behind it. */
int64_t idle_grid_span_ns(const struct idle_grid *grid, unsigned place);
/* Whether the place before has `most_ns` already. */
bool idle_grid_is_past(const struct idle_grid *grid, unsigned place);

/* The point `number` (from 0) of `count` that divide the stretch between two
 * idle times in equal ratios. */
int64_t idle_plan_between_ns(
	int64_t low_ns, int64_t high_ns, unsigned number, unsigned count);
/* So many points make each part at most `percent` wide. */
unsigned idle_plan_points(int64_t low_ns, int64_t high_ns, unsigned percent);
/* Whether `high_ns` is more than `percent` above `low_ns`. */
bool idle_plan_is_wide(int64_t low_ns, int64_t high_ns, unsigned percent);
/* The hop limit `number` of `count` spread over those above `least` and below
 * `most`. */
unsigned idle_plan_hop(
	unsigned least, unsigned most, unsigned number, unsigned count);

#endif
