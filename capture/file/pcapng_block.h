/* Puts pcapng blocks together in memory, one behind another, in the byte order
 * of this machine. Whoever hands them on sets `used_bytes` back. */
#ifndef CAPTURE_FILE_PCAPNG_BLOCK_H
#define CAPTURE_FILE_PCAPNG_BLOCK_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/file/pcapng_numbers.h"

struct pcapng_blocks {
	uint8_t *bytes;
	size_t used_bytes, capacity_bytes;
	size_t block_start; /* of the block that is being put together */
};

/* Makes room for so many bytes more. False without memory; then nothing has
 * changed. */
static inline bool pcapng_block_reserve(
	struct pcapng_blocks *blocks, size_t bytes)
{
	uint8_t *larger;

	if (blocks->used_bytes + bytes <= blocks->capacity_bytes)
		return true;
	larger = realloc(blocks->bytes, blocks->used_bytes + bytes);
	if (!larger)
		return false;
	blocks->bytes = larger;
	blocks->capacity_bytes = blocks->used_bytes + bytes;
	return true;
}

/* Appends to the block, padded to four bytes; the room is reserved. */
static inline void pcapng_block_put(
	struct pcapng_blocks *blocks, const void *bytes, size_t count)
{
	size_t padding = -count & 3;

	assert(blocks->used_bytes + count + padding <= blocks->capacity_bytes);
	if (count)
		memcpy(blocks->bytes + blocks->used_bytes, bytes, count);
	memset(blocks->bytes + blocks->used_bytes + count, 0, padding);
	blocks->used_bytes += count + padding;
}

static inline void pcapng_block_u32(
	struct pcapng_blocks *blocks, uint32_t value)
{
	pcapng_block_put(blocks, &value, sizeof(value));
}

static inline void pcapng_block_u16_pair(
	struct pcapng_blocks *blocks, uint16_t first, uint16_t second)
{
	const uint16_t pair[2] = {first, second};

	pcapng_block_put(blocks, pair, sizeof(pair));
}

static inline void pcapng_block_option(struct pcapng_blocks *blocks,
	uint16_t code, const void *value, size_t bytes)
{
	pcapng_block_u16_pair(blocks, code, (uint16_t)bytes);
	pcapng_block_put(blocks, value, bytes);
}

static inline void pcapng_block_begin(
	struct pcapng_blocks *blocks, uint32_t type)
{
	blocks->block_start = blocks->used_bytes;
	pcapng_block_u32(blocks, type);
	pcapng_block_u32(blocks, 0); /* the length, once it is known */
}

static inline void pcapng_block_end(struct pcapng_blocks *blocks)
{
	uint32_t length = (uint32_t)(blocks->used_bytes + sizeof(length) -
				     blocks->block_start);

	pcapng_block_u32(blocks, length);
	memcpy(blocks->bytes + blocks->block_start + 4, &length,
		sizeof(length));
}

#endif
