/* Shared by recording.c (files, their order, their places) and
 * recording_read.c (batches); no other file includes it, but a test. */
#ifndef CAPTURE_FILE_RECORDING_STATE_H
#define CAPTURE_FILE_RECORDING_STATE_H

#include "capture/file/file_pcap.h"
#include "capture/file/file_pcapng.h"
#include "capture/file/interface_table.h"
#include "capture/file/recording.h"
#include "capture/file/source.h"

enum format { FORMAT_PCAP, FORMAT_PCAPNG };

struct input {
	char *path;
	struct source *source;	/* NULL once it has been read */
	int64_t first_time_ns;	/* orders files; INT64_MAX: none */
	uint64_t frames_before; /* in the files before; valid once begun */
	uint64_t done_bytes, total_bytes; /* once it has been read */
	unsigned given; /* place among the paths as given */
	bool is_begun;
};

struct recording {
	struct input *inputs;
	unsigned input_count, current;
	struct interface_table interfaces;
	uint64_t number; /* of the last frame, over all files */
	uint64_t odd_frames;
	const volatile sig_atomic_t *is_stopped; /* NULL: never */
	size_t usual_bytes;			 /* that a full batch takes */

	/* of the current input */
	enum format format;
	struct file_pcap pcap;
	struct file_pcapng pcapng;
	bool is_source_ended, is_source_failed;
	struct failure source_failure;
	uint64_t offset; /* of the first carried byte, decompressed */
	uint8_t *carried;
	size_t carried_bytes, carried_capacity;

	bool is_cut; /* to be told by the next call, after the frames */
	struct failure cut;
};

/* Reads one batch of the current input, which is begun, until there are frames
 * or it is over. Says which by the batch's count, and leaves what went wrong in
 * recording->cut. */
void recording_read_frames(struct recording *recording, struct batch *batch);

/* Reads the header of the current input, which says what to expect. False when
 * it is no capture. */
bool recording_begin_input(
	struct recording *recording, struct failure *failure);

/* The input that holds the frame with this number over all files; `steps`: the
 * inputs that were looked at. */
unsigned recording_input_of(const struct recording *recording,
	uint64_t frame_number, unsigned *steps);

#endif
