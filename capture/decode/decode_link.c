#include "capture/decode/decode_link.h"

#include "capture/decode/decode_encapsulated.h"
#include "capture/decode/decode_ethertype.h"
#include "capture/decode/decode_network.h"
#include "capture/decode/decode_wireless.h"
#include "capture/frame.h"
#include "capture/linktype.h"

enum cooked_type { COOKED_OUTGOING = 4 };

enum arphrd { /* Linux, if_arp.h: what the device of a cooked frame is */
	ARPHRD_IPGRE = 778,
	ARPHRD_RADIOTAP = 803,
	ARPHRD_NETLINK = 824,
};

static void decode_cooked(struct decoding *decoding, struct cursor cursor,
	uint16_t packet_type, uint16_t device_type, uint16_t protocol)
{
	struct packet *packet = decoding->packet;

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (packet->direction == FRAME_ANY_WAY)
		packet->direction = packet_type == COOKED_OUTGOING
					    ? FRAME_OUTBOUND
					    : FRAME_INBOUND;
	if (device_type == ARPHRD_NETLINK)
		decode_stop(decoding, SKIP_ETHERTYPE);
	else if (device_type == ARPHRD_RADIOTAP)
		decode_radiotap(decoding, cursor);
	else
		decode_ethertype(decoding, cursor, protocol);
}

/* The sender's address, of which eight bytes are kept. */
static void decode_cooked_source(
	struct decoding *decoding, struct cursor *cursor, uint16_t bytes)
{
	if (bytes == 6) {
		decode_link_source(decoding, cursor);
		cursor_skip(cursor, 2);
	} else {
		cursor_skip(cursor, 8);
	}
}

static void decode_cooked_1(struct decoding *decoding, struct cursor cursor)
{
	uint16_t packet_type = cursor_u16(&cursor);
	uint16_t device_type = cursor_u16(&cursor);
	uint16_t protocol;

	decode_cooked_source(decoding, &cursor, cursor_u16(&cursor));
	protocol = cursor_u16(&cursor);
	decode_cooked(decoding, cursor, packet_type, device_type, protocol);
}

static void decode_cooked_2(struct decoding *decoding, struct cursor cursor)
{
	uint16_t protocol = cursor_u16(&cursor);
	uint16_t device_type;
	uint8_t packet_type;

	cursor_skip(&cursor, 2);
	decoding->packet->device = cursor_u32(&cursor);
	device_type = cursor_u16(&cursor);
	packet_type = cursor_u8(&cursor);
	decode_cooked_source(decoding, &cursor, cursor_u8(&cursor));
	decode_cooked(decoding, cursor, packet_type, device_type, protocol);
}

/* BSD loopback: the address family, in the order of the host that wrote (or
 * of the network). IPv6 has another number on each system. */
static void decode_loopback(struct decoding *decoding, struct cursor cursor)
{
	uint32_t family = cursor_u32(&cursor);

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (family > UINT16_MAX)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		decode_ip4(decoding, cursor);
		break;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		decode_ip6(decoding, cursor);
		break;
	default:
		decode_stop(decoding, SKIP_ETHERTYPE);
		break;
	}
}

/* Skips a header and goes on with IP by its version nibble. */
static void skip_to_ip(
	struct decoding *decoding, struct cursor cursor, uint32_t bytes)
{
	cursor_skip(&cursor, bytes);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else
		decode_ip(decoding, cursor);
}

/* OpenBSD's packet filter log: its length, padded to four, then IP. */
static void decode_pflog(struct decoding *decoding, struct cursor cursor)
{
	int bytes = cursor_peek(&cursor, 0);

	if (bytes < 0)
		decode_stop_short(decoding, &cursor);
	else
		skip_to_ip(decoding, cursor, ((unsigned)bytes + 3) & ~3u);
}

static void decode_token_ring(struct decoding *decoding, struct cursor cursor)
{
	uint8_t source;

	cursor_skip(&cursor, 8); /* access, frame control, target */
	source = cursor_u8(&cursor);
	cursor_skip(&cursor, 5);
	if (source & 0x80) { /* source routing: its length is the low bits */
		uint8_t route_bytes = cursor_u8(&cursor) & 0x1f;

		cursor_skip(&cursor, route_bytes > 1 ? route_bytes - 1u : 0);
	}
	decode_llc(decoding, cursor);
}

static void decode_fddi(struct decoding *decoding, struct cursor cursor)
{
	uint8_t control = cursor_u8(&cursor);

	cursor_skip(&cursor, 12);
	if ((control & 0xf0) != 0x50 && !cursor_is_short(&cursor))
		decode_stop(decoding, SKIP_MANAGEMENT);
	else
		decode_llc(decoding, cursor);
}

static void decode_with_direction(
	struct decoding *decoding, struct cursor cursor, uint16_t linktype)
{
	uint8_t direction = cursor_u8(&cursor);

	if (decoding->packet->direction == FRAME_ANY_WAY &&
		!cursor_is_short(&cursor))
		decoding->packet->direction =
			direction ? FRAME_OUTBOUND : FRAME_INBOUND;
	decode_link(decoding, cursor, linktype);
}

/* PPP where a direction byte stands in the place of ff, before 03. */
static void decode_pppd(struct decoding *decoding, struct cursor cursor)
{
	if (cursor_peek(&cursor, 0) == 0xff) {
		decode_ppp(decoding, cursor);
		return;
	}
	if (decoding->packet->direction == FRAME_ANY_WAY)
		decoding->packet->direction = cursor_peek(&cursor, 0) > 0
						      ? FRAME_OUTBOUND
						      : FRAME_INBOUND;
	cursor_skip(&cursor, cursor_peek(&cursor, 1) == 0x03 ? 2 : 1);
	decode_ppp(decoding, cursor);
}

/* PPI and PKTAP: a header with the link type of what follows. */
static void decode_ppi(struct decoding *decoding, struct cursor cursor)
{
	uint16_t header_bytes;
	uint32_t inner;

	cursor_skip(&cursor, 2);
	header_bytes = cursor_u16_little(&cursor);
	inner = cursor_u32_little(&cursor);
	cursor_skip(&cursor, header_bytes < 8 ? 0 : header_bytes - 8u);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (header_bytes < 8 || inner > UINT16_MAX)
		decode_stop(decoding, SKIP_MALFORMED);
	else
		decode_link(decoding, cursor, (uint16_t)inner);
}

static void decode_pktap(struct decoding *decoding, struct cursor cursor)
{
	uint32_t header_bytes = cursor_u32_little(&cursor);
	uint32_t inner;

	cursor_skip(&cursor, 4);
	inner = cursor_u32_little(&cursor);
	cursor_skip(&cursor, header_bytes < 12 ? 0 : header_bytes - 12);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (header_bytes < 12 || inner > UINT16_MAX)
		decode_stop(decoding, SKIP_MALFORMED);
	else
		decode_link(decoding, cursor, (uint16_t)inner);
}

/* Netfilter's log: attributes in the byte order of the host; the packet is
 * attribute 9. A length that can't be is taken for the other order. */
static void decode_nflog(struct decoding *decoding, struct cursor cursor)
{
	enum { ATTRIBUTE_PAYLOAD = 9, ATTRIBUTE_HEADER_BYTES = 4 };
	bool is_big;

	cursor_skip(&cursor, 4);
	is_big = cursor_peek(&cursor, 0) == 0;
	while (cursor.left >= ATTRIBUTE_HEADER_BYTES) {
		uint32_t bytes = is_big ? cursor_u16(&cursor)
					: cursor_u16_little(&cursor);
		uint16_t type = is_big ? cursor_u16(&cursor)
				       : cursor_u16_little(&cursor);

		if (bytes < ATTRIBUTE_HEADER_BYTES)
			break;
		bytes -= ATTRIBUTE_HEADER_BYTES;
		if ((type & 0x7fff) == ATTRIBUTE_PAYLOAD) {
			decode_ip(decoding, cursor_cut(&cursor, bytes));
			return;
		}
		cursor_skip(&cursor, (bytes + 3) & ~3u);
	}
	decode_stop_short(decoding, &cursor);
}

static void skip_to_ethernet(
	struct decoding *decoding, struct cursor cursor, uint32_t bytes)
{
	cursor_skip(&cursor, bytes);
	decode_ethernet(decoding, cursor);
}

static void decode_ppp_with_direction(
	struct decoding *decoding, struct cursor cursor)
{
	decode_with_direction(decoding, cursor, LINKTYPE_PPP);
}

static void decode_c_hdlc_with_direction(
	struct decoding *decoding, struct cursor cursor)
{
	decode_with_direction(decoding, cursor, LINKTYPE_C_HDLC);
}

static void decode_frelay_with_direction(
	struct decoding *decoding, struct cursor cursor)
{
	decode_with_direction(decoding, cursor, LINKTYPE_FRELAY);
}

static void decode_plain_80211(struct decoding *decoding, struct cursor cursor)
{
	decode_80211(decoding, cursor, false);
}

/* OpenBSD's IPsec interface: family, SPI and flags. */
static void decode_enc(struct decoding *decoding, struct cursor cursor)
{
	skip_to_ip(decoding, cursor, 12);
}

static void decode_netanalyzer(struct decoding *decoding, struct cursor cursor)
{
	skip_to_ethernet(decoding, cursor, 4);
}

/* With the preamble. */
static void decode_netanalyzer_transparent(
	struct decoding *decoding, struct cursor cursor)
{
	skip_to_ethernet(decoding, cursor, 12);
}

/* Preamble and start delimiter. */
static void decode_mpacket(struct decoding *decoding, struct cursor cursor)
{
	skip_to_ethernet(decoding, cursor, 8);
}

/* All link types, by number; one that is not here is counted as not decoded.
 * decode_link decodes Ethernet and cooked captures before it looks here, since
 * most captures are of these; the others it finds in this table alone. */
static const struct link_type link_types[] = {
	[LINKTYPE_ETHERNET] = {decode_ethernet},
	[LINKTYPE_NULL] = {decode_loopback},
	[LINKTYPE_LOOP] = {decode_loopback},
	[LINKTYPE_RAW] = {decode_ip},
	[LINKTYPE_IPV4] = {decode_ip4},
	[LINKTYPE_IPV6] = {decode_ip6},
	[LINKTYPE_LINUX_SLL] = {decode_cooked_1},
	[LINKTYPE_LINUX_SLL2] = {decode_cooked_2},
	[LINKTYPE_PPP] = {decode_ppp},
	[LINKTYPE_PPP_BSDOS] = {decode_ppp},
	[LINKTYPE_PPP_HDLC] = {decode_ppp_hdlc},
	[LINKTYPE_PPP_PPPD] = {decode_pppd},
	[LINKTYPE_PPP_WITH_DIR] = {decode_ppp_with_direction},
	[LINKTYPE_PPP_ETHER] = {decode_pppoe},
	[LINKTYPE_C_HDLC] = {decode_cisco_hdlc},
	[LINKTYPE_C_HDLC_WITH_DIR] = {decode_c_hdlc_with_direction},
	[LINKTYPE_FRELAY] = {decode_frame_relay},
	[LINKTYPE_FRELAY_WITH_DIR] = {decode_frelay_with_direction},
	[LINKTYPE_ATM_RFC1483] = {decode_llc},
	[LINKTYPE_ATM_CLIP] = {decode_ip},
	[LINKTYPE_IEEE802_5] = {decode_token_ring},
	[LINKTYPE_FDDI] = {decode_fddi},
	[LINKTYPE_IEEE802_11] = {decode_plain_80211},
	[LINKTYPE_IEEE802_11_RADIOTAP] = {decode_radiotap},
	[LINKTYPE_IEEE802_11_PRISM] = {decode_prism},
	[LINKTYPE_IEEE802_11_AVS] = {decode_avs},
	[LINKTYPE_PFLOG] = {decode_pflog},
	[LINKTYPE_ENC] = {decode_enc},
	[LINKTYPE_NFLOG] = {decode_nflog},
	[LINKTYPE_PPI] = {decode_ppi},
	[LINKTYPE_PKTAP] = {decode_pktap},
	[LINKTYPE_NETANALYZER] = {decode_netanalyzer},
	[LINKTYPE_NETANALYZER_TRANSPARENT] = {decode_netanalyzer_transparent},
	[LINKTYPE_ETHERNET_MPACKET] = {decode_mpacket},
};

enum { LINK_TYPES = sizeof(link_types) / sizeof(link_types[0]) };

const struct link_type *link_type_of(uint16_t linktype)
{
	return linktype < LINK_TYPES && link_types[linktype].decode
		       ? &link_types[linktype]
		       : NULL;
}

unsigned link_type_count(void)
{
	return LINK_TYPES;
}

static void decode_rare_link(
	struct decoding *decoding, struct cursor cursor, uint16_t linktype)
{
	const struct link_type *type = link_type_of(linktype);

	if (!decode_enter(decoding))
		return;
	if (type)
		type->decode(decoding, cursor);
	else
		decode_stop(decoding, SKIP_LINKTYPE);
}

void decode_link(
	struct decoding *decoding, struct cursor cursor, uint16_t linktype)
{
	linktype = linktype_canonical(linktype);
	if (__builtin_expect(linktype == LINKTYPE_ETHERNET, 1))
		decode_ethernet(decoding, cursor);
	else if (linktype == LINKTYPE_LINUX_SLL)
		decode_cooked_1(decoding, cursor);
	else if (linktype == LINKTYPE_LINUX_SLL2)
		decode_cooked_2(decoding, cursor);
	else
		decode_rare_link(decoding, cursor, linktype);
}
