/* Builds capture files byte by byte, of either byte order, and reads them back
 * through the public reader. */
#ifndef TESTS_SUPPORT_CAPTURE_BYTES_H
#define TESTS_SUPPORT_CAPTURE_BYTES_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/open_recording.h"

enum { BYTES_MOST = 1 << 20 };

struct bytes {
	uint8_t *data;
	size_t length;
	bool is_swapped; /* from here on */
};

static inline struct bytes bytes_new(bool is_swapped)
{
	struct bytes bytes = {malloc(BYTES_MOST), 0, is_swapped};

	assert_non_null(bytes.data);
	return bytes;
}

static inline void put(struct bytes *bytes, const void *data, size_t length)
{
	assert_true(bytes->length + length <= BYTES_MOST);
	if (length)
		memcpy(bytes->data + bytes->length, data, length);
	bytes->length += length;
}

static inline void put16(struct bytes *bytes, uint16_t value)
{
	if (bytes->is_swapped)
		value = __builtin_bswap16(value);
	put(bytes, &value, sizeof(value));
}

static inline void put32(struct bytes *bytes, uint32_t value)
{
	if (bytes->is_swapped)
		value = __builtin_bswap32(value);
	put(bytes, &value, sizeof(value));
}

static inline void put64(struct bytes *bytes, uint64_t value)
{
	if (bytes->is_swapped)
		value = __builtin_bswap64(value);
	put(bytes, &value, sizeof(value));
}

/* `count` bytes that differ from one frame to the next. */
static inline void put_payload(struct bytes *bytes, unsigned seed, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t byte = (uint8_t)(seed * 31 + i);
		put(bytes, &byte, 1);
	}
}

static inline void pcap_header(struct bytes *bytes, uint32_t magic,
	uint32_t snap_bytes, uint32_t linktype)
{
	put32(bytes, magic);
	put16(bytes, 2);
	put16(bytes, 4);
	put32(bytes, 0);
	put32(bytes, 0);
	put32(bytes, snap_bytes);
	put32(bytes, linktype);
}

static inline void pcap_record(struct bytes *bytes, uint32_t seconds,
	uint32_t fraction, uint32_t captured, uint32_t original)
{
	put32(bytes, seconds);
	put32(bytes, fraction);
	put32(bytes, captured);
	put32(bytes, original);
	put_payload(bytes, seconds, captured);
}

/* A pcapng block is begun, filled, and ended, which sets its lengths. */
static inline size_t begin_block(struct bytes *bytes, uint32_t type)
{
	size_t at = bytes->length;

	put32(bytes, type);
	put32(bytes, 0);
	return at;
}

static inline void set32(struct bytes *bytes, size_t at, uint32_t value)
{
	if (bytes->is_swapped)
		value = __builtin_bswap32(value);
	memcpy(bytes->data + at, &value, sizeof(value));
}

static inline void pad(struct bytes *bytes)
{
	while (bytes->length % 4)
		put(bytes, "", 1);
}

static inline void end_block(struct bytes *bytes, size_t at)
{
	pad(bytes);
	uint32_t length = (uint32_t)(bytes->length - at + 4);
	put32(bytes, length);
	set32(bytes, at + 4, length);
}

static inline void option(
	struct bytes *bytes, uint16_t code, const void *value, uint16_t length)
{
	put16(bytes, code);
	put16(bytes, length);
	put(bytes, value, length);
	pad(bytes);
}

static inline void section(struct bytes *bytes)
{
	size_t at = begin_block(bytes, 0x0a0d0d0a);

	put32(bytes, 0x1a2b3c4d);
	put16(bytes, 1);
	put16(bytes, 0);
	put64(bytes, UINT64_MAX);
	end_block(bytes, at);
}

/* An interface with a time resolution (-1: not said) and offset (0: not
 * said). */
static inline void interface(struct bytes *bytes, uint16_t linktype,
	uint32_t snap_bytes, int resolution, int64_t offset_s)
{
	size_t at = begin_block(bytes, 1);
	uint8_t byte = (uint8_t)resolution;

	put16(bytes, linktype);
	put16(bytes, 0);
	put32(bytes, snap_bytes);
	if (resolution >= 0)
		option(bytes, 9, &byte, 1);
	if (offset_s) {
		put16(bytes, 14);
		put16(bytes, 8);
		put64(bytes, (uint64_t)offset_s);
	}
	end_block(bytes, at);
}

static inline void packet(struct bytes *bytes, uint32_t index, uint64_t ticks,
	unsigned seed, uint32_t captured)
{
	size_t at = begin_block(bytes, 6);

	put32(bytes, index);
	put32(bytes, (uint32_t)(ticks >> 32));
	put32(bytes, (uint32_t)ticks);
	put32(bytes, captured);
	put32(bytes, captured);
	put_payload(bytes, seed, captured);
	end_block(bytes, at);
}

/* What came of reading: copies of the frames, without their bytes, and a
 * checksum over those. */
enum { READ_MOST = 8192 };
struct result {
	bool is_open;
	unsigned count, interfaces, cuts;
	uint64_t odd, checksum;
	struct frame frames[READ_MOST]; /* the first ones */
	char interface_names[4][64];
	struct failure failure; /* of opening, or of the last cut */
};

static inline void take_frames(struct result *result, const struct batch *batch)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		const struct frame *frame = &batch->frames[i];
		assert_true(frame->captured_bytes <= frame->original_bytes);
		if (frame->captured_bytes) {
			assert_true(frame->bytes >= batch->bytes);
			assert_true(frame->bytes + frame->captured_bytes <=
				    batch->bytes + batch->capacity_bytes);
		}
		for (uint32_t j = 0; j < frame->captured_bytes; j++)
			result->checksum =
				result->checksum * 31 + frame->bytes[j] + 1;
		if (result->count < READ_MOST)
			result->frames[result->count] = *frame;
		result->count++;
	}
}

static inline struct result *read_paths(
	const char *const *paths, unsigned path_count)
{
	struct result *result = calloc(1, sizeof(*result));
	struct batch *batch = batch_new(0);
	enum reading reading;

	assert_non_null(result);
	assert_non_null(batch);
	struct recording *recording =
		open_and_begin(paths, path_count, &result->failure);
	result->is_open = recording != NULL;
	while (recording && (reading = recording_read(recording, batch,
				     &result->failure)) != READING_END) {
		if (reading == READING_CUT) {
			assert_int_equal(batch->count, 0);
			result->cuts++;
		} else {
			assert_true(batch->count > 0);
		}
		take_frames(result, batch);
	}
	if (recording) {
		result->interfaces = recording_interface_count(recording);
		for (unsigned i = 0; i < result->interfaces && i < 4; i++)
			strcpy(result->interface_names[i],
				recording_interface(recording, i)->name);
		result->odd = recording_odd_frames(recording);
	}
	recording_close(recording);
	batch_free(batch);
	return result;
}

/* A nameless file, by a path under which it can be opened. */
static inline int nameless(const void *data, size_t length, char path[32])
{
	int descriptor = memfd_create("capture", MFD_CLOEXEC);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, data, length), length);
	(void)snprintf(path, 32, "/proc/self/fd/%d", descriptor);
	return descriptor;
}

static inline struct result *read_part(const struct bytes *bytes, size_t length)
{
	char path[32];
	const char *paths[] = {path};
	int descriptor = nameless(bytes->data, length, path);
	struct result *result = read_paths(paths, 1);

	close(descriptor);
	return result;
}

static inline struct result *read_bytes(const struct bytes *bytes)
{
	return read_part(bytes, bytes->length);
}

static inline void assert_whole(const struct result *result)
{
	assert_string_equal(result->failure.text, "");
	assert_true(result->is_open);
	assert_int_equal(result->cuts, 0);
}

/* Cuts the file at every byte: whatever is whole before the cut is there, and
 * a cut is told wherever it is not between packets. `ends` has the length of
 * the file after each frame. */
static inline void try_every_cut(
	const struct bytes *bytes, const size_t *ends, unsigned count)
{
	for (size_t length = 0; length <= bytes->length; length++) {
		struct result *result = read_part(bytes, length);
		unsigned expected = 0;
		while (expected < count && ends[expected] <= length)
			expected++;
		assert_int_equal(result->count, expected);
		if (expected && ends[expected - 1] == length)
			assert_int_equal(result->cuts, 0);
		if (length < 24) {
			assert_false(result->is_open);
			assert_true(strlen(result->failure.text) > 10);
		}
		free(result);
	}
}

/* Flips every bit: no crash, and the frames before the flip are the same. */
static inline void try_every_flip(const struct bytes *bytes)
{
	for (size_t bit = 0; bit < bytes->length * 8; bit++) {
		bytes->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		struct result *result = read_bytes(bytes);
		assert_true(result->is_open || bit / 8 < 28);
		assert_true(result->cuts <= 1);
		free(result);
		bytes->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

#endif
