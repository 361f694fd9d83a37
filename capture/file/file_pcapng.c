#include "capture/file/file_pcapng.h"

#include <stdlib.h>

#include "capture/array.h"
#include "capture/file/file_bytes.h"
#include "capture/file/partial_check.h"
#include "capture/file/partial_format.h"
#include "capture/file/pcapng_interface.h"
#include "capture/file/pcapng_option.h"

enum {
	SECTION_LEAST_BYTES = 16 + BLOCK_FRAME_BYTES,
	PACKET_FIXED_BYTES = 20, /* of enhanced and obsolete packet blocks */
	/* an interface's description is held whole, to look at its options */
	INTERFACE_LARGEST_BYTES = 1024 * 1024,
	/* a packet's comments are not bounded by the format */
	OPTIONS_LARGEST_BYTES = 16 * 1024 * 1024,
	/* a longer section header is passed over with its comment */
	SECTION_HELD_BYTES = 64 * 1024,
	SECTION_FIXED_BYTES = 16, /* of its body */
	/* so are longer statistics */
	STATISTICS_HELD_BYTES = 4096,
	STATISTICS_FIXED_BYTES = 12,
};

bool file_pcapng_recognises(const uint8_t magic[4])
{
	struct file_bytes bytes = {magic, 4, false};

	return file_u32(bytes, 0) == BLOCK_SECTION;
}

void file_pcapng_start(struct file_pcapng *file, struct interface_table *table)
{
	*file = (struct file_pcapng){.table = table};
}

void file_pcapng_finish(struct file_pcapng *file)
{
	free(file->interfaces);
	*file = (struct file_pcapng){.table = NULL};
}

static bool has_room(struct file_pcapng *file)
{
	struct pcapng_interface *interfaces =
		array_grown(file->interfaces, file->interface_count,
			&file->interface_capacity, sizeof(*interfaces));

	if (interfaces)
		file->interfaces = interfaces;
	return interfaces != NULL;
}

static enum split_end add_interface(
	struct file_pcapng *file, struct split *split, struct file_bytes body)
{
	struct pcapng_interface one;
	struct recording_interface described;

	if (body.length < PCAPNG_INTERFACE_FIXED_BYTES)
		return split_damaged(split,
			"an interface description of %zu bytes, which is too "
			"short",
			body.length);
	if (file->interface_count == SECTION_INTERFACES)
		return split_damaged(split,
			"a section describes more than %d interfaces",
			SECTION_INTERFACES);
	pcapng_interface_read(&one, &described, body);
	one.row = interface_table_add(
		file->table, file->interface_count, &described);
	if (one.row == UINT32_MAX || !has_room(file))
		return split_damaged(split,
			"more interfaces are described than fit (%d)",
			RECORDING_INTERFACES);
	file->interfaces[file->interface_count++] = one;
	return SPLIT_FULL;
}

static enum split_end start_section(struct file_pcapng *file,
	struct split *split, struct file_bytes rest, uint32_t *length)
{
	rest.is_swapped = false;
	if (file_u32(rest, 8) == __builtin_bswap32(SECTION_BYTE_ORDER))
		rest.is_swapped = true;
	else if (file_u32(rest, 8) != SECTION_BYTE_ORDER)
		return split_damaged(
			split, "a section header without its byte order mark");
	*length = file_u32(rest, 4);
	/* Versions 1.0 and 1.2 are the same (draft, section 4.1). */
	if (file_u16(rest, 12) != 1)
		return split_damaged(split,
			"a section of version %u.%u; 1.0 is known here",
			file_u16(rest, 12), file_u16(rest, 14));
	file->is_swapped = rest.is_swapped;
	file->interface_count = 0;
	return SPLIT_FULL;
}

/* What the writer of the first section says about it. */
static void take_comment(struct file_pcapng *file, struct file_bytes body)
{
	struct interface_table *table = file->table;

	if (table->has_section)
		return;
	table->has_section = true;
	pcapng_option_comment(file_part(body, SECTION_FIXED_BYTES, body.length),
		table->comment, sizeof(table->comment));
}

/* What the writer says at the end: the last statistics with a comment. */
static void take_end_comment(struct file_pcapng *file, struct file_bytes body)
{
	struct interface_table *table = file->table;

	pcapng_option_comment(
		file_part(body, STATISTICS_FIXED_BYTES, body.length),
		table->end_comment, sizeof(table->end_comment));
}

/* A section of a partial result names the capture file that it is of. */
static enum split_end take_piece(struct file_pcapng *file,
	const struct split *split, struct file_bytes body)
{
	char comment[sizeof(PARTIAL_OF) + PARTIAL_NAME_BYTES] = "";
	const char *name;

	pcapng_option_comment(file_part(body, SECTION_FIXED_BYTES, body.length),
		comment, sizeof(comment));
	name = partial_name_of(comment);
	/* without memory its frames are told as those of the one before */
	if (name)
		(void)piece_table_add(
			&file->table->pieces, split->number, name);
	return SPLIT_FULL;
}

static enum split_end add_packet(struct file_pcapng *file, struct split *split,
	struct file_bytes body, bool is_obsolete)
{
	uint32_t index = is_obsolete ? file_u16(body, 0) : file_u32(body, 0);
	uint32_t captured = file_u32(body, 12);
	uint32_t original = file_u32(body, 16);

	if (body.length < PACKET_FIXED_BYTES ||
		captured > body.length - PACKET_FIXED_BYTES)
		return split_damaged(split,
			"it claims %u captured bytes in a block that has room "
			"for %zu",
			captured,
			body.length < PACKET_FIXED_BYTES
				? (size_t)0
				: body.length - PACKET_FIXED_BYTES);
	if (index >= file->interface_count)
		return split_damaged(split,
			"it is of interface %u, and the section has described "
			"%u",
			index, file->interface_count);

	const struct pcapng_interface *interface = &file->interfaces[index];
	uint64_t ticks = (uint64_t)file_u32(body, 4) << 32 | file_u32(body, 8);
	struct frame *frame = &split->batch->frames[split->batch->count++];
	frame->time_ns = file_clock_time(&interface->clock, ticks);
	frame->number = ++split->number;
	frame->bytes = body.bytes + PACKET_FIXED_BYTES;
	frame->captured_bytes = captured;
	frame->original_bytes = original;
	frame->interface = interface->row;
	frame->linktype = interface->linktype;
	frame->direction = FRAME_ANY_WAY;
	size_t end = PACKET_FIXED_BYTES + (((size_t)captured + 3) & ~(size_t)3);
	if (body.length > end)
		frame->direction = pcapng_option_direction(
			file_part(body, end, body.length));
	if (__builtin_expect(
		    captured > original || frame->time_ns == INT64_MIN, 0)) {
		if (captured > original)
			frame->original_bytes = captured;
		split->odd_frames++;
	}
	return SPLIT_FULL;
}

/* Simple packet blocks carry no time and are of the first interface. */
static enum split_end add_simple_packet(
	struct file_pcapng *file, struct split *split, struct file_bytes body)
{
	uint32_t original = file_u32(body, 0);
	uint32_t captured = original;

	if (body.length < 4)
		return split_damaged(split, "a simple packet without a length");
	if (file->interface_count == 0)
		return split_damaged(split,
			"it is of interface 0, and the section has described "
			"none");
	const struct pcapng_interface *interface = &file->interfaces[0];
	if (interface->snap_bytes && captured > interface->snap_bytes)
		captured = interface->snap_bytes;
	if (captured > body.length - 4) {
		captured = (uint32_t)(body.length - 4);
		split->odd_frames++;
	}
	split->batch->frames[split->batch->count++] = (struct frame){
		.time_ns = INT64_MIN,
		.number = ++split->number,
		.bytes = body.bytes + 4,
		.captured_bytes = captured,
		.original_bytes = original,
		.interface = interface->row,
		.linktype = interface->linktype,
		.direction = FRAME_ANY_WAY,
	};
	return SPLIT_FULL;
}

/* Goes on with a block that is not held in memory. */
static enum split_end skip(struct file_pcapng *file, struct split *split)
{
	size_t there = split->batch->used_bytes - split->position;
	size_t step =
		file->skip_bytes < there ? (size_t)file->skip_bytes : there;

	split->position += step;
	there -= step;
	file->skip_bytes -= step;
	if (file->skip_bytes || there < BLOCK_TRAILER_BYTES)
		return split_short(split, BLOCK_TRAILER_BYTES, "a block");
	struct file_bytes rest = {
		split->batch->bytes + split->position, there, file->is_swapped};
	uint32_t length = file_u32(rest, 0);
	if (length != file->skip_length)
		return split_damaged(split,
			"a block is %u bytes long by its start and %u by its "
			"end",
			file->skip_length, length);
	split->position += BLOCK_TRAILER_BYTES;
	file->skip_length = 0;
	return SPLIT_FULL;
}

/* These are no packets, but Wireshark (seen with 4.0.17) gives them numbers. */
static bool is_numbered(uint32_t type)
{
	return type == BLOCK_JOURNAL || type == BLOCK_SYSDIG_EVENT ||
	       type == BLOCK_SYSDIG_EVENT_2 ||
	       type == BLOCK_SYSDIG_EVENT_2_LARGE || type == BLOCK_CUSTOM ||
	       type == BLOCK_CUSTOM_PRIVATE;
}

static bool is_held(uint32_t type, uint32_t length)
{
	if (type == BLOCK_SECTION)
		return length <= SECTION_HELD_BYTES;
	if (type == BLOCK_STATISTICS)
		return length <= STATISTICS_HELD_BYTES;
	return type == BLOCK_ENHANCED_PACKET || type == BLOCK_INTERFACE ||
	       type == BLOCK_SIMPLE_PACKET || type == BLOCK_OBSOLETE_PACKET;
}

/* A hostile length is refused before memory is asked for. */
static bool is_too_long(uint32_t type, uint32_t length)
{
	return length >
	       (type == BLOCK_INTERFACE
			       ? (uint32_t)INTERFACE_LARGEST_BYTES
			       : (uint32_t)FILE_LARGEST_FRAME +
					 (uint32_t)OPTIONS_LARGEST_BYTES);
}

/* One whole block of a type that is looked into. */
static enum split_end read_block(struct file_pcapng *file, struct split *split,
	uint32_t type, struct file_bytes body)
{
	if (__builtin_expect(type == BLOCK_ENHANCED_PACKET, 1))
		return add_packet(file, split, body, false);
	if (type == BLOCK_OBSOLETE_PACKET)
		return add_packet(file, split, body, true);
	if (type == BLOCK_SIMPLE_PACKET)
		return add_simple_packet(file, split, body);
	if (type == BLOCK_SECTION) {
		take_comment(file, body);
		return take_piece(file, split, body);
	}
	if (type == BLOCK_STATISTICS) {
		take_end_comment(file, body);
		return SPLIT_FULL;
	}
	return add_interface(file, split, body);
}

/* SPLIT_FULL here says that the block is done with. */
static enum split_end next_block(struct file_pcapng *file, struct split *split)
{
	struct file_bytes rest = {split->batch->bytes + split->position,
		split->batch->used_bytes - split->position, file->is_swapped};
	if (rest.length < BLOCK_HEADER_BYTES)
		return split_short(split, BLOCK_HEADER_BYTES,
			rest.length ? "the header of a block" : NULL);
	uint32_t type = file_u32(rest, 0);
	uint32_t length = file_u32(rest, 4);

	if (__builtin_expect(type == BLOCK_SECTION, 0)) {
		if (rest.length < SECTION_LEAST_BYTES)
			return split_short(
				split, SECTION_LEAST_BYTES, "a section header");
		enum split_end end = start_section(file, split, rest, &length);
		if (end != SPLIT_FULL)
			return end;
		rest.is_swapped = file->is_swapped;
	}
	if (length < BLOCK_FRAME_BYTES || length % 4 != 0 ||
		(type == BLOCK_SECTION && length < SECTION_LEAST_BYTES))
		return split_damaged(split,
			"a block of type 0x%x with the impossible length %u",
			type, length);
	if (!is_held(type, length)) {
		split->number += is_numbered(type);
		split->position += BLOCK_HEADER_BYTES;
		file->skip_bytes = length - BLOCK_FRAME_BYTES;
		file->skip_length = length;
		return skip(file, split);
	}
	if (is_too_long(type, length))
		return split_damaged(split,
			"a block of type 0x%x with %u bytes, which is more "
			"than any packet has",
			type, length);
	if (rest.length < length)
		return split_short(split, length,
			type == BLOCK_INTERFACE	   ? "the description of an "
						     "interface"
			: type == BLOCK_SECTION	   ? "a section header"
			: type == BLOCK_STATISTICS ? "a block"
						   : "a packet");
	uint32_t again = file_u32(rest, length - BLOCK_TRAILER_BYTES);
	if (again != length)
		return split_damaged(split,
			"a block is %u bytes long by its start and %u by its "
			"end",
			length, again);
	enum split_end end = read_block(file, split, type,
		file_part(
			rest, BLOCK_HEADER_BYTES, length - BLOCK_FRAME_BYTES));
	if (end == SPLIT_FULL)
		split->position += length;
	return end;
}

enum split_end file_pcapng_split(struct file_pcapng *file, struct split *split)
{
	enum split_end end = SPLIT_FULL;

	while (end == SPLIT_FULL && split->batch->count < BATCH_FRAMES)
		end = file->skip_length ? skip(file, split)
					: next_block(file, split);
	return end;
}
