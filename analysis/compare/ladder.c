/* The packets of one connection in the order of time, for a picture. */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"

static int by_time(const void *one, const void *other)
{
	const struct ladder_packet *a = one, *b = other;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static void take(struct compare_ladder *ladder, const struct compare *compare,
	const struct row_set *rows)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];
		unsigned first = row_first(rows, row);
		const struct seen_packet *seen = row_packet(rows, row, first);
		struct ladder_packet *packet =
			&ladder->packets[ladder->count++];

		*packet = (struct ladder_packet){.rows = rows, .row = row};
		/* its own time where the clocks are not known */
		(void)conn_set_time_at(&compare->set, rows->lanes[first],
			rows->lanes[rows->is_to_server ? 0
						       : rows->lane_count - 1],
			seen->time_ns, &packet->time_ns);
	}
}

bool compare_ladder_make(
	struct compare_ladder *ladder, const struct compare *compare,
	uint32_t group)
{
	bool is_made = true;

	memset(ladder, 0, sizeof(*ladder));
	for (unsigned i = 0; i < 2; i++)
		is_made &= row_set_make(&ladder->rows[i], &compare->set,
			&compare->set.groups[group], i == 1);
	if (is_made)
		ladder->packets = calloc((size_t)ladder->rows[0].count +
						 ladder->rows[1].count + 1,
			sizeof(*ladder->packets));
	if (!ladder->packets) {
		compare_ladder_release(ladder);
		return false;
	}
	take(ladder, compare, &ladder->rows[0]);
	take(ladder, compare, &ladder->rows[1]);
	qsort(ladder->packets, ladder->count, sizeof(*ladder->packets),
		by_time);
	return true;
}

void compare_ladder_release(struct compare_ladder *ladder)
{
	row_set_release(&ladder->rows[0]);
	row_set_release(&ladder->rows[1]);
	free(ladder->packets);
	ladder->packets = NULL;
}
