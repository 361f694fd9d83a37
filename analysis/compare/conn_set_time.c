/* Times of one lane by the clock of another. */
#include "analysis/compare/conn_set.h"

/* What a clock was ahead of the first file's at a time of the first file's. */
static int64_t ahead_ns(const struct clock_offset *clock, int64_t time_ns)
{
	double since_s = ((double)time_ns - (double)clock->middle_ns) / 1e9;

	/* a skew is told from minutes: it says nothing about years */
	if (clock->skew_ppm == 0 || since_s > 1e6 || since_s < -1e6)
		return clock->offset_ns;
	return clock->offset_ns + (int64_t)(since_s * clock->skew_ppm * 1e3);
}

bool conn_set_time_at(const struct conn_set *set, unsigned lane, unsigned there,
	int64_t time_ns, int64_t *there_ns)
{
	const struct clock_offset *own =
		&set->clocks[set->table->lanes[lane].file];
	const struct clock_offset *other =
		&set->clocks[set->table->lanes[there].file];
	int64_t first_ns;

	*there_ns = time_ns;
	if (own == other)
		return true;
	return own->is_known && other->is_known &&
	       !__builtin_sub_overflow(
		       time_ns, ahead_ns(own, time_ns), &first_ns) &&
	       !__builtin_add_overflow(
		       first_ns, ahead_ns(other, first_ns), there_ns);
}

int64_t conn_set_error_ns(
	const struct conn_set *set, unsigned lane, unsigned there)
{
	const struct lane *lanes = set->table->lanes;
	enum { TICK_NS = 1000 }; /* of what most recorders count in */

	if (lanes[lane].file == lanes[there].file)
		return 0;
	return set->clocks[lanes[lane].file].error_ns +
	       set->clocks[lanes[there].file].error_ns + TICK_NS;
}
