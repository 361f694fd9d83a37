/* Bounded reading of foreign bytes.
 *
 * A cursor knows how many bytes were captured from where it stands (`left`)
 * and how many more were on the wire behind those (`beyond`): a snap length
 * takes bytes from a capture, not from the packet. Reads past the captured
 * bytes return 0 and leave the cursor short for good, so a header is read
 * straight through and the cursor asked once.
 *
 * It is counted in bytes left, not by an end pointer, because a compiler can
 * follow a count: after `if (cursor.left >= 20)` it drops the checks of the
 * next 20 bytes' reads. */
#ifndef CAPTURE_CURSOR_H
#define CAPTURE_CURSOR_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at; /* NULL: a read ran short */
	uint32_t left;	   /* captured bytes from `at` on */
	uint32_t beyond;   /* bytes of the wire behind them, not captured */
};

/* A cursor over `captured` bytes of `wire` bytes; a wire length below what
 * was captured is raised to it. */
static inline struct cursor cursor_on(
	const uint8_t *bytes, uint32_t captured, uint32_t wire)
{
	return (struct cursor){.at = bytes,
		.left = bytes ? captured : 0,
		.beyond = wire > captured ? wire - captured : 0};
}

static inline bool cursor_is_short(const struct cursor *cursor)
{
	return !cursor->at;
}

/* Bytes of the wire from here on, captured or not. */
static inline uint64_t cursor_wire_bytes(const struct cursor *cursor)
{
	return (uint64_t)cursor->left + cursor->beyond;
}

/* Whether `bytes` can be read; makes the cursor short if they can't. */
static inline bool cursor_need(struct cursor *cursor, uint32_t bytes)
{
	if (__builtin_expect(cursor->left >= bytes && cursor->at, 1))
		return true;
	cursor->at = NULL;
	cursor->left = 0;
	return false;
}

static inline void cursor_skip(struct cursor *cursor, uint32_t bytes)
{
	if (!cursor_need(cursor, bytes))
		return;
	cursor->at += bytes;
	cursor->left -= bytes;
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
	uint8_t value;

	if (!cursor_need(cursor, 1))
		return 0;
	value = cursor->at[0];
	cursor->at += 1;
	cursor->left -= 1;
	return value;
}

/* Numbers in network order, returned in the host's. */
static inline uint16_t cursor_u16(struct cursor *cursor)
{
	uint16_t value;

	if (!cursor_need(cursor, sizeof(value)))
		return 0;
	memcpy(&value, cursor->at, sizeof(value));
	cursor->at += sizeof(value);
	cursor->left -= (uint32_t)sizeof(value);
	return be16toh(value);
}

static inline uint32_t cursor_u32(struct cursor *cursor)
{
	uint32_t value;

	if (!cursor_need(cursor, sizeof(value)))
		return 0;
	memcpy(&value, cursor->at, sizeof(value));
	cursor->at += sizeof(value);
	cursor->left -= (uint32_t)sizeof(value);
	return be32toh(value);
}

/* Little-endian, for the headers that are (radiotap, 802.11, PKTAP). */
static inline uint16_t cursor_u16_little(struct cursor *cursor)
{
	return __builtin_bswap16(cursor_u16(cursor));
}

static inline uint32_t cursor_u32_little(struct cursor *cursor)
{
	return __builtin_bswap32(cursor_u32(cursor));
}

/* Copies `bytes` bytes; leaves `target` alone when there are fewer. */
static inline void cursor_copy(
	struct cursor *cursor, void *target, uint32_t bytes)
{
	if (!cursor_need(cursor, bytes))
		return;
	memcpy(target, cursor->at, bytes);
	cursor->at += bytes;
	cursor->left -= bytes;
}

/* Looks ahead without moving: the byte, or -1 when it was not captured. */
static inline int cursor_peek(const struct cursor *cursor, uint32_t offset)
{
	if (!cursor->at || offset >= cursor->left)
		return -1;
	return cursor->at[offset];
}

/* Two bytes ahead in network order, or -1. */
static inline int cursor_peek_u16(const struct cursor *cursor, uint32_t offset)
{
	int high = cursor_peek(cursor, offset);
	int low = cursor_peek(cursor, offset + 1);

	return high < 0 || low < 0 ? -1 : high << 8 | low;
}

/* A cursor of its own over the next `wire` bytes, for a nested length. What
 * the parent has no bytes for counts as not captured, even when the length
 * claims more than the parent holds: the caller compares where it matters. */
static inline struct cursor cursor_cut(
	const struct cursor *cursor, uint32_t wire)
{
	return cursor_on(
		cursor->at, cursor->left < wire ? cursor->left : wire, wire);
}

#endif
