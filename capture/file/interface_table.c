#include "capture/file/interface_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"

static bool is_same(const struct recording_interface *one,
	const struct recording_interface *other)
{
	return one->linktype == other->linktype &&
	       one->snap_bytes == other->snap_bytes &&
	       one->ticks_per_second == other->ticks_per_second &&
	       strcmp(one->name, other->name) == 0;
}

static bool has_room(struct interface_table *table)
{
	if (table->count >= RECORDING_INTERFACES)
		return false;
	struct recording_interface *rows = array_grown(
		table->rows, table->count, &table->capacity, sizeof(*rows));

	if (rows)
		table->rows = rows;
	return rows != NULL;
}

uint32_t interface_table_add(struct interface_table *table, unsigned position,
	const struct recording_interface *interface)
{
	assert(position < SECTION_INTERFACES);
	assert(position <= table->section_rows);
	if (position < table->section_rows) {
		uint32_t row = table->section[position];
		if (is_same(&table->rows[row], interface))
			return row;
	}
	if (!has_room(table))
		return UINT32_MAX;
	table->rows[table->count] = *interface;
	table->section[position] = table->count;
	if (position == table->section_rows)
		table->section_rows++;
	return table->count++;
}

void interface_table_clear(struct interface_table *table)
{
	free(table->rows);
	piece_table_clear(&table->pieces);
	*table = (struct interface_table){.rows = NULL};
}
