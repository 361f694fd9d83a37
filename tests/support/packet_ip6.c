#include "tests/support/packet_ip6.h"

#include <string.h>

/* 2001:db8::/32 for public addresses, fd00::/8 for others; /64 for /24. */
static void lengthen_address(struct address *address)
{
	struct address from = *address;
	bool is_private = from.bytes[0] == 10 || from.bytes[0] == 192;

	if (from.bytes[0] == 192 && from.bytes[1] != 168)
		is_private = false;
	memset(address, 0, sizeof(*address));
	memcpy(address->bytes,
		is_private ? "\xfd\x77\x0d\xb8" : "\x20\x01\x0d\xb8", 4);
	memcpy(address->bytes + 4, from.bytes, 3);
	address->bytes[15] = from.bytes[3];
}

static void translate_icmp(struct packet *packet)
{
	static const uint8_t codes[][4] = {{3, 0, 1, 0}, {3, 1, 1, 3},
		{3, 3, 1, 4}, {3, 4, 2, 0}, {3, 13, 1, 1}, {11, 0, 3, 0}};

	for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (packet->icmp_type == codes[i][0] &&
			packet->icmp_code == codes[i][1]) {
			packet->icmp_type = codes[i][2];
			packet->icmp_code = codes[i][3];
			break;
		}
	packet->protocol = PROTOCOL_ICMP6;
	if (packet->icmp_mtu)
		packet->icmp_mtu += 20;
	packet->quoted.family = 6;
	packet->quoted.ip_id = 0;
	packet->quoted.is_df = false;
	packet->quoted.total_bytes += 20;
	lengthen_address(&packet->quoted.source);
	lengthen_address(&packet->quoted.target);
}

void packet_make_ip6(struct packet *packet)
{
	if (packet->family != 4)
		return;
	packet->family = 6;
	packet->ip_id = 0;
	packet->is_df = false;
	packet->ip_bytes += 20;
	packet->wire_bytes += 20;
	if (packet->tcp_flags & TCP_RST)
		packet->flow_label = 0x12345;
	lengthen_address(&packet->source);
	lengthen_address(&packet->target);
	if (packet->kind == PACKET_ICMP)
		translate_icmp(packet);
}
