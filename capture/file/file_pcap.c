#include "capture/file/file_pcap.h"

#include <assert.h>

#include "capture/file/file_bytes.h"
#include "capture/linktype.h"

/* draft-ietf-opsawg-pcap, section 4; the third is read by libpcap 1.10.3
 * (sf-pcap.c) and was written by libpcap as patched by A. Kuznetzov. */
static const uint32_t magic_microseconds = 0xa1b2c3d4;
static const uint32_t magic_nanoseconds = 0xa1b23c4d;
static const uint32_t magic_kuznetzov = 0xa1b2cd34;

static bool is_magic(uint32_t value)
{
	return value == magic_microseconds || value == magic_nanoseconds ||
	       value == magic_kuznetzov;
}

bool file_pcap_recognises(const uint8_t magic[4])
{
	struct file_bytes bytes = {magic, 4, false};
	uint32_t value = file_u32(bytes, 0);

	return is_magic(value) || is_magic(__builtin_bswap32(value));
}

void file_pcap_start(struct file_pcap *file,
	const uint8_t header[FILE_PCAP_HEADER_BYTES],
	struct recording_interface *interface)
{
	struct file_bytes bytes = {header, FILE_PCAP_HEADER_BYTES, false};

	bytes.is_swapped = !is_magic(file_u32(bytes, 0));
	uint32_t magic = file_u32(bytes, 0);
	assert(is_magic(magic));
	uint16_t major = file_u16(bytes, 4);
	uint16_t minor = file_u16(bytes, 6);
	uint32_t snap_bytes = file_u32(bytes, 16);
	/* The upper half holds the length of frame check sequences. */
	uint16_t linktype =
		linktype_canonical((uint16_t)(file_u32(bytes, 20) & 0xffff));

	*file = (struct file_pcap){
		.fraction_ns = magic == magic_nanoseconds ? 1 : 1000,
		.largest_frame = FILE_LARGEST_FRAME,
		.linktype = linktype,
		.record_header_bytes = magic == magic_kuznetzov ? 24 : 16,
		.is_swapped = bytes.is_swapped,
		.has_packet_type = magic == magic_kuznetzov,
		/* libpcap 1.10.3, sf-pcap.c: writers before version 2.3, and
		 * DG/UX as "543.0", had the lengths the other way round; those
		 * of 2.3 came in both kinds. */
		.is_length_swapped = (major == 2 && minor < 3) || major == 543,
		.is_length_in_doubt = major == 2 && minor == 3,
	};
	if (snap_bytes != 0 && snap_bytes < FILE_LARGEST_FRAME)
		file->largest_frame = snap_bytes > FILE_USUAL_LARGEST_FRAME
					      ? snap_bytes
					      : FILE_USUAL_LARGEST_FRAME;
	*interface = (struct recording_interface){
		.linktype = linktype,
		.snap_bytes = snap_bytes,
		.ticks_per_second =
			magic == magic_nanoseconds ? 1000000000 : 1000000,
	};
}

/* The rare record: lengths or times that can't be. Kept as far as it can be
 * understood, and counted. */
__attribute__((noinline, cold)) static void mend(const struct file_pcap *file,
	struct frame *frame, uint32_t seconds, uint32_t fraction)
{
	if (frame->captured_bytes > frame->original_bytes)
		frame->original_bytes = frame->captured_bytes;
	/* Literally added, a fraction of an hour would order the frame behind
	 * others of its time; the second itself is what can be believed. */
	if (fraction >= 1000000000 / file->fraction_ns)
		frame->time_ns = (int64_t)seconds * 1000000000 + 999999999;
}

static uint8_t direction_of(uint8_t packet_type)
{
	/* linux/if_packet.h: 0 to 3 came in (to this host, broadcast,
	 * multicast, to another host), 4 went out */
	return packet_type == 4	 ? FRAME_OUTBOUND
	       : packet_type < 4 ? FRAME_INBOUND
				 : FRAME_ANY_WAY;
}

/* Inlined once for each byte order, so that the usual one swaps nothing. */
__attribute__((always_inline)) static inline enum split_end split_records(
	const struct file_pcap *file, struct split *split, bool is_swapped)
{
	struct batch *batch = split->batch;
	const uint32_t header_bytes = file->record_header_bytes;
	const uint32_t fraction_limit = 1000000000 / file->fraction_ns;
	struct file_bytes rest;

	while (batch->count < BATCH_FRAMES) {
		rest = (struct file_bytes){batch->bytes + split->position,
			batch->used_bytes - split->position, is_swapped};
		if (rest.length < header_bytes)
			return split_short(split, header_bytes,
				rest.length ? "the header of a packet" : NULL);
		uint32_t seconds = file_u32(rest, 0);
		uint32_t fraction = file_u32(rest, 4);
		uint32_t captured = file_u32(rest, 8);
		uint32_t original = file_u32(rest, 12);
		if (__builtin_expect(file->is_length_swapped ||
					     (file->is_length_in_doubt &&
						     captured > original),
			    0)) {
			uint32_t first = captured;
			captured = original;
			original = first;
		}
		if (__builtin_expect(captured > file->largest_frame, 0))
			return split_damaged(split,
				"it claims %u captured bytes, and at most %u "
				"are possible here",
				captured, file->largest_frame);
		if (rest.length - header_bytes < captured)
			return split_short(split,
				(size_t)header_bytes + captured, "a packet");

		struct frame *frame = &batch->frames[batch->count++];
		frame->time_ns = (int64_t)seconds * 1000000000 +
				 (int64_t)fraction * file->fraction_ns;
		frame->number = ++split->number;
		frame->bytes = rest.bytes + header_bytes;
		frame->captured_bytes = captured;
		frame->original_bytes = original;
		frame->interface = file->interface;
		frame->linktype = file->linktype;
		frame->direction = file->has_packet_type
					   ? direction_of(file_u8(rest, 22))
					   : FRAME_ANY_WAY;
		if (__builtin_expect(
			    captured > original || fraction >= fraction_limit,
			    0)) {
			mend(file, frame, seconds, fraction);
			split->odd_frames++;
		}
		split->position += (size_t)header_bytes + captured;
	}
	return SPLIT_FULL;
}

enum split_end file_pcap_split(
	const struct file_pcap *file, struct split *split)
{
	return file->is_swapped ? split_records(file, split, true)
				: split_records(file, split, false);
}
