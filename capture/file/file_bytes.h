/* Loads from the structure of capture files, whose byte order is the one of
 * the machine that wrote them. Offsets that lie outside give zero, so that no
 * file can make a reader leave its buffer; lengths are still compared by the
 * callers, who know what a short block means. */
#ifndef CAPTURE_FILE_FILE_BYTES_H
#define CAPTURE_FILE_FILE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct file_bytes {
	const uint8_t *bytes;
	size_t length;
	bool is_swapped; /* against this machine */
};

static inline uint32_t file_u32(struct file_bytes from, size_t at)
{
	uint32_t value;

	if (from.length < sizeof(value) || at > from.length - sizeof(value))
		return 0;
	memcpy(&value, from.bytes + at, sizeof(value));
	return from.is_swapped ? __builtin_bswap32(value) : value;
}

static inline uint16_t file_u16(struct file_bytes from, size_t at)
{
	uint16_t value;

	if (from.length < sizeof(value) || at > from.length - sizeof(value))
		return 0;
	memcpy(&value, from.bytes + at, sizeof(value));
	return from.is_swapped ? __builtin_bswap16(value) : value;
}

static inline uint64_t file_u64(struct file_bytes from, size_t at)
{
	uint64_t value;

	if (from.length < sizeof(value) || at > from.length - sizeof(value))
		return 0;
	memcpy(&value, from.bytes + at, sizeof(value));
	return from.is_swapped ? __builtin_bswap64(value) : value;
}

static inline uint8_t file_u8(struct file_bytes from, size_t at)
{
	return at < from.length ? from.bytes[at] : 0;
}

/* The part [at, at + length), as far as it exists. */
static inline struct file_bytes file_part(
	struct file_bytes from, size_t at, size_t length)
{
	if (at > from.length)
		at = from.length;
	if (length > from.length - at)
		length = from.length - at;
	return (struct file_bytes){from.bytes + at, length, from.is_swapped};
}

#endif
