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

bool extension_read(
	struct cursor *cursor, uint8_t type, struct extension *extension)
{
	uint32_t bytes;
	uint16_t offset;

	*extension = (struct extension){0};
	switch (type) {
	case PROTOCOL_HOP_BY_HOP:
	case PROTOCOL_ROUTING:
	case PROTOCOL_DESTINATION:
	case PROTOCOL_MOBILITY:
	case PROTOCOL_HIP:
	case PROTOCOL_SHIM6:
		extension->next = cursor_u8(cursor);
		bytes = (cursor_u8(cursor) + 1u) * 8 - 2;
		extension->options = cursor_cut(cursor, bytes);
		cursor_skip(cursor, bytes);
		return true;
	case PROTOCOL_AH:
		extension->next = cursor_u8(cursor);
		bytes = (cursor_u8(cursor) + 2u) * 4 - 2;
		cursor_skip(cursor, bytes);
		return true;
	case PROTOCOL_FRAGMENT:
		extension->next = cursor_u8(cursor);
		cursor_skip(cursor, 1);
		offset = cursor_u16(cursor);
		extension->fragment_offset = offset >> 3;
		extension->has_more_fragments = offset & 1;
		extension->identification = cursor_u32(cursor);
		return true;
	default:
		return false;
	}
}

struct extensions extensions_walk(
	struct decoding *decoding, struct cursor cursor, uint8_t next)
{
	struct packet *packet = decoding->packet;
	struct extensions walk = {.next = next};

	for (unsigned count = 0; count < MOST_EXTENSIONS; count++) {
		bool is_hop_by_hop = walk.next == PROTOCOL_HOP_BY_HOP;
		bool is_fragment = walk.next == PROTOCOL_FRAGMENT;
		struct extension extension;

		if (!extension_read(&cursor, walk.next, &extension)) {
			walk.cursor = cursor;
			walk.is_complete = true;
			return walk;
		}
		walk.next = extension.next;
		if (is_fragment) {
			walk.fragment_offset = extension.fragment_offset;
			walk.has_more_fragments = extension.has_more_fragments;
			if (walk.fragment_offset || walk.has_more_fragments)
				packet->ip_id =
					(uint16_t)extension.identification;
		}
		if (is_hop_by_hop && !cursor_is_short(&cursor)) {
			uint32_t jumbo = jumbo_bytes(extension.options);

			if (jumbo > UINT16_MAX)
				take_jumbo(decoding, jumbo);
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
