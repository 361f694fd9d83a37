/* Writes partial results (capture/file/partial_format.h). What fails (a full
 * disk) fails the call that met it and every later one; partial_writer_end says
 * why. */
#ifndef CAPTURE_FILE_PARTIAL_WRITER_H
#define CAPTURE_FILE_PARTIAL_WRITER_H

#include "capture/failure.h"
#include "capture/file/recording.h"
#include "capture/frame.h"

struct partial_writer;

/* Writes to a descriptor, which it takes over; `path` names it in sentences.
 * `filter`: of the frames, NULL: none. NULL without memory. */
struct partial_writer *partial_writer_on(int descriptor, const char *path,
	const char *filter, struct failure *failure);

/* Begins a capture file of that name. */
bool partial_writer_file(struct partial_writer *writer, const char *name);
/* Describes the file's next interface, number 0 being the first. */
bool partial_writer_interface(struct partial_writer *writer,
	const struct recording_interface *interface);
/* So many numbers of the file have no frame here. */
bool partial_writer_skip(struct partial_writer *writer, uint64_t count);
/* The file's next frame; frame->interface is the number of an interface that
 * was described, and is of the frame's link type. */
bool partial_writer_frame(
	struct partial_writer *writer, const struct frame *frame);

/* Makes it whole and closes it; `cut` says why a file was not read to its end,
 * NULL: all were. False with the first failure of all calls. */
bool partial_writer_end(struct partial_writer *writer, const char *cut,
	struct failure *failure);
/* Closes it as it is: not whole. */
void partial_writer_abandon(struct partial_writer *writer);

#endif
