#include "tests/support/packet_encode.h"

#include <string.h>

#include "capture/byte_writer.h"
#include "capture/decode/decode_ethertype.h"
#include "capture/decode/decode_icmp.h"
#include "capture/frame.h"
#include "capture/header_write.h"
#include "capture/linktype.h"

static void write_pair(struct byte_writer *writer, uint8_t kind, uint8_t length)
{
	write_u8(writer, kind);
	write_u8(writer, length);
}

static void write_rare_options(
	struct byte_writer *writer, const struct packet *packet)
{
	if (packet->options & OPTION_MD5) {
		write_pair(writer, 19, 18);
		write_zeros(writer, 16);
	}
	if (packet->options & OPTION_USER_TIMEOUT) {
		write_pair(writer, 28, 4);
		write_zeros(writer, 2);
	}
	if (packet->options & OPTION_AUTHENTICATION) {
		write_pair(writer, 29, 16);
		write_zeros(writer, 14);
	}
	if (packet->options & OPTION_MPTCP_FASTCLOSE) {
		write_pair(writer, 30, 12);
		write_u8(writer, 0x70);
		write_zeros(writer, 9);
	} else if (packet->options & OPTION_MPTCP) {
		write_pair(writer, 30, 4);
		write_u8(writer, 0x20); /* data sequence signal */
		write_zeros(writer, 1);
	}
	if (packet->options & OPTION_FAST_OPEN)
		write_pair(writer, 34, 2);
	if (packet->options & OPTION_UNKNOWN)
		write_pair(writer, 99, 2);
}

size_t tcp_options_encode(const struct packet *packet,
	uint8_t bytes[static MOST_TCP_OPTION_BYTES])
{
	struct byte_writer writer = {
		.bytes = bytes, .capacity = MOST_TCP_OPTION_BYTES};
	bool has_sack_permitted = packet->options & OPTION_SACK_PERMITTED;
	bool has_timestamp = packet->options & OPTION_TIMESTAMP;

	if (packet->options & OPTION_MSS) {
		write_pair(&writer, 2, 4);
		write_u16(&writer, packet->mss);
	}
	if (has_sack_permitted || has_timestamp) {
		if (!(has_sack_permitted && has_timestamp))
			write_pair(&writer, 1, 1); /* two NOPs */
		if (has_sack_permitted)
			write_pair(&writer, 4, 2);
		if (has_timestamp) {
			write_pair(&writer, 8, 10);
			write_u32(&writer, packet->timestamp_value);
			write_u32(&writer, packet->timestamp_echo);
		}
	}
	if (packet->options & OPTION_WINDOW_SCALE) {
		write_u8(&writer, 1);
		write_pair(&writer, 3, 3);
		write_u8(&writer, packet->window_scale);
	}
	if (packet->options & OPTION_SACK) {
		write_pair(&writer, 1, 1);
		write_pair(&writer, 5, (uint8_t)(2 + 8 * packet->sack_count));
		for (unsigned i = 0; i < packet->sack_count; i++) {
			write_u32(&writer, packet->sack[i].start);
			write_u32(&writer, packet->sack[i].end);
		}
	}
	write_rare_options(&writer, packet);
	while (writer.used % 4 != 0 && !writer.is_full)
		write_u8(&writer, 1);
	return writer.is_full ? SIZE_MAX : writer.used;
}

/* The sum over the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1). */
static uint32_t pseudo_header_sum(const struct packet *packet, size_t bytes)
{
	uint8_t pseudo[40] = {0};
	struct byte_writer writer = {
		.bytes = pseudo, .capacity = sizeof(pseudo)};
	uint32_t address_bytes = packet->family == 6 ? 16 : 4;

	write_bytes(&writer, packet->source.bytes, address_bytes);
	write_bytes(&writer, packet->target.bytes, address_bytes);
	write_u32(&writer, (uint32_t)bytes);
	write_u32(&writer, packet->protocol);
	return bytes_sum(pseudo, writer.used);
}

static void write_payload(
	struct byte_writer *writer, const struct packet *packet)
{
	uint32_t captured = packet->payload ? packet->payload_captured : 0;

	if (captured > packet->payload_bytes)
		captured = packet->payload_bytes;
	write_bytes(writer, packet->payload, captured);
	write_zeros(writer, packet->payload_bytes - captured);
}

static bool write_tcp(struct byte_writer *writer, const struct packet *packet)
{
	uint8_t options[MOST_TCP_OPTION_BYTES];
	size_t option_bytes = tcp_options_encode(packet, options);
	size_t start = writer->used;

	if (option_bytes == SIZE_MAX)
		return false;
	write_u16(writer, packet->source_port);
	write_u16(writer, packet->target_port);
	write_u32(writer, packet->sequence);
	write_u32(writer, packet->acknowledged);
	write_u16(
		writer, (uint16_t)((TCP_HEADER_BYTES + option_bytes) / 4 << 12 |
				   packet->tcp_flags));
	write_u16(writer, packet->window);
	write_u16(writer, 0);
	write_u16(writer, packet->urgent);
	write_bytes(writer, options, option_bytes);
	write_payload(writer, packet);
	write_checksum(writer, start, start + 16,
		pseudo_header_sum(packet, writer->used - start));
	return true;
}

static void write_udp(struct byte_writer *writer, const struct packet *packet)
{
	size_t start = writer->used;

	write_u16(writer, packet->source_port);
	write_u16(writer, packet->target_port);
	write_u16(writer, (uint16_t)(UDP_HEADER_BYTES + packet->payload_bytes));
	write_u16(writer, 0);
	write_payload(writer, packet);
	write_checksum(writer, start, start + 6,
		pseudo_header_sum(packet, writer->used - start));
}

static void write_icmp(struct byte_writer *writer, const struct packet *packet)
{
	size_t start = writer->used;

	write_u8(writer, packet->icmp_type);
	write_u8(writer, packet->icmp_code);
	write_u16(writer, 0);
	if (!icmp_is_error(packet->family, packet->icmp_type)) {
		write_u16(writer, packet->icmp_id);
		write_u16(writer, packet->icmp_sequence);
		write_payload(writer, packet);
	} else {
		uint8_t quote[MOST_QUOTATION_BYTES];
		size_t bytes = header_write_quotation(&packet->quoted, quote);

		write_u32(writer, packet->icmp_mtu);
		if (bytes > packet->payload_bytes)
			bytes = packet->payload_bytes;
		write_bytes(writer, quote, bytes);
		write_zeros(writer, packet->payload_bytes - bytes);
	}
	write_checksum(writer, start, start + 2,
		packet->family == 6
			? pseudo_header_sum(packet, writer->used - start)
			: 0);
}

/* An address that folds to what the packet has of it. */
static void write_station(
	struct byte_writer *writer, const struct packet *packet)
{
	uint8_t last = packet->link_source;

	write_u16(writer, last ? 0x0200 : 0);
	write_u32(writer, last ? last ^ 0x02 : 0);
}

static bool write_link(struct byte_writer *writer, const struct packet *packet,
	uint16_t linktype)
{
	uint16_t type = packet->family == 6 ? ETHERTYPE_IP6 : ETHERTYPE_IP4;

	switch (linktype) {
	case LINKTYPE_RAW:
		return true;
	case LINKTYPE_ETHERNET:
		/* addresses of local administration: 02:.. */
		write_u16(writer, 0x0200);
		write_u32(writer, 2);
		write_station(writer, packet);
		write_u16(writer, type);
		return true;
	case LINKTYPE_LINUX_SLL2:
		write_u16(writer, type);
		write_u16(writer, 0);
		write_u32(writer, packet->device);
		write_u16(writer, 1); /* an Ethernet device */
		write_u8(writer, packet->direction == FRAME_OUTBOUND ? 4 : 0);
		write_u8(writer, 6);
		write_station(writer, packet);
		write_u16(writer, 0);
		return true;
	default:
		return false;
	}
}

static uint32_t transport_bytes(const struct packet *packet)
{
	uint8_t options[MOST_TCP_OPTION_BYTES];

	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		return TCP_HEADER_BYTES +
		       (uint32_t)tcp_options_encode(packet, options);
	case PACKET_UDP:
		return UDP_HEADER_BYTES;
	case PACKET_ICMP:
		return ICMP_HEADER_BYTES;
	case PACKET_FRAGMENT:
	case PACKET_OTHER:
		break;
	}
	return 0;
}

static uint16_t fragment_field(const struct packet *packet)
{
	uint16_t field = packet->is_df ? 0x4000 : 0;

	if (packet->quirks & QUIRK_RESERVED_BIT)
		field |= 0x8000;
	if (packet->is_first_fragment)
		field |= 0x2000;
	if (packet->kind == PACKET_FRAGMENT)
		field |= 185; /* 1480 bytes in */
	return field;
}

size_t packet_encode(const struct packet *packet, uint16_t linktype,
	uint8_t *bytes, size_t capacity)
{
	struct byte_writer writer = {.bytes = bytes, .capacity = capacity};
	uint32_t ip_bytes =
		packet->family == 6 ? IP6_HEADER_BYTES : IP4_HEADER_BYTES;
	bool is_fragment =
		packet->kind == PACKET_FRAGMENT || packet->is_first_fragment;
	struct ip_header ip = {
		.source = packet->source,
		.target = packet->target,
		.flow_label = packet->flow_label,
		.id = packet->ip_id,
		.fragment = fragment_field(packet),
		.family = packet->family,
		.protocol = packet->protocol,
		.ttl = packet->ttl,
		.tos = packet->tos,
	};

	if ((packet->family != 4 && packet->family != 6) ||
		(packet->family == 6 && is_fragment) ||
		!write_link(&writer, packet, linktype))
		return 0;
	ip.total_bytes =
		ip_bytes + transport_bytes(packet) + packet->payload_bytes;
	if (packet->kind == PACKET_FRAGMENT)
		ip.total_bytes = packet->ip_bytes;
	if (packet->quirks & QUIRK_OFFLOAD_LENGTH)
		ip.total_bytes = UINT32_MAX; /* written as 0 */
	if (packet->quirks & QUIRK_IP_LENGTH)
		ip.total_bytes++; /* a byte that is not there */
	header_write_ip(&writer, &ip);
	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		if (!write_tcp(&writer, packet))
			return 0;
		break;
	case PACKET_UDP:
		write_udp(&writer, packet);
		break;
	case PACKET_ICMP:
		write_icmp(&writer, packet);
		break;
	case PACKET_FRAGMENT:
		write_zeros(&writer, ip.total_bytes > ip_bytes
					     ? ip.total_bytes - ip_bytes
					     : 0);
		break;
	case PACKET_OTHER:
		return 0;
	}
	return writer.is_full ? 0 : writer.used;
}
