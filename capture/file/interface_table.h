/* The interfaces of a recording, over all its files and their sections, the
 * comment of the first section, and the capture files that partial results are
 * of. */
#ifndef CAPTURE_FILE_INTERFACE_TABLE_H
#define CAPTURE_FILE_INTERFACE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/file/piece_table.h"
#include "capture/file/recording.h"

enum {
	SECTION_INTERFACES = 4096,    /* of one section of one file */
	RECORDING_INTERFACES = 65536, /* of all together */
};

struct interface_table {
	struct recording_interface *rows;
	uint32_t count, capacity;
	uint32_t section[SECTION_INTERFACES]; /* row of each interface of the
						 current section, or of the one
						 before where it has not been
						 declared again yet */
	unsigned section_rows;		      /* valid ones of `section` */
	bool has_section;  /* the first section's header was read */
	char comment[512]; /* of that header; foreign bytes, "" if none */
	char end_comment[512]; /* of the last statistics with one */
	struct piece_table pieces;
};

/* Adds the interface that is number `position` of its section and returns its
 * row. An interface with the same description at the same position of the
 * section (or file) before is the same interface: a rotated capture goes on,
 * and a connection is not torn apart at the seam. UINT32_MAX when the table
 * is full (RECORDING_INTERFACES) or without memory.
 * `position` is below SECTION_INTERFACES and at most one above those that
 * were declared. */
uint32_t interface_table_add(struct interface_table *table, unsigned position,
	const struct recording_interface *interface);
void interface_table_clear(struct interface_table *table);

#endif
