/* Frames as they were recorded, in batches that own their bytes.
 *
 * A batch is what moves between threads: the reader fills its buffer with one
 * read, points the frames into it and never touches it again until it is
 * handed back. Nothing is copied per frame. */
#ifndef CAPTURE_FRAME_H
#define CAPTURE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet;

enum {
	BATCH_FRAMES = 512,
	BATCH_LEAST_BYTES = 16 * 1024,
	BATCH_USUAL_BYTES = 256 * 1024,
};

/* Which way a frame crossed the recording interface, where that is known. */
enum frame_direction {
	FRAME_ANY_WAY,
	FRAME_INBOUND,
	FRAME_OUTBOUND,
	FRAME_DIRECTION_COUNT
};

struct frame {
	int64_t time_ns; /* since the epoch; INT64_MIN when not recorded */
	uint64_t number; /* over all files of the recording, from 1 */
	const uint8_t *bytes;
	uint32_t captured_bytes; /* in `bytes` */
	uint32_t original_bytes; /* on the wire, at least captured_bytes */
	uint32_t interface;	 /* index into the recording's interfaces */
	uint16_t linktype;	 /* LINKTYPE_ number, see capture/linktype.h */
	uint8_t direction;	 /* enum frame_direction */
};

struct batch {
	uint8_t *bytes;
	size_t capacity_bytes;
	size_t used_bytes;
	uint32_t count; /* frames and packets in use, at most BATCH_FRAMES */
	unsigned place; /* capture point, where there are several */
	struct frame frames[BATCH_FRAMES];
	struct packet *packets; /* BATCH_FRAMES of them */
};

/* Returns an empty batch, to be freed with batch_free, or NULL without
 * memory. `capacity_bytes` (BATCH_USUAL_BYTES) is a start: readers grow it for
 * larger frames and shrink it afterwards. */
struct batch *batch_new(size_t capacity_bytes);

/* Changes the buffer's size and keeps what fits of its bytes; frames that
 * point into it are lost. False, and nothing changed, without memory. */
bool batch_resize(struct batch *batch, size_t capacity_bytes);
void batch_free(struct batch *batch);

#endif
