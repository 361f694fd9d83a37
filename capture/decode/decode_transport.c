#include "capture/decode/decode_transport.h"

#include "capture/decode/decode_options.h"
#include "capture/decode/decode_tunnel.h"

/* What the snap length left of a header that it cut. */
static void read_cut_tcp(struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint64_t wire = cursor_wire_bytes(&cursor);
	uint32_t captured = cursor.left;
	uint32_t header_bytes;
	uint16_t flags;

	if (wire < TCP_HEADER_BYTES && !packet->is_first_fragment)
		packet->quirks |= QUIRK_TCP_HEADER;
	if (captured >= 4) {
		packet->source_port = cursor_u16(&cursor);
		packet->target_port = cursor_u16(&cursor);
	}
	if (captured >= 8)
		packet->sequence = cursor_u32(&cursor);
	if (captured >= 12)
		packet->acknowledged = cursor_u32(&cursor);
	/* to the window: none is not one of 0 */
	if (captured < 16 || cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	packet->kind = PACKET_TCP;
	packet->quirks |= QUIRK_SHORT;
	flags = cursor_u16(&cursor);
	packet->tcp_flags = flags & 0x1ff;
	packet->window = cursor_u16(&cursor);
	header_bytes = (flags >> 12) * 4u;
	if (header_bytes < TCP_HEADER_BYTES || header_bytes > wire) {
		packet->quirks |= QUIRK_TCP_HEADER;
		header_bytes = wire < TCP_HEADER_BYTES ? (uint32_t)wire
						       : TCP_HEADER_BYTES;
	}
	if (header_bytes > TCP_HEADER_BYTES) {
		packet->quirks |= QUIRK_NO_OPTIONS_SEEN;
		packet->option_bytes =
			(uint8_t)(header_bytes - TCP_HEADER_BYTES);
	}
	packet->tcp_header_bytes = (uint8_t)header_bytes;
	packet->payload_bytes = (uint32_t)(wire - header_bytes);
}

static inline __attribute__((always_inline)) void read_tcp(
	struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint32_t header_bytes;
	uint16_t flags;

	packet->segment = cursor.at;
	packet->source_port = cursor_u16(&cursor);
	packet->target_port = cursor_u16(&cursor);
	packet->sequence = cursor_u32(&cursor);
	packet->acknowledged = cursor_u32(&cursor);
	flags = cursor_u16(&cursor);
	packet->tcp_flags = flags & 0x1ff;
	packet->window = cursor_u16(&cursor);
	cursor_skip(&cursor, 2); /* checksum */
	packet->urgent = cursor_u16(&cursor);
	packet->kind = PACKET_TCP;
	packet->quirks |= tcp_quirks(packet);

	header_bytes = (flags >> 12) * 4u;
	packet->tcp_header_bytes = TCP_HEADER_BYTES;
	if (__builtin_expect(header_bytes < TCP_HEADER_BYTES, 0)) {
		/* nobody can tell header from payload: claim no payload */
		packet->quirks |= QUIRK_TCP_HEADER;
		return;
	}
	if (header_bytes > TCP_HEADER_BYTES) {
		uint32_t option_bytes = header_bytes - TCP_HEADER_BYTES;
		struct cursor options;

		if (__builtin_expect(
			    cursor_wire_bytes(&cursor) < option_bytes, 0)) {
			if (!packet->is_first_fragment)
				packet->quirks |= QUIRK_TCP_HEADER;
			option_bytes = (uint32_t)cursor_wire_bytes(&cursor);
		}
		packet->option_bytes = (uint8_t)option_bytes;
		packet->tcp_header_bytes += (uint8_t)option_bytes;
		options = cursor_cut(&cursor, option_bytes);
		decode_tcp_options(packet, options);
		if (__builtin_expect(options.beyond > 0, 0)) {
			packet->quirks |= QUIRK_NO_OPTIONS_SEEN;
			packet->payload_bytes =
				(uint32_t)(cursor_wire_bytes(&cursor) -
					   option_bytes);
			return;
		}
		cursor_skip(&cursor, option_bytes);
	}
	packet->payload = cursor.at;
	packet->payload_captured = cursor.left;
	packet->payload_bytes = cursor.left + cursor.beyond;
}

void decode_tcp(struct decoding *decoding, struct cursor cursor)
{
	if (__builtin_expect(cursor.at && cursor.left >= TCP_HEADER_BYTES, 1))
		read_tcp(decoding, cursor);
	else
		read_cut_tcp(decoding, cursor);
}

void decode_udp(struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint64_t wire = cursor_wire_bytes(&cursor);
	uint16_t source_port = cursor_u16(&cursor);
	uint16_t target_port = cursor_u16(&cursor);
	uint16_t length;

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	packet->kind = PACKET_UDP;
	packet->source_port = source_port;
	packet->target_port = target_port;
	packet->payload_bytes = wire < UDP_HEADER_BYTES
					? 0
					: (uint32_t)(wire - UDP_HEADER_BYTES);
	if (!source_port || !target_port)
		packet->quirks |= QUIRK_PORT_ZERO;
	length = cursor_u16(&cursor);
	cursor_skip(&cursor, 2); /* checksum */
	if (cursor_is_short(&cursor)) {
		packet->quirks |= QUIRK_SHORT;
		return;
	}
	/* 0 stands for a jumbogram (RFC 2675, 4) */
	if (length >= UDP_HEADER_BYTES && length < wire)
		packet->payload_bytes = length - UDP_HEADER_BYTES;
	cursor = cursor_cut(&cursor, packet->payload_bytes);
	packet->payload = cursor.at;
	packet->payload_captured = cursor.left;
	decode_udp_tunnel(decoding, cursor);
}
