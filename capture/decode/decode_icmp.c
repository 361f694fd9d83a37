#include "capture/decode/decode_icmp.h"

#include "capture/decode/decode_extensions.h"

bool icmp_is_error(uint8_t family, uint8_t type)
{
	if (family == 4)
		return type == ICMP4_UNREACHABLE || type == ICMP4_QUENCH ||
		       type == ICMP4_REDIRECT || type == ICMP4_TIME_EXCEEDED ||
		       type == ICMP4_PARAMETER;
	return type >= ICMP6_UNREACHABLE && type <= ICMP6_PARAMETER;
}

/* Routers quote as little as eight bytes of the transport header (RFC 792). */
static void quote_transport(struct quotation *quoted, struct cursor cursor)
{
	uint16_t source_port, target_port, flags;
	uint32_t sequence, acknowledged;

	if (quoted->protocol != PROTOCOL_TCP &&
		quoted->protocol != PROTOCOL_UDP)
		return;
	source_port = cursor_u16(&cursor);
	target_port = cursor_u16(&cursor);
	if (cursor_is_short(&cursor))
		return;
	quoted->source_port = source_port;
	quoted->target_port = target_port;
	quoted->has_ports = true;
	sequence = cursor_u32(&cursor);
	if (quoted->protocol != PROTOCOL_TCP || cursor_is_short(&cursor))
		return;
	quoted->sequence = sequence;
	quoted->has_sequence = true;
	acknowledged = cursor_u32(&cursor);
	flags = cursor_u16(&cursor);
	if (cursor_is_short(&cursor))
		return;
	quoted->acknowledged = acknowledged;
	quoted->tcp_flags = flags & 0x1ff;
	quoted->has_acknowledged = true;
}

static void quote_ip4(struct quotation *quoted, struct cursor cursor)
{
	uint8_t version = cursor_u8(&cursor);
	uint32_t header_bytes = (version & 0x0fu) * 4;
	uint8_t tos = cursor_u8(&cursor);
	uint16_t total_bytes = cursor_u16(&cursor);
	uint16_t id = cursor_u16(&cursor);
	uint16_t fragment = cursor_u16(&cursor);
	uint8_t ttl = cursor_u8(&cursor);
	uint8_t protocol = cursor_u8(&cursor);
	struct address source = {0}, target = {0};

	cursor_skip(&cursor, 2);
	cursor_copy(&cursor, source.bytes, 4);
	cursor_copy(&cursor, target.bytes, 4);
	if (cursor_is_short(&cursor) || header_bytes < 20)
		return;
	quoted->family = 4;
	quoted->tos = tos;
	quoted->total_bytes = total_bytes;
	quoted->ip_id = id;
	quoted->is_df = fragment & IP4_DONT_FRAGMENT;
	quoted->ttl = ttl;
	quoted->protocol = protocol;
	quoted->source = source;
	quoted->target = target;
	cursor_skip(&cursor, header_bytes - 20);
	if ((fragment & IP4_OFFSET_MASK) == 0)
		quote_transport(quoted, cursor);
}

/* The quoted packet's extension headers, up to the transport header. */
static void quote_extensions(struct quotation *quoted, struct cursor cursor)
{
	for (unsigned count = 0; count < MOST_EXTENSIONS; count++) {
		struct extension extension;

		if (!extension_read(&cursor, quoted->protocol, &extension)) {
			quote_transport(quoted, cursor);
			return;
		}
		if (extension.fragment_offset || extension.has_more_fragments)
			quoted->ip_id = (uint16_t)extension.identification;
		if (!extension.fragment_offset && cursor_is_short(&cursor))
			return;
		quoted->protocol = extension.next;
		if (extension.fragment_offset)
			return;
	}
}

static void quote_ip6(struct quotation *quoted, struct cursor cursor)
{
	uint32_t version = cursor_u32(&cursor);
	uint32_t payload_bytes = cursor_u16(&cursor);
	uint8_t next = cursor_u8(&cursor);
	uint8_t hop_limit = cursor_u8(&cursor);
	struct address source = {0}, target = {0};

	cursor_copy(&cursor, source.bytes, 16);
	cursor_copy(&cursor, target.bytes, 16);
	if (cursor_is_short(&cursor))
		return;
	quoted->family = 6;
	quoted->tos = (uint8_t)(version >> 20);
	payload_bytes += 40;
	quoted->total_bytes = payload_bytes > UINT16_MAX
				      ? UINT16_MAX
				      : (uint16_t)payload_bytes;
	quoted->ttl = hop_limit;
	quoted->protocol = next;
	quoted->source = source;
	quoted->target = target;
	quote_extensions(quoted, cursor);
}

static void read_quote(struct quotation *quoted, const struct cursor *cursor)
{
	int first = cursor_peek(cursor, 0);

	if (first >= 0 && first >> 4 == 4)
		quote_ip4(quoted, *cursor);
	else if (first >= 0 && first >> 4 == 6)
		quote_ip6(quoted, *cursor);
}

static bool has_identifier(uint8_t family, uint8_t type)
{
	if (family == 4)
		return type == ICMP4_ECHO || type == ICMP4_ECHO_REPLY ||
		       type == ICMP4_TIMESTAMP || type == ICMP4_TIMESTAMP_REPLY;
	return type == ICMP6_ECHO || type == ICMP6_ECHO_REPLY;
}

void decode_icmp(struct decoding *decoding, struct cursor cursor)
{
	struct packet *packet = decoding->packet;
	uint64_t wire = cursor_wire_bytes(&cursor);
	uint8_t type = cursor_u8(&cursor);
	uint8_t code = cursor_u8(&cursor);
	uint32_t rest;

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	packet->kind = PACKET_ICMP;
	packet->icmp_type = type;
	packet->icmp_code = code;
	packet->payload_bytes = wire > 8 ? (uint32_t)(wire - 8) : 0;
	memset(&packet->quoted, 0, sizeof(packet->quoted));
	cursor_skip(&cursor, 2); /* checksum */
	rest = cursor_u32(&cursor);
	if (cursor_is_short(&cursor)) {
		packet->quirks |= QUIRK_SHORT;
		return;
	}
	packet->payload = cursor.at;
	packet->payload_captured = cursor.left;
	if (has_identifier(packet->family, type)) {
		packet->icmp_id = (uint16_t)(rest >> 16);
		packet->icmp_sequence = (uint16_t)rest;
	} else if (packet->family == 4 && type == ICMP4_UNREACHABLE &&
		   code == ICMP4_FRAGMENTATION_NEEDED) {
		packet->icmp_mtu = rest & 0xffff; /* RFC 1191, 4 */
	} else if (packet->family == 6 && type == ICMP6_TOO_BIG) {
		packet->icmp_mtu = rest;
	}
	if (icmp_is_error(packet->family, type))
		read_quote(&packet->quoted, &cursor);
}
