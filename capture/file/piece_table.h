/* Which capture files the frames of partial results were in
 * (capture/file/partial_format.h). */
#ifndef CAPTURE_FILE_PIECE_TABLE_H
#define CAPTURE_FILE_PIECE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct piece {
	uint64_t frames_before; /* of the recording */
	char *path;		/* of the capture file */
};

struct piece_table {
	struct piece *rows; /* in the order of frames_before */
	uint32_t count, capacity;
};

/* From the next frame on, frames are of that file. False without memory. */
bool piece_table_add(
	struct piece_table *table, uint64_t frames_before, const char *path);
/* The file of a frame, of those that begin after `frames_before` others; NULL:
 * there is none. */
const struct piece *piece_table_find(const struct piece_table *table,
	uint64_t frames_before, uint64_t frame_number);
void piece_table_clear(struct piece_table *table);

#endif
