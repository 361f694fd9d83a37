#include "capture/decode/decode_network.h"

#include "capture/decode/decode_extensions.h"
#include "capture/decode/decode_icmp.h"
#include "capture/decode/decode_transport.h"
#include "capture/decode/decode_tunnel.h"

static void decode_authenticated(
	struct decoding *decoding, struct cursor cursor);

static void decode_rare_protocol(
	struct decoding *decoding, struct cursor cursor, uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_IP4:
	case PROTOCOL_IP6:
		decode_ip_in_ip(
			decoding, cursor, protocol == PROTOCOL_IP6 ? 6 : 4);
		break;
	case PROTOCOL_GRE:
		decode_gre(decoding, cursor);
		break;
	case PROTOCOL_MPLS:
		decode_mpls(decoding, cursor);
		break;
	case PROTOCOL_AH:
		decode_authenticated(decoding, cursor);
		break;
	case PROTOCOL_ESP:
		decode_stop(decoding, SKIP_ENCRYPTED);
		break;
	case PROTOCOL_SCTP:
		decode_stop(decoding, SKIP_SCTP);
		break;
	case PROTOCOL_ETHERNET:
		decode_ethernet_in_ip(decoding, cursor);
		break;
	default:
		decode_stop(decoding, SKIP_IP_PROTOCOL);
		break;
	}
}

/* `cursor` holds the IP payload and no more. */
static inline void decode_protocol(
	struct decoding *decoding, struct cursor cursor, uint8_t protocol)
{
	decoding->packet->protocol = protocol;
	if (__builtin_expect(protocol == PROTOCOL_TCP, 1))
		decode_tcp(decoding, cursor);
	else if (protocol == PROTOCOL_UDP)
		decode_udp(decoding, cursor);
	else if (protocol == PROTOCOL_ICMP && decoding->packet->family == 4)
		decode_icmp(decoding, cursor);
	else if (protocol == PROTOCOL_ICMP6 && decoding->packet->family == 6)
		decode_icmp(decoding, cursor);
	else
		decode_rare_protocol(decoding, cursor, protocol);
}

/* The authentication header protects and does not hide (RFC 4302, 2). */
static void decode_authenticated(
	struct decoding *decoding, struct cursor cursor)
{
	uint8_t next = cursor_u8(&cursor);
	uint32_t bytes = (cursor_u8(&cursor) + 2u) * 4;

	cursor_skip(&cursor, bytes - 2);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (decode_enter(decoding))
		decode_protocol(decoding, cursor, next);
}

/* The bytes of the IP packet behind its fixed header: never more than its
 * length field says (Ethernet pads), nor than the frame had on the wire. */
static inline struct cursor cut_payload(struct decoding *decoding,
	struct cursor cursor, uint32_t header_bytes, uint32_t total_bytes)
{
	struct packet *packet = decoding->packet;
	uint64_t wire = cursor_wire_bytes(&cursor) + header_bytes;

	if (__builtin_expect(total_bytes > wire, 0) &&
		!decoding->is_beginning) {
		packet->quirks |= QUIRK_IP_LENGTH;
		total_bytes = (uint32_t)wire;
	}
	packet->ip_bytes = total_bytes;
	return cursor_cut(&cursor, total_bytes - header_bytes);
}

/* The length of the wire where the field gives none: segmentation offload
 * leaves it 0, as the packet does not fit into 16 bits or is not cut yet. */
static uint32_t length_of_frame(struct packet *packet,
	const struct cursor *cursor, uint32_t header_bytes, uint32_t field)
{
	uint64_t wire = cursor_wire_bytes(cursor) + header_bytes;

	packet->quirks |= field == 0 ? QUIRK_OFFLOAD_LENGTH : QUIRK_IP_LENGTH;
	return wire > UINT32_MAX ? UINT32_MAX : (uint32_t)wire;
}

static void skip_ip4_options(
	struct decoding *decoding, struct cursor *cursor, uint32_t option_bytes)
{
	cursor_skip(cursor, option_bytes);
	if (cursor_is_short(cursor))
		decode_stop_short(decoding, cursor);
}

/* A fragment's transport header is in the first of them only. */
static bool is_later_fragment(
	struct decoding *decoding, uint32_t offset, bool has_more)
{
	struct packet *packet = decoding->packet;

	if (offset > 0) {
		packet->kind = PACKET_FRAGMENT;
		return true;
	}
	if (has_more) {
		packet->is_first_fragment = true;
		packet->quirks |= QUIRK_FRAGMENT;
		decoding->is_beginning = true;
	}
	return false;
}

static inline __attribute__((always_inline)) void read_ip4(
	struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint8_t version = cursor_u8(&cursor);
	uint32_t header_bytes = (version & 0x0fu) * 4;
	uint8_t tos = cursor_u8(&cursor);
	uint32_t total_bytes = cursor_u16(&cursor);
	uint16_t id = cursor_u16(&cursor);
	uint16_t fragment = cursor_u16(&cursor);
	uint8_t ttl = cursor_u8(&cursor);
	uint8_t protocol = cursor_u8(&cursor);
	struct address source = {0}, target = {0};

	cursor_skip(&cursor, 2); /* checksum */
	cursor_copy(&cursor, source.bytes, 4);
	cursor_copy(&cursor, target.bytes, 4);
	if (__builtin_expect(cursor_is_short(&cursor), 0)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (__builtin_expect(
		    version >> 4 != 4 || header_bytes < IP4_HEADER_BYTES, 0)) {
		packet->quirks |= QUIRK_IP_HEADER;
		decode_stop(decoding, SKIP_MALFORMED);
		return;
	}
	packet->family = 4;
	packet->tos = tos;
	packet->ip_id = id;
	packet->is_df = fragment & IP4_DONT_FRAGMENT;
	packet->is_first_fragment = false;
	packet->ttl = ttl;
	packet->protocol = protocol;
	packet->flow_label = 0;
	packet->source = source;
	packet->target = target;
	if (__builtin_expect(fragment & IP4_RESERVED_BIT, 0))
		packet->quirks |= QUIRK_RESERVED_BIT;
	if (__builtin_expect(total_bytes < header_bytes, 0))
		total_bytes = length_of_frame(
			packet, &cursor, IP4_HEADER_BYTES, total_bytes);
	cursor = cut_payload(decoding, cursor, IP4_HEADER_BYTES, total_bytes);
	if (__builtin_expect(header_bytes > IP4_HEADER_BYTES, 0)) {
		skip_ip4_options(
			decoding, &cursor, header_bytes - IP4_HEADER_BYTES);
		if (cursor_is_short(&cursor))
			return;
	}
	if (__builtin_expect(
		    fragment & (IP4_OFFSET_MASK | IP4_MORE_FRAGMENTS), 0) &&
		is_later_fragment(decoding, fragment & IP4_OFFSET_MASK,
			fragment & IP4_MORE_FRAGMENTS))
		return;
	decode_protocol(decoding, cursor, protocol);
}

void decode_ip4(struct decoding *decoding, struct cursor cursor)
{
	/* Twice the same code: in the first the compiler knows that nothing
	 * runs short, and drops the checks. */
	if (__builtin_expect(cursor.at && cursor.left >= IP4_HEADER_BYTES, 1))
		read_ip4(decoding, cursor);
	else
		read_ip4(decoding, cursor);
}

static inline __attribute__((always_inline)) void read_ip6(
	struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint32_t version = cursor_u32(&cursor);
	uint32_t payload_bytes = cursor_u16(&cursor);
	uint8_t next = cursor_u8(&cursor);
	uint8_t hop_limit = cursor_u8(&cursor);
	struct address source = {0}, target = {0};
	struct extensions walk;

	cursor_copy(&cursor, source.bytes, 16);
	cursor_copy(&cursor, target.bytes, 16);
	if (__builtin_expect(cursor_is_short(&cursor), 0)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (__builtin_expect(version >> 28 != 6, 0)) {
		packet->quirks |= QUIRK_IP_HEADER;
		decode_stop(decoding, SKIP_MALFORMED);
		return;
	}
	packet->family = 6;
	packet->tos = (uint8_t)(version >> 20);
	packet->flow_label = version & 0xfffff;
	packet->ip_id = 0;
	packet->is_df = false;
	packet->is_first_fragment = false;
	packet->ttl = hop_limit;
	packet->protocol = next;
	packet->source = source;
	packet->target = target;
	payload_bytes += IP6_HEADER_BYTES;
	if (__builtin_expect(payload_bytes == IP6_HEADER_BYTES, 0) &&
		cursor_wire_bytes(&cursor) > 0)
		payload_bytes =
			length_of_frame(packet, &cursor, IP6_HEADER_BYTES, 0);
	cursor = cut_payload(decoding, cursor, IP6_HEADER_BYTES, payload_bytes);
	if (__builtin_expect(!extension_is(next), 1)) {
		decode_protocol(decoding, cursor, next);
		return;
	}
	walk = extensions_walk(decoding, cursor, next);
	if (!walk.is_complete ||
		is_later_fragment(decoding, walk.fragment_offset,
			walk.has_more_fragments))
		return;
	decode_protocol(decoding, walk.cursor, walk.next);
}

void decode_ip6(struct decoding *decoding, struct cursor cursor)
{
	if (__builtin_expect(cursor.at && cursor.left >= IP6_HEADER_BYTES, 1))
		read_ip6(decoding, cursor);
	else
		read_ip6(decoding, cursor);
}

void decode_ip(struct decoding *decoding, struct cursor cursor)
{
	int first = cursor_peek(&cursor, 0);

	if (first < 0) {
		decode_stop_short(decoding, &cursor);
	} else if (first >> 4 == 4) {
		decode_ip4(decoding, cursor);
	} else if (first >> 4 == 6) {
		decode_ip6(decoding, cursor);
	} else {
		decoding->packet->quirks |= QUIRK_IP_HEADER;
		decode_stop(decoding, SKIP_MALFORMED);
	}
}

bool decode_ip_is_plausible(const struct cursor *cursor)
{
	int first = cursor_peek(cursor, 0);
	uint64_t wire = cursor_wire_bytes(cursor);

	if (first < 0)
		return false;
	if (first >> 4 == 4) {
		int total = cursor_peek_u16(cursor, 2);

		return (first & 0x0f) >= 5 && wire >= IP4_HEADER_BYTES &&
		       (total < 0 || total == 0 ||
			       (total >= IP4_HEADER_BYTES &&
				       (uint64_t)total <= wire));
	}
	if (first >> 4 == 6) {
		int payload = cursor_peek_u16(cursor, 4);

		return wire >= IP6_HEADER_BYTES &&
		       (payload < 0 ||
			       (uint64_t)payload + IP6_HEADER_BYTES <= wire);
	}
	return false;
}
