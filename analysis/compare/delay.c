/* How long packets are under way between two lanes, and which take much longer
 * than others of their connection. */
#include "analysis/compare/outcome.h"

#include <stdlib.h>

#include "analysis/compare/late.h"

bool judging_delay(const struct judging *judging, const struct packet_row *row,
	unsigned lane, int64_t *delay_ns)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *one = row_packet(rows, row, lane);
	const struct seen_packet *other = row_packet(rows, row, lane + 1);
	int64_t time_ns;

	return one && other &&
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

void judging_begin(struct judging *judging)
{
	const struct row_set *rows = judging->rows;

	for (unsigned lane = 0; lane < LANES_MOST; lane++)
		judging->least_ns[lane] = INT64_MAX;
	for (uint32_t i = 0; i < rows->count; i++)
		for (unsigned lane = 0; lane + 1 < rows->lane_count; lane++) {
			int64_t delay_ns;

			if (!judging_delay(
				    judging, &rows->rows[i], lane, &delay_ns) ||
				delay_ns >= judging->least_ns[lane])
				continue;
			judging->least_ns[lane] = delay_ns;
			judging->least_at_ns[lane] =
				row_packet(rows, &rows->rows[i], lane)->time_ns;
		}
	for (unsigned lane = 0; lane + 1 < rows->lane_count; lane++)
		judging->late[lane] =
			late_rows(judging, lane, &judging->step_ns[lane]);
}

void judging_end(struct judging *judging)
{
	for (unsigned lane = 0; lane < LANES_MOST; lane++)
		free(judging->late[lane]);
}

bool judging_is_delayed(const struct judging *judging,
	const struct packet_row *row, unsigned lane, enum grade *grade)
{
	static const enum grade grades[] = {
		[LATE_POSSIBLE] = GRADE_POSSIBLE,
		[LATE_LIKELY] = GRADE_LIKELY,
		[LATE_CERTAIN] = GRADE_CERTAIN,
	};
	const uint8_t *late = judging->late[lane];
	unsigned said = late ? late[row - judging->rows->rows] : LATE_NOT;

	if (said == LATE_NOT || said == LATE_CLOCK)
		return false;
	*grade = grades[said];
	return true;
}
