/* The file of a partial result that is being written: compressed bytes and the
 * frames beside them (capture/file/partial_format.h), with a checksum of all.
 * The first failure is kept, and fails every later call. */
#ifndef CAPTURE_FILE_PARTIAL_OUTPUT_H
#define CAPTURE_FILE_PARTIAL_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "capture/failure.h"

struct partial_output {
	int descriptor;
	char *path;
	struct ZSTD_CCtx_s *zstd;
	uint8_t *compressed;
	size_t capacity_bytes; /* of that */
	uint32_t crc;	       /* of all that was written */
	bool has_failed;
	struct failure failure;
};

/* Takes the descriptor over; `path` names it in sentences. False without
 * memory; it is to be closed in any case. */
bool partial_output_on(
	struct partial_output *output, int descriptor, const char *path);
/* Closes and frees; false when something failed, now or before. */
bool partial_output_close(struct partial_output *output);

/* Keeps that failure; always false. */
bool partial_output_fail(struct partial_output *output, const char *why);
bool partial_output_write(
	struct partial_output *output, const void *bytes, size_t count);
/* Begins a skippable frame of so many bytes and `more_bytes` behind them. */
bool partial_output_skippable(struct partial_output *output, const void *bytes,
	size_t count, size_t more_bytes);
/* Compresses the next bytes of the one compressed frame, which `is_end` ends.
 */
bool partial_output_compress(struct partial_output *output, const void *bytes,
	size_t count, bool is_end);

#endif
