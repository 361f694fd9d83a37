#include "probe/experiments/idle_plan.h"

#include <math.h>

/* Time-outs that devices are known to have by default, in seconds (RFC 5382;
 * vendors' documentation, see analysis/learned/idle_stats.c). */
static const unsigned known_s[] = {
	60, 120, 180, 240, 300, 350, 600, 900, 1200, 1800, 3600, 7440};

static int64_t plain_span_ns(const struct idle_grid *grid, unsigned place)
{
	double step = pow(grid->factor, 1.0 / grid->lines);
	double span_ns = (double)grid->first_ns * pow(step, place);

	return span_ns < (double)grid->most_ns ? (int64_t)span_ns
					       : grid->most_ns;
}

int64_t idle_grid_span_ns(const struct idle_grid *grid, unsigned place)
{
	static const double behind = 1.01;
	int64_t span_ns = plain_span_ns(grid, place);
	int64_t before_ns = place ? plain_span_ns(grid, place - 1) : 0;

	for (unsigned i = 0; i < sizeof(known_s) / sizeof(known_s[0]); i++) {
		int64_t known_ns = known_s[i] * INT64_C(1000000000);
		int64_t moved_ns = (int64_t)((double)known_ns * behind);

		if (known_ns > before_ns && known_ns <= span_ns &&
			moved_ns < span_ns)
			return moved_ns;
	}
	return span_ns;
}

bool idle_grid_is_past(const struct idle_grid *grid, unsigned place)
{
	return place > 0 && plain_span_ns(grid, place - 1) >= grid->most_ns;
}

int64_t idle_plan_between_ns(
	int64_t low_ns, int64_t high_ns, unsigned number, unsigned count)
{
	double low = low_ns > 0 ? (double)low_ns : (double)high_ns / 2;
	double share = (number + 1.0) / (count + 1.0);

	return (int64_t)(low * pow((double)high_ns / low, share));
}

unsigned idle_plan_points(int64_t low_ns, int64_t high_ns, unsigned percent)
{
	/* Packets are sent a little late: aim for less. */
	static const double aim = 0.9;
	double low = low_ns > 0 ? (double)low_ns : (double)high_ns / 2;
	double parts = log((double)high_ns / low) /
		       log1p(aim * (double)percent / 100);

	return parts <= 1 ? 0 : (unsigned)ceil(parts) - 1;
}

bool idle_plan_is_wide(int64_t low_ns, int64_t high_ns, unsigned percent)
{
	return (double)(high_ns - low_ns) * 100 > (double)low_ns * percent;
}

unsigned idle_plan_hop(
	unsigned least, unsigned most, unsigned number, unsigned count)
{
	return least + (most - least) * (number + 1) / (count + 1);
}
