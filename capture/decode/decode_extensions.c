#include "capture/decode/decode_extensions.h"

/* The jumbo payload option (RFC 2675, 2) of a hop-by-hop header; 0 when there
 * is none. `options` is cut to the header. */
static uint32_t jumbo_bytes(struct cursor options)
{
	while (options.left > 0) {
		uint8_t type = cursor_u8(&options);
		uint8_t bytes;

		if (type == 0) /* Pad1 has no length */
			continue;
		bytes = cursor_u8(&options);
		if (type == 0xc2 && bytes == 4)
			return cursor_u32(&options);
		cursor_skip(&options, bytes);
	}
	return 0;
}

/* As cut_payload does it (decode_network.c); until here the length is the
 * wire's. */
static void take_jumbo(struct decoding *decoding, uint32_t payload_bytes)
{
	struct packet *packet = decoding->packet;
	uint64_t total_bytes = (uint64_t)payload_bytes + IP6_HEADER_BYTES;

	packet->quirks &= ~(uint32_t)QUIRK_OFFLOAD_LENGTH;
	if (total_bytes <= packet->ip_bytes)
		packet->ip_bytes = (uint32_t)total_bytes;
	else if (!decoding->is_beginning)
		packet->quirks |= QUIRK_IP_LENGTH;
}

struct extensions extensions_walk(
	struct decoding *decoding, struct cursor cursor, uint8_t next)
{
	struct packet *packet = decoding->packet;
	struct extensions walk = {.next = next};

	for (unsigned count = 0; count < MOST_EXTENSIONS; count++) {
		uint32_t bytes;

		switch (walk.next) {
		case PROTOCOL_HOP_BY_HOP:
		case PROTOCOL_ROUTING:
		case PROTOCOL_DESTINATION:
		case PROTOCOL_MOBILITY:
		case PROTOCOL_HIP:
		case PROTOCOL_SHIM6: {
			bool is_hop_by_hop = walk.next == PROTOCOL_HOP_BY_HOP;
			struct cursor options;
			uint32_t jumbo;

			walk.next = cursor_u8(&cursor);
			bytes = (cursor_u8(&cursor) + 1u) * 8;
			options = cursor_cut(&cursor, bytes - 2);
			cursor_skip(&cursor, bytes - 2);
			if (cursor_is_short(&cursor) || !is_hop_by_hop)
				break;
			jumbo = jumbo_bytes(options);
			if (jumbo > UINT16_MAX)
				take_jumbo(decoding, jumbo);
			break;
		}
		case PROTOCOL_AH:
			walk.next = cursor_u8(&cursor);
			bytes = (cursor_u8(&cursor) + 2u) * 4;
			cursor_skip(&cursor, bytes - 2);
			break;
		case PROTOCOL_FRAGMENT: {
			uint16_t offset;
			uint32_t identification;

			walk.next = cursor_u8(&cursor);
			cursor_skip(&cursor, 1);
			offset = cursor_u16(&cursor);
			walk.fragment_offset = offset >> 3;
			walk.has_more_fragments = offset & 1;
			identification = cursor_u32(&cursor);
			if (walk.fragment_offset || walk.has_more_fragments)
				packet->ip_id = (uint16_t)identification;
			break;
		}
		default:
			walk.cursor = cursor;
			walk.is_complete = true;
			return walk;
		}
		packet->protocol = walk.next;
		if (cursor_is_short(&cursor)) {
			decode_stop_short(decoding, &cursor);
			return walk;
		}
		if (walk.fragment_offset > 0) {
			/* what follows is the middle of something */
			walk.cursor = cursor;
			walk.is_complete = true;
			return walk;
		}
	}
	packet->quirks |= QUIRK_EXTENSION_CHAIN;
	decode_stop(decoding, SKIP_DEPTH);
	return walk;
}
