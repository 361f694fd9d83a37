/* Writes pcapng with comments: the probe's recording, `capture -w`, the
 * annotated copies that Wireshark opens. A full disk or a closed pipe fails
 * the call that met it, every later one, and recording_writer_close, which
 * says why; SIGPIPE is to be ignored by the program. */
#ifndef CAPTURE_FILE_RECORDING_WRITER_H
#define CAPTURE_FILE_RECORDING_WRITER_H

#include "capture/failure.h"
#include "capture/frame.h"

struct recording_writer;

/* Begins a recording on a descriptor, which it takes over; `path` names it in
 * sentences, "-" being standard output. `comment` (UTF-8, may be NULL) goes
 * into the section header, which is handed to the kernel at once; where that
 * fails, the failure is kept for recording_writer_close. NULL without
 * memory. */
struct recording_writer *recording_writer_on(int descriptor, const char *path,
	const char *comment, struct failure *failure);

/* Declares an interface; returns its index for the frames that follow, or -1
 * when writing failed (the failure is kept for recording_writer_close). */
int recording_writer_interface(struct recording_writer *writer,
	uint16_t linktype, uint32_t snap_bytes, const char *name);

/* Appends one frame, time in nanoseconds, with `comments` (may be NULL):
 * UTF-8, one option each, of which 65535 bytes are kept. frame->interface is
 * what recording_writer_interface returned. A frame without a time is written
 * with time 0. Nothing is kept of `frame`. */
bool recording_writer_frame(struct recording_writer *writer,
	const struct frame *frame, const char *const *comments,
	unsigned comment_count);

/* Hands everything so far to the kernel as whole blocks. */
bool recording_writer_flush(struct recording_writer *writer);

/* Writes interface statistics (UINT64_MAX: not known). */
bool recording_writer_statistics(struct recording_writer *writer,
	unsigned interface, uint64_t received, uint64_t dropped);

/* Writes what is to be said at the end, UTF-8, as a comment of interface
 * statistics. */
bool recording_writer_end_comment(struct recording_writer *writer,
	unsigned interface, const char *comment);

/* How large the file is, or will be with the next flush. */
uint64_t recording_writer_bytes(const struct recording_writer *writer);

/* Flushes and closes; false with the first failure of all calls. */
bool recording_writer_close(
	struct recording_writer *writer, struct failure *failure);

#endif
