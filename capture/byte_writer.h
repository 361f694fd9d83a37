/* Writing of headers in network order into a buffer with an end. A writer
 * that ran full drops everything and says so. A writer over a part of another's
 * bytes comes from write_reserve and is not made by hand. */
#ifndef CAPTURE_BYTE_WRITER_H
#define CAPTURE_BYTE_WRITER_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct byte_writer {
	uint8_t *bytes;
	size_t capacity, used;
	bool is_full;
};

static inline bool write_room(struct byte_writer *writer, size_t bytes)
{
	if (writer->is_full || bytes > writer->capacity - writer->used)
		writer->is_full = true;
	return !writer->is_full;
}

static inline void write_bytes(
	struct byte_writer *writer, const void *from, size_t bytes)
{
	if (bytes == 0 || !write_room(writer, bytes))
		return;
	memcpy(writer->bytes + writer->used, from, bytes);
	writer->used += bytes;
}

static inline void write_zeros(struct byte_writer *writer, size_t bytes)
{
	if (bytes == 0 || !write_room(writer, bytes))
		return;
	memset(writer->bytes + writer->used, 0, bytes);
	writer->used += bytes;
}

/* A writer of its own over the next `bytes` bytes, for a header whose values
 * are known only after what follows it; zeros stand there until then. It never
 * reaches beyond them, and is full from the start where they have no room. */
static inline struct byte_writer write_reserve(
	struct byte_writer *writer, size_t bytes)
{
	struct byte_writer part = {
		writer->bytes + writer->used, bytes, 0, false};

	write_zeros(writer, bytes);
	part.is_full = writer->is_full;
	return part;
}

static inline void write_u8(struct byte_writer *writer, uint8_t value)
{
	write_bytes(writer, &value, 1);
}

static inline void write_u16(struct byte_writer *writer, uint16_t value)
{
	uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	write_bytes(writer, bytes, sizeof(bytes));
}

static inline void write_u32(struct byte_writer *writer, uint32_t value)
{
	write_u16(writer, (uint16_t)(value >> 16));
	write_u16(writer, (uint16_t)value);
}

/* The sum of 16-bit words that the internet checksum is made of (RFC 1071);
 * an odd last byte counts as the high half of a word. */
static inline uint32_t bytes_sum(const uint8_t *bytes, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i + 1 < count; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (count % 2 != 0)
		sum += (uint32_t)bytes[count - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)sum;
}

/* Puts the internet checksum of everything from `start` on, plus `sum`, at
 * `place`, where two zeros were written before. */
static inline void write_checksum(
	struct byte_writer *writer, size_t start, size_t place, uint32_t sum)
{
	uint32_t total;

	if (writer->is_full)
		return;
	assert(start <= place && place + 2 <= writer->used);
	total = sum + bytes_sum(writer->bytes + start, writer->used - start);
	total = (total & 0xffff) + (total >> 16);
	total = ~((total & 0xffff) + (total >> 16));
	writer->bytes[place] = (uint8_t)(total >> 8);
	writer->bytes[place + 1] = (uint8_t)total;
}

#endif
