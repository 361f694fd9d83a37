/* gzip, zstd and xz behind one interface: some bytes in, some bytes out. */
#ifndef CAPTURE_FILE_DECOMPRESSOR_H
#define CAPTURE_FILE_DECOMPRESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decompressor;

enum {
	DECOMPRESSOR_MAGIC_BYTES = 6, /* needed to recognise any of them */
	/* Enough for the largest windows that `xz -9` and `zstd --ultra -22`
	 * use, too little for a hostile header. */
	DECOMPRESSOR_MEMORY_BYTES = 256 * 1024 * 1024,
};

enum decompressor_state {
	DECOMPRESSOR_WITHIN,  /* more input is needed */
	DECOMPRESSOR_BETWEEN, /* the input may end, or another stream begin */
	DECOMPRESSOR_DAMAGED, /* decompressor_problem says what is wrong */
	DECOMPRESSOR_STARVED, /* there is no memory to go on */
	DECOMPRESSOR_LIMITED, /* nor may it have so much */
};

struct decompressor_step {
	const uint8_t *in; /* advanced by what was taken */
	size_t in_bytes;
	uint8_t *out; /* advanced by what was made */
	size_t out_bytes;
	bool is_last; /* `in` is all that will come */
};

/* The decompressor for data with this magic, or NULL for an unknown one.
 * `*is_out_of_memory` tells the two reasons apart. Windows take at most
 * `memory_bytes`, and DECOMPRESSOR_MEMORY_BYTES. To be freed with
 * decompressor_free. */
struct decompressor *decompressor_new(const uint8_t *magic, size_t magic_bytes,
	uint64_t memory_bytes, bool *is_out_of_memory);
void decompressor_free(struct decompressor *decompressor);
const char *decompressor_name(const struct decompressor *decompressor);
/* Whether its window may be large: that of gzip is 32 KB. */
bool decompressor_has_window(const struct decompressor *decompressor);
const char *decompressor_problem(const struct decompressor *decompressor);

/* Goes on as far as input and room for output allow. */
enum decompressor_state decompressor_run(
	struct decompressor *decompressor, struct decompressor_step *step);

#endif
