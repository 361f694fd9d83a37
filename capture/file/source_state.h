/* The inside of a source, shared by the files that read it. */
#ifndef CAPTURE_FILE_SOURCE_STATE_H
#define CAPTURE_FILE_SOURCE_STATE_H

#include "capture/file/decompressor.h"
#include "capture/file/source.h"

struct source {
	char *path;
	int descriptor;
	bool is_file;
	bool is_followed; /* a file that grows */
	int64_t start; /* where a file's bytes begin: they are read by place */
	const volatile sig_atomic_t *is_stopped; /* NULL: never */
	void (*on_silence)(void *context, int64_t waited_ns); /* or NULL */
	void *context;
	bool is_begun; /* the magic has been looked at */
	bool is_ended; /* the descriptor has no more */
	uint64_t taken_bytes, total_bytes;
	struct decompressor *decompressor; /* NULL: not compressed */
	uint8_t magic[DECOMPRESSOR_MAGIC_BYTES];
	size_t magic_bytes; /* read to recognise, not yet handed on */
	size_t magic_given;
	uint8_t *packed; /* PACKED_BYTES, with a decompressor only */
	const uint8_t *packed_rest;
	size_t packed_rest_bytes;
	uint64_t made_bytes;
	uint64_t memory_bytes; /* for decompression */
};

/* The sentence for an error number; false. */
bool source_say_why_not(
	const struct source *source, int error, struct failure *failure);

#endif
