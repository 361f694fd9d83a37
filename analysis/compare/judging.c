/* What is worked out once of a direction, before its packets are judged. */
#include "analysis/compare/outcome.h"

#include <stdlib.h>

#include "analysis/compare/late.h"
#include "capture/sequence.h"

static bool has_any(const struct row_set *rows, unsigned lane)
{
	for (uint32_t i = 0; i < rows->count; i++)
		if (rows->rows[i].at[lane])
			return true;
	return false;
}

/* Was anything of the direction acknowledged, so that it passed all lanes?
 * The least end of its packets suffices. */
static bool is_any_acknowledged(const struct judging *judging)
{
	const struct row_set *rows = judging->rows, *back = judging->back;
	const struct seen_packet *packet;
	uint32_t least = 0, end;
	bool is_known = false;

	for (uint32_t i = 0; i < rows->count; i++) {
		unsigned lane = row_first(rows, &rows->rows[i]);

		packet = row_packet(rows, &rows->rows[i], lane);
		end = row_sequence(rows, packet, lane) +
		      seen_packet_length(packet);
		if (seen_packet_length(packet) == 0 ||
			packet->flags & TCP_RST ||
			(is_known && !sequence_before(end, least)))
			continue;
		least = end;
		is_known = true;
	}
	for (uint32_t i = 0; is_known && i < back->count; i++) {
		unsigned lane = row_first(back, &back->rows[i]);

		packet = row_packet(back, &back->rows[i], lane);
		if ((packet->flags & (TCP_ACK | TCP_RST)) == TCP_ACK &&
			!sequence_before(packet->acknowledged -
						 back->shift[lane][1],
				least))
			return true;
	}
	return false;
}

static void find_one_way(struct judging *judging)
{
	const struct row_set *rows = judging->rows, *back = judging->back;

	for (unsigned lane = 0; lane < rows->lane_count; lane++)
		judging->is_one_way[lane] =
			!has_any(rows, lane) &&
			has_any(back, back->lane_count - 1 - lane) &&
			is_any_acknowledged(judging);
}

void judging_begin(struct judging *judging)
{
	const struct row_set *rows = judging->rows;

	find_one_way(judging);
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
