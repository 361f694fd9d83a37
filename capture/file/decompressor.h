/* gzip, zstd and xz behind one face: some bytes in, some bytes out. */
#ifndef CAPTURE_FILE_DECOMPRESSOR_H
#define CAPTURE_FILE_DECOMPRESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decoder;

enum {
	DECODER_MAGIC_BYTES = 6, /* needed to recognise any of them */
};

enum decoder_state {
	DECODER_WITHIN,	 /* more input is needed */
	DECODER_BETWEEN, /* the input may end here, or another stream begin */
	DECODER_DAMAGED, /* decoder_problem says what is wrong */
	DECODER_STARVED, /* there is no memory to go on */
};

struct decoder_step {
	const uint8_t *in; /* advanced by what was taken */
	size_t in_bytes;
	uint8_t *out; /* advanced by what was made */
	size_t out_bytes;
	bool is_last; /* `in` is all that will come */
};

/* The decoder for data that begins so, or NULL when none knows it.
 * `*is_out_of_memory` tells the two reasons apart. To be freed with
 * decoder_free. */
struct decoder *decoder_new(
	const uint8_t *magic, size_t magic_bytes, bool *is_out_of_memory);
void decoder_free(struct decoder *decoder);
const char *decoder_name(const struct decoder *decoder);
const char *decoder_problem(const struct decoder *decoder);

/* Goes on as far as input and room for output allow. */
enum decoder_state decoder_run(
	struct decoder *decoder, struct decoder_step *step);

#endif
