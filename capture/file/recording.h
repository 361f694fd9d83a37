/* Recordings: capture files, standard input, read as one stream of frames. */
#ifndef CAPTURE_FILE_RECORDING_H
#define CAPTURE_FILE_RECORDING_H

#include <signal.h>

#include "capture/failure.h"
#include "capture/frame.h"

struct recording; /* one or several files, read one after the other */

struct recording_interface {
	uint16_t linktype;
	uint32_t snap_bytes;	  /* 0: not limited */
	int64_t ticks_per_second; /* of its time stamps */
	char name[64];		  /* foreign bytes; "" when not recorded */
};

/* Opens the files and reads nothing of them. "-" is standard input. NULL and a
 * sentence in `failure` when one of them can't be opened. */
struct recording *recording_open(
	const char *const *paths, unsigned path_count, struct failure *failure);

/* Reads what tells how to go on, before the first recording_read: formats
 * (pcap, pcapng) and compression (gzip, zstd, xz) are told by content, and
 * several files are put into the order of their first time stamps; they stay in
 * the order given where one of them can be read only once (a FIFO, standard
 * input that is no plain file). False and a sentence when one of them is no
 * capture, or when the only one is empty. */
bool recording_begin(struct recording *recording, struct failure *failure);
void recording_close(struct recording *recording);

/* For one file of which nothing has been read: whether it can be read more than
 * once, and then the time of its first frame (INT64_MAX: none has a time) and
 * in `batch` the first frames, after which it stands at its beginning again.
 * False and a sentence when it is no capture; one that is empty is only told in
 * its turn. */
bool recording_is_seekable(const struct recording *recording);
bool recording_peek(struct recording *recording, struct batch *batch,
	int64_t *first_time_ns, struct failure *failure);

/* For one file of which nothing has been read: as partial_check. */
struct partial_info;
bool recording_check_partial(struct recording *recording,
	struct partial_info *info, struct failure *failure);

/* The first frame is number `before` + 1, for a recording of which nothing has
 * been read. */
void recording_number_after(struct recording *recording, uint64_t before);

/* Appends the one file of `other`, of which nothing has been read: it goes on
 * where the files of `recording` end, and `other` is gone. False without
 * memory; then both are as they were. */
bool recording_append(struct recording *recording, struct recording *other);

/* The open files of a recording of which nothing has been read, in any order:
 * how many there are, and of one the descriptor and, in `*name`, what messages
 * call it, which lives as long as the recording. */
unsigned recording_input_count(const struct recording *recording);
int recording_input(
	const struct recording *recording, unsigned index, const char **name);

enum reading { READING_MORE, READING_END, READING_CUT };

/* Fills `batch` with the next frames, and keeps no pointer into it.
 * READING_MORE: at least one frame. From a pipe they are handed out as soon as
 * they arrive whole; only when there is none does the call wait.
 * READING_CUT: an input ended early or is damaged, and `failure` says in which
 * file, at which byte and packet. The frames before that were delivered by
 * earlier calls, there are none in this one, and the next call goes on with
 * the next file.
 * READING_END: no frames, and no more to come. */
enum reading recording_read(struct recording *recording, struct batch *batch,
	struct failure *failure);

/* What decompressing a file may take of memory: before anything is read. */
void recording_limit_memory(struct recording *recording, uint64_t bytes);
/* How much of that the files that have begun may take; 0 where none of them is
 * compressed, or by gzip, which takes next to nothing. */
uint64_t recording_window_bytes(const struct recording *recording);

/* The files grow, and are waited for: see source_follow. Before anything is
 * read, and with recording_stop_on. */
void recording_follow(struct recording *recording);

/* Called while recording_read waits, after each second in which no byte came,
 * with how long it has waited: see source_on_silence. All frames that came were
 * handed out before. */
void recording_on_silence(struct recording *recording,
	void (*call)(void *context, int64_t waited_ns), void *context);

/* Lets recording_read return READING_END soon after `*is_stopped` is set, by a
 * signal in whatever thread, also while it waits for a pipe. */
void recording_stop_on(
	struct recording *recording, const volatile sig_atomic_t *is_stopped);

/* Frames so far with more bytes captured than there were on the wire, or with
 * a time stamp that can't be. They are delivered, with these values set to
 * the nearest possible ones (time: INT64_MIN where there is none). */
uint64_t recording_odd_frames(const struct recording *recording);

/* The comment of the first pcapng section, as much as fits in 511 bytes:
 * foreign bytes; "" before the first read and where there is none. It does not
 * change once frames were read. */
const char *recording_comment(const struct recording *recording);
/* The comment of the last interface statistics that have one, as much as fits
 * in 511 bytes: foreign bytes; "" where there is none. For when reading is
 * over. */
const char *recording_end_comment(const struct recording *recording);

/* The interfaces seen so far. Later batches may add to them, so these are for
 * the thread that reads, or for when it is done. Interfaces of equal
 * description at the same place in following files or sections are one. */
unsigned recording_interface_count(const struct recording *recording);
const struct recording_interface *recording_interface(
	const struct recording *recording, unsigned index);

/* Turns a number over all files into file and number in it, as Wireshark
 * counts; of a partial result (capture/file/partial_format.h) that is the
 * capture file that it is of. The path lives as long as the recording. */
const char *recording_locate(const struct recording *recording,
	uint64_t frame_number, uint64_t *number_in_file);

/* Bytes consumed so far and the total, for a progress line, both as they lie
 * on disk; total 0 when it is not known (standard input). For the thread that
 * reads. */
void recording_progress(const struct recording *recording, uint64_t *done_bytes,
	uint64_t *total_bytes);

#endif
