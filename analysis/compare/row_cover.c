#include "analysis/compare/row_cover.h"

#include <stdlib.h>

#include "capture/sequence.h"

static bool is_alone(
	const struct row_set *rows, const struct packet_row *row, unsigned lane)
{
	const struct seen_packet *packet = row_packet(rows, row, lane);

	return packet && packet->payload_bytes && !(packet->flags & TCP_RST) &&
	       row_first(rows, row) == row_last(rows, row);
}

static int by_start(const void *one, const void *other)
{
	const struct stretch *a = one, *b = other;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* Joins what overlaps or touches; returns how many are left. */
static uint32_t join(struct stretch *stretches, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i < count; i++) {
		if (stretches[i].start > stretches[kept].end)
			stretches[++kept] = stretches[i];
		else if (stretches[i].end > stretches[kept].end)
			stretches[kept].end = stretches[i].end;
	}
	return count ? kept + 1 : 0;
}

static struct stretch stretch_of(const struct row_set *rows,
	const struct seen_packet *packet, unsigned lane)
{
	int32_t start =
		sequence_distance(rows->base, row_sequence(rows, packet, lane));
	int64_t end = (int64_t)start + packet->payload_bytes;

	return (struct stretch){
		start, end > INT32_MAX ? INT32_MAX : (int32_t)end};
}

bool row_cover_make(struct row_set *rows)
{
	if (rows->count)
		rows->base = row_sequence(rows,
			row_packet(rows, &rows->rows[0],
				row_first(rows, &rows->rows[0])),
			row_first(rows, &rows->rows[0]));
	for (unsigned lane = 0; lane < rows->lane_count; lane++) {
		uint32_t count = 0;

		for (uint32_t i = 0; i < rows->count; i++)
			count += is_alone(rows, &rows->rows[i], lane);
		rows->alone[lane] =
			calloc(count + 1, sizeof(*rows->alone[lane]));
		if (!rows->alone[lane])
			return false;
		count = 0;
		for (uint32_t i = 0; i < rows->count; i++)
			if (is_alone(rows, &rows->rows[i], lane))
				rows->alone[lane][count++] = stretch_of(rows,
					row_packet(rows, &rows->rows[i], lane),
					lane);
		qsort(rows->alone[lane], count, sizeof(*rows->alone[lane]),
			by_start);
		rows->alone_count[lane] = join(rows->alone[lane], count);
	}
	return true;
}

bool row_is_covered(
	const struct row_set *rows, const struct packet_row *row, unsigned lane)
{
	unsigned first = row_first(rows, row);
	const struct seen_packet *own = row_packet(rows, row, first);
	uint32_t low = 0, high = rows->alone_count[lane];
	struct stretch stretch = stretch_of(rows, own, first);

	if (own->payload_bytes == 0)
		return false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (rows->alone[lane][middle].end < stretch.end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rows->alone_count[lane] &&
	       rows->alone[lane][low].start <= stretch.start;
}
