#include "capture/decode/decode_wireless.h"

#include "capture/decode/decode_ethertype.h"

enum frame_control { /* IEEE 802.11-2020, 9.2.4.1, read little-endian */
	CONTROL_TYPE = 0x000c,
	CONTROL_TYPE_DATA = 0x0008,
	CONTROL_NO_DATA = 0x0040, /* subtype bit: null functions */
	CONTROL_QOS = 0x0080,	  /* subtype bit */
	CONTROL_TO_DS = 0x0100,
	CONTROL_FROM_DS = 0x0200,
	CONTROL_PROTECTED = 0x4000,
	CONTROL_ORDER = 0x8000, /* with QoS: an HT control field */
};

enum { QOS_AGGREGATE = 0x0080, MOST_PRESENT_WORDS = 32 };

enum radiotap_flag { RADIOTAP_PADDED = 0x20, RADIOTAP_BAD_CHECKSUM = 0x40 };

void decode_80211(
	struct decoding *decoding, struct cursor cursor, bool is_padded)
{
	uint16_t control = cursor_u16_little(&cursor);
	uint32_t header_bytes = 24;
	bool is_aggregate = false;

	if (!decode_enter(decoding))
		return;
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if ((control & CONTROL_TYPE) != CONTROL_TYPE_DATA ||
		control & CONTROL_NO_DATA) {
		decode_stop(decoding, SKIP_MANAGEMENT);
		return;
	}
	if (control & CONTROL_PROTECTED) {
		decode_stop(decoding, SKIP_ENCRYPTED);
		return;
	}
	cursor_skip(&cursor, header_bytes - 2);
	if (control & CONTROL_TO_DS && control & CONTROL_FROM_DS) {
		cursor_skip(&cursor, 6); /* the fourth address */
		header_bytes += 6;
	}
	if (control & CONTROL_QOS) {
		is_aggregate = cursor_u16_little(&cursor) & QOS_AGGREGATE;
		header_bytes += 2;
		if (control & CONTROL_ORDER) {
			cursor_skip(&cursor, 4);
			header_bytes += 4;
		}
	}
	if (is_padded)
		cursor_skip(&cursor, (4 - header_bytes % 4) % 4);
	if (is_aggregate) /* a subframe: target, source, length */
		cursor_skip(&cursor, 14);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else
		decode_llc(decoding, cursor);
}

/* Of radiotap only the flags matter: whether the header is padded, and
 * whether the frame arrived broken (radiotap.org, fields Flags and TSFT). */
void decode_radiotap(struct decoding *decoding, struct cursor cursor)
{
	struct cursor fields;
	uint16_t header_bytes;
	uint32_t present, more, offset = 8;
	uint8_t flags = 0;

	cursor_skip(&cursor, 2);
	header_bytes = cursor_u16_little(&cursor);
	fields = cursor;
	cursor_skip(&cursor, header_bytes < 8 ? 4 : header_bytes - 4u);
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (header_bytes < 8) {
		decode_stop(decoding, SKIP_MALFORMED);
		return;
	}
	fields = cursor_cut(&fields, header_bytes - 4u);
	present = more = cursor_u32_little(&fields);
	for (unsigned i = 0; more >> 31 && i < MOST_PRESENT_WORDS; i++) {
		more = cursor_u32_little(&fields);
		offset += 4;
	}
	if (present & 1) /* TSFT, eight bytes on a boundary of eight */
		cursor_skip(&fields, (8 - offset % 8) % 8 + 8);
	if (present & 2)
		flags = cursor_u8(&fields);
	if (flags & RADIOTAP_BAD_CHECKSUM)
		decode_stop(decoding, SKIP_MALFORMED);
	else
		decode_80211(decoding, cursor, flags & RADIOTAP_PADDED);
}

/* AVS begins with a magic number and its length, in network order. */
void decode_avs(struct decoding *decoding, struct cursor cursor)
{
	uint32_t magic = cursor_u32(&cursor);
	uint32_t header_bytes = cursor_u32(&cursor);

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
	} else if (magic >> 4 != 0x8021100 || header_bytes < 8) {
		decode_stop(decoding, SKIP_MALFORMED);
	} else {
		cursor_skip(&cursor, header_bytes - 8);
		decode_80211(decoding, cursor, false);
	}
}

/* Prism: message code and length in the byte order of the writer. Some
 * drivers deliver AVS under this link type. */
void decode_prism(struct decoding *decoding, struct cursor cursor)
{
	struct cursor start = cursor;
	uint32_t code = cursor_u32(&cursor);
	uint32_t header_bytes = cursor_u32(&cursor);

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (code >> 4 == 0x8021100) {
		decode_avs(decoding, start);
		return;
	}
	if (header_bytes > UINT16_MAX)
		header_bytes = __builtin_bswap32(header_bytes);
	if (header_bytes < 8 || header_bytes > UINT16_MAX) {
		decode_stop(decoding, SKIP_MALFORMED);
		return;
	}
	cursor_skip(&cursor, header_bytes - 8);
	decode_80211(decoding, cursor, false);
}
