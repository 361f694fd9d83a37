#include "capture/decode/decode_ethertype.h"

#include "capture/decode/decode_encapsulated.h"
#include "capture/decode/decode_network.h"
#include "capture/decode/decode_tunnel.h"

enum { LARGEST_LENGTH = 1535 }; /* IEEE 802.3: a type from 1536 on */

enum cooked_protocol { /* Linux, if_ether.h: below any EtherType */
	COOKED_NOVELL = 0x0001,
	COOKED_LLC = 0x0004,
};

enum service_access_point {
	SAP_IP4 = 0x06,
	SAP_SNAP = 0xaa,
	SAP_ISO = 0xfe, /* an NLPID follows */
};

enum macsec_bits { /* IEEE 802.1AE, tag control information */
	MACSEC_HAS_CHANNEL = 0x20,
	MACSEC_IS_ENCRYPTED = 0x08,
	MACSEC_IS_CHANGED = 0x04,
};

/* Skips a tag and goes on with the EtherType that stands behind it. */
static void decode_behind_tag(
	struct decoding *decoding, struct cursor cursor, uint32_t tag_bytes)
{
	uint16_t type;

	cursor_skip(&cursor, tag_bytes);
	type = cursor_u16(&cursor);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else
		decode_ethertype(decoding, cursor, type);
}

/* MACsec without confidentiality leaves the packet readable. */
static void decode_macsec(struct decoding *decoding, struct cursor cursor)
{
	int control = cursor_peek(&cursor, 0);

	if (control < 0)
		decode_stop_short(decoding, &cursor);
	else if (control & (MACSEC_IS_ENCRYPTED | MACSEC_IS_CHANGED))
		decode_stop(decoding, SKIP_ENCRYPTED);
	else
		decode_behind_tag(decoding, cursor,
			control & MACSEC_HAS_CHANNEL ? 14 : 6);
}

static void decode_rare_ethertype(
	struct decoding *decoding, struct cursor cursor, uint16_t ethertype)
{
	if (!decode_enter(decoding))
		return;
	if (ethertype <= LARGEST_LENGTH && ethertype != COOKED_NOVELL &&
		ethertype != COOKED_LLC) {
		/* a length; Ethernet pads up to 46 bytes */
		if (ethertype < cursor_wire_bytes(&cursor))
			cursor = cursor_cut(&cursor, ethertype);
		decode_llc(decoding, cursor);
		return;
	}
	switch (ethertype) {
	case COOKED_LLC:
	case ETHERTYPE_LLC_JUMBO:
		decode_llc(decoding, cursor);
		break;
	case ETHERTYPE_ARP:
		decode_stop(decoding, SKIP_ARP);
		break;
	case ETHERTYPE_VLAN:
	case ETHERTYPE_VLAN_SERVICE:
	case ETHERTYPE_QINQ_OLD:
	case ETHERTYPE_QINQ_OLD_2:
		decode_behind_tag(decoding, cursor, 2);
		break;
	case ETHERTYPE_VNTAG:
		decode_behind_tag(decoding, cursor, 4);
		break;
	case ETHERTYPE_ETAG:
		decode_behind_tag(decoding, cursor, 6);
		break;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		decode_mpls(decoding, cursor);
		break;
	case ETHERTYPE_PPPOE:
		decode_pppoe(decoding, cursor);
		break;
	case ETHERTYPE_PPPOE_DISCOVERY:
		decode_stop(decoding, SKIP_MANAGEMENT);
		break;
	case ETHERTYPE_PPP:
		decode_ppp(decoding, cursor);
		break;
	case ETHERTYPE_BRIDGED:
		decode_ethernet(decoding, cursor);
		break;
	case ETHERTYPE_MACSEC:
		decode_macsec(decoding, cursor);
		break;
	default:
		decode_stop(decoding, SKIP_ETHERTYPE);
		break;
	}
}

void decode_ethertype(
	struct decoding *decoding, struct cursor cursor, uint16_t ethertype)
{
	if (__builtin_expect(ethertype == ETHERTYPE_IP4, 1))
		decode_ip4(decoding, cursor);
	else if (ethertype == ETHERTYPE_IP6)
		decode_ip6(decoding, cursor);
	else
		decode_rare_ethertype(decoding, cursor, ethertype);
}

void decode_ethernet(struct decoding *decoding, struct cursor cursor)
{
	uint16_t type;

	cursor_skip(&cursor, 6);
	decode_link_source(decoding, &cursor);
	type = cursor_u16(&cursor);
	if (__builtin_expect(cursor_is_short(&cursor), 0))
		decode_stop_short(decoding, &cursor);
	else
		decode_ethertype(decoding, cursor, type);
}

void decode_llc(struct decoding *decoding, struct cursor cursor)
{
	uint8_t target = cursor_u8(&cursor);
	uint8_t source = cursor_u8(&cursor);
	uint8_t control = cursor_u8(&cursor);

	if (!decode_enter(decoding))
		return;
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
	} else if (target == SAP_SNAP && source == SAP_SNAP && control == 3) {
		uint32_t owner =
			(uint32_t)cursor_u16(&cursor) << 8 | cursor_u8(&cursor);
		uint16_t type = cursor_u16(&cursor);

		if (cursor_is_short(&cursor))
			decode_stop_short(decoding, &cursor);
		else if (owner == 0 || owner == 0x0000f8) /* RFC 1042; 802.1H */
			decode_ethertype(decoding, cursor, type);
		else if (owner == 0x0080c2 && (type == 1 || type == 7)) {
			/* bridged Ethernet, with or without its checksum,
			 * after two bytes of padding (RFC 2684, 5.2) */
			cursor_skip(&cursor, 2);
			decode_ethernet(decoding, cursor);
		} else {
			decode_stop(decoding, SKIP_LLC);
		}
	} else if (target == SAP_IP4 && control == 3) {
		decode_ip4(decoding, cursor);
	} else if (target == SAP_ISO && source == SAP_ISO && control == 3 &&
		   (cursor_peek(&cursor, 0) == 0xcc ||
			   cursor_peek(&cursor, 0) == 0x8e)) {
		cursor_skip(&cursor, 1);
		decode_ip(decoding, cursor);
	} else {
		decode_stop(decoding, SKIP_LLC);
	}
}
