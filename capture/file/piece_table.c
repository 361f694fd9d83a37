#include "capture/file/piece_table.h"

#include <stdlib.h>
#include <string.h>

#include "capture/array.h"

bool piece_table_add(
	struct piece_table *table, uint64_t frames_before, const char *path)
{
	struct piece *rows = array_grown(
		table->rows, table->count, &table->capacity, sizeof(*rows));
	char *copy = rows ? strdup(path) : NULL;

	if (rows)
		table->rows = rows;
	if (!copy)
		return false;
	rows[table->count++] =
		(struct piece){.frames_before = frames_before, .path = copy};
	return true;
}

const struct piece *piece_table_find(const struct piece_table *table,
	uint64_t frames_before, uint64_t frame_number)
{
	uint32_t from = 0, end = table->count;

	/* the last that begins before the frame */
	while (from < end) {
		uint32_t middle = from + (end - from) / 2;

		if (table->rows[middle].frames_before < frame_number)
			from = middle + 1;
		else
			end = middle;
	}
	return from > 0 && table->rows[from - 1].frames_before >= frames_before
		       ? &table->rows[from - 1]
		       : NULL;
}

void piece_table_clear(struct piece_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		free(table->rows[i].path);
	free(table->rows);
	*table = (struct piece_table){.rows = NULL};
}
