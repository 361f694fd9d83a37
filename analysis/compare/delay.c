/* How long packets are under way between two lanes, and which take much longer
 * than others of their connection. */
#include "analysis/compare/outcome.h"

bool judging_delay(const struct judging *judging, const struct packet_row *row,
	unsigned lane, int64_t *delay_ns)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *one = row_packet(rows, row, lane);
	const struct seen_packet *other = row_packet(rows, row, lane + 1);
	int64_t time_ns;

	return one && other && !row->has_twin &&
	       conn_set_time_at(judging->set, rows->lanes[lane],
		       rows->lanes[lane + 1], one->time_ns, &time_ns) &&
	       !__builtin_sub_overflow(other->time_ns, time_ns, delay_ns);
}

static bool is_skew_known(
	const struct judging *judging, unsigned one, unsigned other)
{
	const struct lane *lanes = judging->set->table->lanes;
	const struct clock_offset *clocks = judging->set->clocks;

	return lanes[one].file == lanes[other].file ||
	       clocks[lanes[one].file].skew_ppm != 0 ||
	       clocks[lanes[other].file].skew_ppm != 0;
}

bool judging_seems_late(const struct judging *judging,
	const struct packet_row *row, unsigned lane)
{
	const struct row_set *rows = judging->rows;
	int64_t delay_ns, more_ns, since_ns;

	if (!judging_delay(judging, row, lane, &delay_ns) ||
		__builtin_sub_overflow(
			delay_ns, judging->least_ns[lane], &more_ns) ||
		__builtin_sub_overflow(row_packet(rows, row, lane)->time_ns,
			judging->least_at_ns[lane], &since_ns))
		return false;
	if (since_ns < 0)
		since_ns = -(since_ns + 1);
	if (!is_skew_known(judging, rows->lanes[lane], rows->lanes[lane + 1]))
		more_ns -= since_ns / 1000000 * UNKNOWN_SKEW_PPM;
	return more_ns > DELAYED_NS;
}
