/* Objects that are mostly zeros, without their zeros: of each 32 words of four
 * bytes a mask of those that are not zero, and those words; before all that a
 * mask of the groups that have any. */
#ifndef ANALYSIS_OBSERVE_PACKED_H
#define ANALYSIS_OBSERVE_PACKED_H

#include <stddef.h>
#include <stdint.h>

enum {
	PACKED_GROUP = 32,		       /* words */
	PACKED_WORDS_MOST = 32 * PACKED_GROUP, /* of an object: 4 KiB */
};

/* The most that an object of so many bytes takes. */
#define PACKED_BYTES(bytes)                                                    \
	((bytes) + 4 + 4 * (((bytes) / 4 + PACKED_GROUP - 1) / PACKED_GROUP))

/* `bytes`, of the object, are a multiple of four. Returns how many words were
 * written; there has to be room for PACKED_BYTES. */
size_t packed_write(const void *object, size_t bytes, uint32_t *packed);
/* The same way back. Returns how many words were read. */
size_t packed_read(const uint32_t *packed, void *object, size_t bytes);
/* The same, to an object that is all zeros. */
size_t packed_read_over_zeros(const uint32_t *packed, void *object);

#endif
