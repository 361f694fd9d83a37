/* Plain packets: TCP in IPv4 without options or in IPv6 without extension
 * headers, in Ethernet with at most one VLAN tag, unfragmented and with lengths
 * that agree. Nearly all packets of nearly all captures are; what the analysis
 * needs of them stands at fixed places, so that a whole struct packet is made
 * only of the others.
 *
 * Whatever is read here has the same value in packet_decode's struct packet:
 * tests/unit/test_plain.c compares them. */
#ifndef CAPTURE_DECODE_PLAIN_PACKET_H
#define CAPTURE_DECODE_PLAIN_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/cursor.h"
#include "capture/decode/decode_ethertype.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "capture/numbers.h"
#include "capture/packet.h"

/* Between whom a plain packet is. Ports in host byte order. */
struct plain_name {
	struct cursor network;	  /* at the IP header, to the frame's end */
	const uint8_t *addresses; /* in the frame, network order: source, then
				     target, 4 or 16 bytes each */
	uint16_t source_port, target_port;
	uint8_t family; /* 4, 6 */
};

/* An established connection's segment: ACK, perhaps PSH, no other flag; no
 * options, or timestamps alone as all stacks place them. Without quirks.
 * Fields as in struct packet. */
struct plain_packet {
	int64_t time_ns;
	uint64_t frame;
	uint32_t sequence, acknowledged;
	uint32_t payload_bytes, payload_captured;
	uint32_t ip_bytes;
	const uint8_t *payload;
	uint16_t window, ip_id;
	uint8_t family, ttl, tos, tcp_flags;
	bool is_df, has_timestamp;
};

enum {
	PLAIN_IP4_FIRST = 0x45,	     /* version 4, header of 20 bytes */
	PLAIN_IP4_FRAGMENT = 0xbfff, /* all but DF */
	PLAIN_NOP_NOP_TIMESTAMP = 0x0101080a,
	PLAIN_TIMESTAMP_BYTES = 12,
};

static inline bool plain_ip4_name(struct plain_name *name)
{
	struct cursor cursor = name->network;
	uint8_t first = cursor_u8(&cursor);
	uint32_t total_bytes;
	uint16_t fragment;

	cursor_skip(&cursor, 1); /* type of service */
	total_bytes = cursor_u16(&cursor);
	cursor_skip(&cursor, 2); /* identification */
	fragment = cursor_u16(&cursor);
	cursor_skip(&cursor, 1); /* time to live */
	if (first != PLAIN_IP4_FIRST || cursor_u8(&cursor) != PROTOCOL_TCP ||
		fragment & PLAIN_IP4_FRAGMENT ||
		total_bytes < IP4_HEADER_BYTES + TCP_HEADER_BYTES ||
		total_bytes > cursor_wire_bytes(&name->network))
		return false;
	cursor_skip(&cursor, 2); /* checksum */
	name->addresses = cursor.at;
	cursor_skip(&cursor, 8);
	name->source_port = cursor_u16(&cursor);
	name->target_port = cursor_u16(&cursor);
	name->family = 4;
	return true;
}

static inline bool plain_ip6_name(struct plain_name *name)
{
	struct cursor cursor = name->network;
	uint32_t version = cursor_u32(&cursor);
	uint32_t payload_bytes = cursor_u16(&cursor);

	if (version >> 28 != 6 || cursor_u8(&cursor) != PROTOCOL_TCP ||
		payload_bytes < TCP_HEADER_BYTES ||
		payload_bytes + IP6_HEADER_BYTES >
			cursor_wire_bytes(&name->network))
		return false;
	cursor_skip(&cursor, 1); /* hop limit */
	name->addresses = cursor.at;
	cursor_skip(&cursor, 32);
	name->source_port = cursor_u16(&cursor);
	name->target_port = cursor_u16(&cursor);
	name->family = 6;
	return true;
}

/* False: the frame holds no plain packet, or not all of its headers. The name
 * points into the frame's bytes. */
static inline bool plain_name_of(
	const struct frame *frame, struct plain_name *name)
{
	enum { LEAST_4 = IP4_HEADER_BYTES + TCP_HEADER_BYTES };
	enum { LEAST_6 = IP6_HEADER_BYTES + TCP_HEADER_BYTES };
	struct cursor cursor = cursor_on(
		frame->bytes, frame->captured_bytes, frame->original_bytes);
	uint16_t type;

	if (__builtin_expect(frame->linktype != LINKTYPE_ETHERNET, 0))
		return false;
	cursor_skip(&cursor, 12); /* stations */
	type = cursor_u16(&cursor);
	if (type == ETHERTYPE_VLAN) {
		cursor_skip(&cursor, 2); /* VLAN id */
		type = cursor_u16(&cursor);
	}
	if (!cursor.at || cursor.left < LEAST_4)
		return false;
	name->network = cursor;
	if (type == ETHERTYPE_IP4)
		return plain_ip4_name(name);
	return type == ETHERTYPE_IP6 && cursor.left >= LEAST_6 &&
	       plain_ip6_name(name);
}

/* The TCP header, of which 20 bytes were captured, to the packet's end. */
static inline bool plain_segment(
	struct cursor cursor, struct plain_packet *packet)
{
	uint16_t flags;
	bool has_ports = cursor_u16(&cursor) != 0;

	has_ports = cursor_u16(&cursor) != 0 && has_ports;
	packet->sequence = cursor_u32(&cursor);
	packet->acknowledged = cursor_u32(&cursor);
	flags = cursor_u16(&cursor);
	packet->window = cursor_u16(&cursor);
	cursor_skip(&cursor, 4); /* checksum, urgent pointer */
	packet->tcp_flags = (uint8_t)flags;
	packet->has_timestamp = flags >> 12 == 8;
	if (!has_ports || (flags & 0x1ff & ~TCP_PSH) != TCP_ACK ||
		(flags >> 12 != 5 && !packet->has_timestamp))
		return false;
	if (packet->has_timestamp) {
		if (cursor.left < PLAIN_TIMESTAMP_BYTES ||
			cursor_u32(&cursor) != PLAIN_NOP_NOP_TIMESTAMP)
			return false;
		cursor_skip(&cursor, 8); /* value, echo */
	}
	packet->payload = cursor.at;
	packet->payload_captured = cursor.left;
	packet->payload_bytes = cursor.left + cursor.beyond;
	return true;
}

/* Of a frame that plain_name_of has named; its IP header begins at
 * `network_offset`. False: it is no plain segment of an established
 * connection. */
static inline bool plain_packet_of(const struct frame *frame,
	unsigned network_offset, uint8_t family, struct plain_packet *packet)
{
	struct cursor cursor = cursor_on(frame->bytes, frame->captured_bytes,
		frame->original_bytes);
	uint32_t header_bytes =
		family == 4 ? IP4_HEADER_BYTES : IP6_HEADER_BYTES;
	uint32_t field;

	packet->time_ns = frame->time_ns;
	packet->frame = frame->number;
	packet->family = family;
	cursor_skip(&cursor, network_offset);
	/* asked once: no read below is asked again by the compiler */
	if (!cursor.at || cursor.left < header_bytes + TCP_HEADER_BYTES)
		return false;
	if (family == 4) {
		cursor_skip(&cursor, 1);
		packet->tos = cursor_u8(&cursor);
		packet->ip_bytes = cursor_u16(&cursor);
		packet->ip_id = cursor_u16(&cursor);
		packet->is_df = cursor_u16(&cursor) & IP4_DONT_FRAGMENT;
		packet->ttl = cursor_u8(&cursor);
		cursor_skip(&cursor, 11); /* protocol, checksum, addresses */
	} else {
		field = cursor_u32(&cursor);
		packet->tos = (uint8_t)(field >> 20);
		packet->ip_bytes = cursor_u16(&cursor) + IP6_HEADER_BYTES;
		packet->ip_id = 0;
		packet->is_df = false;
		cursor_skip(&cursor, 1); /* next header */
		packet->ttl = cursor_u8(&cursor);
		cursor_skip(&cursor, 32); /* addresses */
	}
	cursor = cursor_cut(&cursor, packet->ip_bytes - header_bytes);
	return cursor.left >= TCP_HEADER_BYTES && plain_segment(cursor, packet);
}

#endif
