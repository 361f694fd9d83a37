/* What is worked out once of a direction, before its packets are judged. */
#include "analysis/compare/outcome.h"

#include <stdlib.h>

#include "analysis/compare/late.h"

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
