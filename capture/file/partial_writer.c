#include "capture/file/partial_writer.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "capture/array.h"
#include "capture/file/file_clock.h"
#include "capture/file/partial_format.h"
#include "capture/file/partial_output.h"
#include "capture/file/pcapng_block.h"

enum {
	GATHERED_BYTES = 128 * 1024, /* that are compressed together */
	NANOSECONDS = 9,	     /* as a resolution */
};

struct partial_interface {
	int64_t tick_ns;
};

struct partial_writer {
	struct partial_output output;
	char *filter;
	struct pcapng_blocks gathered; /* not compressed yet */
	char *fields; /* of the last part */
	size_t field_bytes;
	uint64_t frames, contents;
	int64_t first_ns, last_ns; /* INT64_MIN: no frame has a time */
	struct partial_interface *interfaces; /* of the section */
	uint32_t interface_count, interface_capacity;
};

static bool fail(struct partial_writer *writer, const char *why)
{
	return partial_output_fail(&writer->output, why);
}

static bool compress_all(struct partial_writer *writer, bool is_end)
{
	size_t bytes = writer->gathered.used_bytes;

	writer->gathered.used_bytes = 0;
	return partial_output_compress(
		&writer->output, writer->gathered.bytes, bytes, is_end);
}

/* A field of the last part; false without memory. */
static bool add_field(
	struct partial_writer *writer, const char *word, const char *text)
{
	size_t bytes = strlen(word) + 1 + strlen(text) + 1;
	char *larger = realloc(writer->fields, writer->field_bytes + bytes);

	if (!larger)
		return fail(writer, "out of memory");
	writer->fields = larger;
	(void)snprintf(larger + writer->field_bytes, bytes, "%s %s", word,
		text); /* it has that length */
	writer->field_bytes += bytes;
	return true;
}

/* Room for so many bytes more. */
static bool reserve(struct partial_writer *writer, size_t bytes)
{
	if (writer->output.has_failed)
		return false;
	if (writer->gathered.used_bytes + bytes > GATHERED_BYTES &&
		!compress_all(writer, false))
		return false;
	return pcapng_block_reserve(&writer->gathered, bytes) ||
	       fail(writer, "out of memory");
}

static bool begin_block(
	struct partial_writer *writer, uint32_t type, size_t body_bytes)
{
	enum { OPTIONS_BYTES = 64 };

	if (!reserve(writer, BLOCK_FRAME_BYTES + OPTIONS_BYTES + body_bytes))
		return false;
	pcapng_block_begin(&writer->gathered, type);
	return true;
}

static bool put_section(struct partial_writer *writer, const char *comment)
{
	static const uint64_t unknown_length = UINT64_MAX;
	struct pcapng_blocks *blocks = &writer->gathered;

	if (!begin_block(writer, BLOCK_SECTION, strlen(comment)))
		return false;
	pcapng_block_u32(blocks, SECTION_BYTE_ORDER);
	pcapng_block_u16_pair(blocks, 1, 0); /* version */
	pcapng_block_put(blocks, &unknown_length, sizeof(unknown_length));
	pcapng_block_option(blocks, OPTION_COMMENT, comment, strlen(comment));
	pcapng_block_option(blocks, OPTION_END, NULL, 0);
	pcapng_block_end(blocks);
	return true;
}

static void free_all(struct partial_writer *writer)
{
	free(writer->gathered.bytes);
	free(writer->fields);
	free(writer->interfaces);
	free(writer->filter);
	free(writer);
}

/* The first part; a failure is kept. */
static void put_mark(struct partial_writer *writer)
{
	char mark[64];

	(void)snprintf(
		mark, sizeof(mark), PARTIAL_MARK "%d\n", PARTIAL_VERSION);
	(void)partial_output_skippable(&writer->output, mark, strlen(mark), 0);
}

struct partial_writer *partial_writer_on(int descriptor, const char *path,
	const char *filter, struct failure *failure)
{
	struct partial_writer *writer = calloc(1, sizeof(*writer));

	if (writer && partial_output_on(&writer->output, descriptor, path)) {
		writer->first_ns = writer->last_ns = INT64_MIN;
		writer->filter = filter ? strdup(filter) : NULL;
		if (pcapng_block_reserve(&writer->gathered, GATHERED_BYTES) &&
			(!filter || writer->filter)) {
			put_mark(writer);
			return writer;
		}
	}
	if (writer)
		partial_writer_abandon(writer);
	else
		(void)close(descriptor); /* nothing was written yet */
	(void)failure_set(
		failure, EXIT_INPUT_CUT, "%s: no memory to write it", path);
	return NULL;
}

bool partial_writer_file(struct partial_writer *writer, const char *name)
{
	char comment[sizeof(PARTIAL_OF) + PARTIAL_NAME_BYTES];

	writer->interface_count = 0;
	(void)snprintf(comment, sizeof(comment), "%s%s", PARTIAL_OF,
		name); /* no longer name is a file's */
	return add_field(writer, "file", comment + strlen(PARTIAL_OF)) &&
	       put_section(writer, comment);
}

/* That of the interface where it is a power of ten that nanoseconds are a
 * multiple of; interfaces are told apart by it, too. */
static uint8_t resolution_of(int64_t ticks_per_second)
{
	for (unsigned i = 0; i < NANOSECONDS; i++)
		if (file_clock_ticks_per_second((uint8_t)i) == ticks_per_second)
			return (uint8_t)i;
	return NANOSECONDS;
}

static bool add_interface(struct partial_writer *writer,
	const struct partial_interface *interface)
{
	struct partial_interface *more =
		array_grown(writer->interfaces, writer->interface_count,
			&writer->interface_capacity, sizeof(*more));

	if (!more)
		return fail(writer, "out of memory");
	writer->interfaces = more;
	writer->interfaces[writer->interface_count++] = *interface;
	return true;
}

bool partial_writer_interface(struct partial_writer *writer,
	const struct recording_interface *interface)
{
	uint8_t resolution = resolution_of(interface->ticks_per_second);
	struct partial_interface own = {
		.tick_ns = file_clock_ticks_per_second(
			(uint8_t)(NANOSECONDS - resolution))};
	struct pcapng_blocks *blocks = &writer->gathered;

	if (!begin_block(writer, BLOCK_INTERFACE, sizeof(interface->name)) ||
		!add_interface(writer, &own))
		return false;
	pcapng_block_u16_pair(blocks, interface->linktype, 0);
	pcapng_block_u32(blocks, interface->snap_bytes);
	if (interface->name[0])
		pcapng_block_option(blocks, OPTION_INTERFACE_NAME,
			interface->name, strlen(interface->name));
	pcapng_block_option(blocks, OPTION_TIME_RESOLUTION, &resolution, 1);
	pcapng_block_option(blocks, OPTION_END, NULL, 0);
	pcapng_block_end(blocks);
	return true;
}

bool partial_writer_skip(struct partial_writer *writer, uint64_t count)
{
	for (; count > 0; count--) {
		if (!begin_block(writer, BLOCK_CUSTOM, 4))
			return false;
		pcapng_block_u32(
			&writer->gathered, 0); /* nobody's enterprise number */
		pcapng_block_end(&writer->gathered);
	}
	return true;
}

/* Times before 1970 are none to the analysis, and the format has none. */
static uint64_t ticks_of(
	const struct partial_interface *interface, int64_t time_ns)
{
	return time_ns < 0 ? PARTIAL_NO_TIME
			   : (uint64_t)(time_ns / interface->tick_ns);
}

/* What tells the frames of one piece from those of another, whatever their
 * files are called. */
static void sum_up(struct partial_writer *writer, const struct frame *frame)
{
	const uint64_t head[3] = {htole64(writer->contents),
		htole64((uint64_t)frame->time_ns),
		htole64((uint64_t)frame->original_bytes << 32 |
			frame->captured_bytes)};

	writer->contents =
		XXH3_64bits_withSeed(frame->bytes, frame->captured_bytes,
			XXH3_64bits(head, sizeof(head)));
}

bool partial_writer_frame(
	struct partial_writer *writer, const struct frame *frame)
{
	uint32_t flags = frame->direction == FRAME_INBOUND    ? 1
			 : frame->direction == FRAME_OUTBOUND ? 2
							      : 0;
	struct pcapng_blocks *blocks = &writer->gathered;
	uint64_t ticks;

	if (frame->interface >= writer->interface_count)
		return fail(writer, "a frame of no interface");
	if (!begin_block(writer, BLOCK_ENHANCED_PACKET,
		    20 + (size_t)frame->captured_bytes))
		return false;
	ticks = ticks_of(&writer->interfaces[frame->interface], frame->time_ns);
	pcapng_block_u32(blocks, frame->interface);
	pcapng_block_u32(blocks, (uint32_t)(ticks >> 32));
	pcapng_block_u32(blocks, (uint32_t)ticks);
	pcapng_block_u32(blocks, frame->captured_bytes);
	pcapng_block_u32(blocks, frame->original_bytes);
	pcapng_block_put(blocks, frame->bytes, frame->captured_bytes);
	if (flags) {
		pcapng_block_option(
			blocks, OPTION_PACKET_FLAGS, &flags, sizeof(flags));
		pcapng_block_option(blocks, OPTION_END, NULL, 0);
	}
	writer->frames++;
	sum_up(writer, frame);
	if (frame->time_ns >= 0) {
		if (writer->first_ns == INT64_MIN)
			writer->first_ns = frame->time_ns;
		if (frame->time_ns > writer->last_ns)
			writer->last_ns = frame->time_ns;
	}
	pcapng_block_end(blocks);
	return true;
}

static bool add_number(
	struct partial_writer *writer, const char *word, int64_t number)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	return add_field(writer, word, text);
}

static bool put_end(struct partial_writer *writer, const char *cut)
{
	uint32_t tail[2];

	if (!compress_all(writer, true) ||
		!add_number(writer, "frames", (int64_t)writer->frames) ||
		!add_number(writer, "first", writer->first_ns) ||
		!add_number(writer, "last", writer->last_ns) ||
		!add_number(writer, "contents", (int64_t)writer->contents) ||
		(writer->filter &&
			!add_field(writer, "filter", writer->filter)) ||
		(cut && !add_field(writer, "cut", cut)) ||
		!partial_output_skippable(&writer->output, writer->fields,
			writer->field_bytes, sizeof(tail)))
		return false;
	tail[0] = htole32(writer->output.crc);
	tail[1] = htole32((uint32_t)(PARTIAL_FRAME_BYTES + writer->field_bytes +
				     sizeof(tail)));
	return partial_output_write(&writer->output, tail, sizeof(tail));
}

bool partial_writer_end(
	struct partial_writer *writer, const char *cut, struct failure *failure)
{
	(void)put_end(writer, cut); /* its failure is kept */
	bool is_whole = partial_output_close(&writer->output);

	if (!is_whole)
		*failure = writer->output.failure;
	free_all(writer);
	return is_whole;
}

void partial_writer_abandon(struct partial_writer *writer)
{
	if (!writer)
		return;
	(void)partial_output_close(&writer->output); /* not whole anyway */
	free_all(writer);
}
