/* Recordings: capture files, standard input, read as one stream of frames. */
#ifndef CAPTURE_RECORDING_H
#define CAPTURE_RECORDING_H

#include "capture/failure.h"
#include "capture/frame.h"

struct recording; /* one or several files, read one after the other */

struct recording_interface {
	uint16_t linktype;
	uint32_t snap_bytes; /* 0: not limited */
	int64_t ticks_per_second; /* of its time stamps */
	char name[64];		  /* foreign bytes; "" when not recorded */
};

/* Opens the files in the order of their first time stamps. "-" is standard
 * input. Formats (pcap, pcapng) and compression (gzip, zstd, xz) are told by
 * content. Reads nothing beyond the first header. NULL and a sentence in
 * `failure` when any of them can't be opened or is no capture. */
struct recording *recording_open(const char *const *paths, unsigned path_count,
	struct failure *failure);
void recording_close(struct recording *recording);

enum reading { READING_MORE, READING_END, READING_CUT };

/* Fills `batch` with the next frames (at least one unless it is the end).
 * READING_CUT: an input ended early or is damaged; `failure` says in which
 * file, at which byte and packet; the frames before it were delivered, and
 * reading goes on with the next file if there is one. */
enum reading recording_read(struct recording *recording, struct batch *batch,
	struct failure *failure);

/* The interfaces seen so far. Later batches may add to them. */
unsigned recording_interface_count(const struct recording *recording);
const struct recording_interface *recording_interface(
	const struct recording *recording, unsigned index);

/* Turns a number over all files into file and number in it, as Wireshark
 * counts. The path lives as long as the recording. */
const char *recording_locate(const struct recording *recording,
	uint64_t frame_number, uint64_t *number_in_file);

/* Bytes consumed so far and the total, for a progress line; total 0 when it
 * is not known (standard input). */
void recording_progress(const struct recording *recording,
	uint64_t *done_bytes, uint64_t *total_bytes);

#endif
