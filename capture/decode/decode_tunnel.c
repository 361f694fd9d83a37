#include "capture/decode/decode_tunnel.h"

#include "capture/decode/decode_encapsulated.h"
#include "capture/decode/decode_ethertype.h"
#include "capture/decode/decode_network.h"
#include "capture/decode/decode_wireless.h"

enum { MOST_LABELS = 16, MOST_GTP_EXTENSIONS = 8 };

enum udp_port {
	PORT_GTP = 2152,
	PORT_TEREDO = 3544,
	PORT_VXLAN = 4789,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472, /* Linux before it had a number: flannel */
};

enum gre_bits {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGE = 0x0080, /* version 1 */
	GRE_VERSION = 0x0007,
};

enum gre_type {
	GRE_TYPE_ARUBA_FIRST = 0x8200,
	GRE_TYPE_ARUBA_LAST = 0x82ff,
	GRE_TYPE_CACHE_REDIRECT = 0x883e,
	GRE_TYPE_ERSPAN = 0x88be,
	GRE_TYPE_ERSPAN_3 = 0x22eb,
};

enum { ERSPAN_TRUNCATED = 0x04 }; /* in the third byte */

static uint32_t mix(uint32_t hash, const struct address *address)
{
	for (unsigned i = 0; i < sizeof(address->bytes); i++)
		hash = (hash ^ address->bytes[i]) * 0x01000193u;
	return hash;
}

/* The same whichever end sent. */
static uint32_t endpoints_context(
	const struct packet *packet, enum tunnel tunnel)
{
	uint32_t start = (packet->context ^ tunnel) * 0x85ebca6bu + 0x811c9dc5u;
	const struct address *low = &packet->source, *high = &packet->target;
	uint32_t hash;

	if (memcmp(low, high, sizeof(*low)) > 0) {
		low = &packet->target;
		high = &packet->source;
	}
	hash = mix(mix(start, low), high);
	hash ^= hash >> 15;
	return hash ? hash : 1;
}

/* Leaves the outer packet behind: what it had of a transport header is not
 * the inner one's. */
static bool enter_tunnel(
	struct decoding *decoding, enum tunnel tunnel, bool tells_hosts_apart)
{
	struct packet *packet = decoding->packet;

	if (++decoding->tunnels > MOST_TUNNELS) {
		packet->quirks |= QUIRK_TUNNEL_DEPTH;
		decode_stop(decoding, SKIP_DEPTH);
		return false;
	}
	if (!decode_enter(decoding))
		return false;
	if (tells_hosts_apart)
		packet->context = endpoints_context(packet, tunnel);
	if (packet->tunnel == TUNNEL_NONE)
		packet->tunnel = (uint8_t)tunnel;
	packet->kind = PACKET_OTHER;
	packet->source_port = 0;
	packet->target_port = 0;
	packet->payload = NULL;
	packet->segment = NULL;
	packet->payload_bytes = 0;
	packet->payload_captured = 0;
	packet->quirks &= ~(uint32_t)(QUIRK_FRAGMENT | QUIRK_PORT_ZERO);
	return true;
}

void decode_ip_in_ip(
	struct decoding *decoding, struct cursor cursor, uint8_t inner_family)
{
	uint8_t outer_family = decoding->packet->family;
	bool is_6in4 = inner_family == 6 && outer_family == 4;

	if (!enter_tunnel(decoding, is_6in4 ? TUNNEL_6IN4 : TUNNEL_IP_IN_IP,
		    inner_family == 4 && outer_family == 6))
		return;
	if (inner_family == 6)
		decode_ip6(decoding, cursor);
	else
		decode_ip4(decoding, cursor);
}

void decode_ethernet_in_ip(struct decoding *decoding, struct cursor cursor)
{
	if (enter_tunnel(decoding, TUNNEL_IP_IN_IP, false))
		decode_ethernet(decoding, cursor);
}

/* Type I has no header and no sequence number, II has 8 bytes, III has 12 and
 * a subheader when its last bit says so. The T bit of II and III says that the
 * mirror cut its copy. */
static void decode_erspan(struct decoding *decoding, struct cursor cursor,
	uint16_t type, bool has_sequence)
{
	unsigned frame_type = 0;
	int third = cursor_peek(&cursor, 2);

	if (!enter_tunnel(decoding, TUNNEL_ERSPAN, false))
		return;
	if ((type == GRE_TYPE_ERSPAN_3 || has_sequence) && third >= 0 &&
		third & ERSPAN_TRUNCATED)
		decoding->is_beginning = true;
	if (type == GRE_TYPE_ERSPAN_3) {
		uint16_t last;

		cursor_skip(&cursor, 10);
		last = cursor_u16(&cursor);
		frame_type = last >> 10 & 0x1f;
		if (last & 1)
			cursor_skip(&cursor, 8);
	} else if (has_sequence) {
		cursor_skip(&cursor, 8);
	}
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (frame_type == 2)
		decode_ip(decoding, cursor);
	else
		decode_ethernet(decoding, cursor);
}

/* PPTP: PPP, acknowledged; with MPPE what follows can't be read. */
static void decode_pptp(
	struct decoding *decoding, struct cursor cursor, uint16_t flags)
{
	uint16_t payload_bytes = cursor_u16(&cursor);

	cursor_skip(&cursor, 2); /* call id, another in each direction */
	if (flags & GRE_SEQUENCE)
		cursor_skip(&cursor, 4);
	if (flags & GRE_ACKNOWLEDGE)
		cursor_skip(&cursor, 4);
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
	} else if (!(flags & GRE_SEQUENCE) || payload_bytes == 0) {
		decode_stop(decoding, SKIP_MANAGEMENT);
	} else if (enter_tunnel(decoding, TUNNEL_GRE, true)) {
		cursor = cursor_cut(&cursor, payload_bytes);
		decode_ppp(decoding, cursor);
	}
}

void decode_gre(struct decoding *decoding, struct cursor cursor)
{
	uint16_t flags = cursor_u16(&cursor);
	uint16_t type = cursor_u16(&cursor);

	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if ((flags & GRE_VERSION) == 1) {
		decode_pptp(decoding, cursor, flags);
		return;
	}
	if ((flags & GRE_VERSION) != 0 || flags & GRE_ROUTING) {
		decode_stop(decoding, SKIP_IP_PROTOCOL);
		return;
	}
	if (flags & GRE_CHECKSUM)
		cursor_skip(&cursor, 4);
	if (flags & GRE_KEY)
		cursor_skip(&cursor, 4);
	if (flags & GRE_SEQUENCE)
		cursor_skip(&cursor, 4);
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
	} else if (type == GRE_TYPE_ERSPAN || type == GRE_TYPE_ERSPAN_3) {
		decode_erspan(decoding, cursor, type, flags & GRE_SEQUENCE);
	} else if (type == GRE_TYPE_CACHE_REDIRECT) {
		/* version 2 puts four bytes before the IP header */
		if (!decode_ip_is_plausible(&cursor))
			cursor_skip(&cursor, 4);
		if (enter_tunnel(decoding, TUNNEL_GRE, false))
			decode_ip4(decoding, cursor);
	} else if (!enter_tunnel(decoding, TUNNEL_GRE, true)) {
		return;
	} else if (type >= GRE_TYPE_ARUBA_FIRST &&
		   type <= GRE_TYPE_ARUBA_LAST) {
		decode_80211(decoding, cursor, false);
	} else {
		decode_ethertype(decoding, cursor, type);
	}
}

/* Whether this could be an Ethernet header in front of something we know. */
static bool is_ethernet_plausible(const struct cursor *cursor)
{
	int type = cursor_peek_u16(cursor, 12);
	int first = cursor_peek(cursor, 14);

	switch (type) {
	case ETHERTYPE_IP4:
		return first >> 4 == 4;
	case ETHERTYPE_IP6:
		return first >> 4 == 6;
	case ETHERTYPE_ARP:
	case ETHERTYPE_VLAN:
	case ETHERTYPE_VLAN_SERVICE:
	case ETHERTYPE_MPLS:
		return true;
	default:
		return false;
	}
}

void decode_mpls(struct decoding *decoding, struct cursor cursor)
{
	unsigned labels = 0;
	uint32_t entry;
	int first;

	do {
		entry = cursor_u32(&cursor);
		if (cursor_is_short(&cursor)) {
			decode_stop_short(decoding, &cursor);
			return;
		}
		if (++labels > MOST_LABELS) {
			decode_stop(decoding, SKIP_DEPTH);
			return;
		}
	} while (!(entry & 0x100));

	if (!decode_enter(decoding))
		return;
	first = cursor_peek(&cursor, 0);
	if (first < 0) {
		decode_stop_short(decoding, &cursor);
	} else if (decode_ip_is_plausible(&cursor)) {
		decode_ip(decoding, cursor);
	} else if (first >> 4 == 1) {
		/* the pseudowire's own channel (RFC 4385, 5) */
		decode_stop(decoding, SKIP_MANAGEMENT);
	} else if (is_ethernet_plausible(&cursor)) {
		decode_ethernet(decoding, cursor);
	} else if (first >> 4 == 0) {
		cursor_skip(&cursor, 4); /* control word (RFC 4385, 3) */
		if (is_ethernet_plausible(&cursor))
			decode_ethernet(decoding, cursor);
		else
			decode_stop(decoding, SKIP_ETHERTYPE);
	} else {
		decode_stop(decoding, SKIP_ETHERTYPE);
	}
}

static void decode_vxlan(struct decoding *decoding, struct cursor cursor)
{
	uint8_t flags = cursor_u8(&cursor);

	cursor_skip(&cursor, 7);
	/* the I bit must be set (RFC 7348, 5); 0x80 is the group policy */
	if (cursor_is_short(&cursor) || (flags & 0x7f) != 0x08 ||
		cursor_peek_u16(&cursor, 12) < 0)
		return;
	if (enter_tunnel(decoding, TUNNEL_VXLAN, true))
		decode_ethernet(decoding, cursor);
}

static void decode_geneve(struct decoding *decoding, struct cursor cursor)
{
	uint8_t version = cursor_u8(&cursor);
	uint16_t type;

	cursor_skip(&cursor, 1);
	type = cursor_u16(&cursor);
	cursor_skip(&cursor, 4u + (version & 0x3fu) * 4);
	if (cursor_is_short(&cursor) || version >> 6 != 0)
		return;
	if (type == ETHERTYPE_BRIDGED ? cursor_peek_u16(&cursor, 12) < 0
				      : !decode_ip_is_plausible(&cursor))
		return;
	if (enter_tunnel(decoding, TUNNEL_GENEVE, true))
		decode_ethertype(decoding, cursor, type);
}

/* GTP version 1, user plane (3GPP TS 29.281, 5.1). */
static void decode_gtp(struct decoding *decoding, struct cursor cursor)
{
	uint8_t flags = cursor_u8(&cursor);
	uint8_t message = cursor_u8(&cursor);

	cursor_skip(&cursor, 6);
	if (flags >> 4 != 3 || message != 255)
		return;
	if (flags & 0x07) {
		uint8_t next;

		cursor_skip(&cursor, 3);
		next = cursor_u8(&cursor);
		for (unsigned i = 0; next != 0; i++) {
			uint32_t bytes = cursor_u8(&cursor) * 4u;

			if (bytes == 0 || i >= MOST_GTP_EXTENSIONS)
				return;
			cursor_skip(&cursor, bytes - 2);
			next = cursor_u8(&cursor);
		}
	}
	if (!cursor_is_short(&cursor) && decode_ip_is_plausible(&cursor) &&
		enter_tunnel(decoding, TUNNEL_GTP, true))
		decode_ip(decoding, cursor);
}

/* Teredo: two optional headers, then IPv6 that fills the datagram exactly and
 * has a Teredo address at an end (RFC 4380, 5.1.1 and 2.6), so that another
 * protocol on the port is not taken for it. */
static void decode_teredo(struct decoding *decoding, struct cursor cursor)
{
	int payload;

	if (cursor_peek_u16(&cursor, 0) == 0x0001) {
		uint8_t id_bytes, value_bytes;

		cursor_skip(&cursor, 2);
		id_bytes = cursor_u8(&cursor);
		value_bytes = cursor_u8(&cursor);
		cursor_skip(&cursor, id_bytes + value_bytes + 9u);
	}
	if (cursor_peek_u16(&cursor, 0) == 0x0000)
		cursor_skip(&cursor, 8);
	payload = cursor_peek_u16(&cursor, 4);
	if (payload < 0 || cursor_peek(&cursor, 0) >> 4 != 6 ||
		cursor_wire_bytes(&cursor) != (uint64_t)payload + 40)
		return;
	if ((cursor_peek_u16(&cursor, 8) != 0x2001 ||
		    cursor_peek_u16(&cursor, 10) != 0) &&
		(cursor_peek_u16(&cursor, 24) != 0x2001 ||
			cursor_peek_u16(&cursor, 26) != 0))
		return;
	if (enter_tunnel(decoding, TUNNEL_TEREDO, false))
		decode_ip6(decoding, cursor);
}

void decode_udp_tunnel(struct decoding *decoding, struct cursor cursor)
{
	const struct packet *packet = decoding->packet;

	switch (packet->target_port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		decode_vxlan(decoding, cursor);
		return;
	case PORT_GENEVE:
		decode_geneve(decoding, cursor);
		return;
	case PORT_GTP:
		decode_gtp(decoding, cursor);
		return;
	default:
		break;
	}
	if (packet->target_port == PORT_TEREDO ||
		packet->source_port == PORT_TEREDO)
		decode_teredo(decoding, cursor);
}
