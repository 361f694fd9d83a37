#include "analysis/compare/row_cover.h"

#include <stdlib.h>

#include "capture/sequence.h"

static bool is_alone(const struct row_set *rows, const struct packet_row *row,
	unsigned lane, unsigned other)
{
	const struct seen_packet *packet = row_packet(rows, row, lane);

	return packet && packet->payload_bytes && !(packet->flags & TCP_RST) &&
	       !row->at[other];
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

/* What `lane` has and `other` has not. */
static bool make_alone(struct row_set *rows, unsigned lane, unsigned other)
{
	struct stretch *alone;
	uint32_t count = 0;

	for (uint32_t i = 0; i < rows->count; i++)
		count += is_alone(rows, &rows->rows[i], lane, other);
	if (count == 0)
		return true;
	alone = calloc(count, sizeof(*alone));
	if (!alone)
		return false;
	count = 0;
	for (uint32_t i = 0; i < rows->count; i++)
		if (is_alone(rows, &rows->rows[i], lane, other))
			alone[count++] = stretch_of(rows,
				row_packet(rows, &rows->rows[i], lane), lane);
	qsort(alone, count, sizeof(*alone), by_start);
	rows->alone[lane][other] = alone;
	rows->alone_count[lane][other] = join(alone, count);
	return true;
}

bool row_cover_make(struct row_set *rows)
{
	bool is_made = true;

	if (rows->count)
		rows->base = row_sequence(rows,
			row_packet(rows, &rows->rows[0],
				row_first(rows, &rows->rows[0])),
			row_first(rows, &rows->rows[0]));
	for (unsigned lane = 0; lane < rows->lane_count; lane++)
		for (unsigned other = 0; other < rows->lane_count; other++)
			is_made = is_made && (lane == other ||
						     make_alone(rows, lane,
							     other));
	return is_made;
}

void row_cover_release(struct row_set *rows)
{
	for (unsigned lane = 0; lane < rows->lane_count; lane++)
		for (unsigned other = 0; other < rows->lane_count; other++)
			free(rows->alone[lane][other]);
}

/* The first stretch that ends behind `start`, or `count`. */
static uint32_t stretch_behind(
	const struct stretch *alone, uint32_t count, int32_t start)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (alone[middle].end <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool row_cover_lacks(const struct row_set *rows, const struct packet_row *row,
	unsigned from, unsigned lane, uint32_t *sequence, uint32_t *end)
{
	const struct stretch *alone = rows->alone[lane][from];
	const struct seen_packet *own = row_packet(rows, row, from);
	uint32_t count = rows->alone_count[lane][from], i;
	struct stretch lacks = stretch_of(rows, own, from);
	bool is_empty = own->payload_bytes == 0;

	i = stretch_behind(alone, count, lacks.start);
	if (i < count && alone[i].start <= lacks.start && !is_empty)
		lacks.start = alone[i++].end;
	if (i < count && alone[i].start < lacks.end)
		lacks.end = alone[i].start;
	*sequence = rows->base + (uint32_t)lacks.start;
	*end = rows->base + (uint32_t)lacks.end;
	return is_empty || lacks.start < lacks.end;
}
