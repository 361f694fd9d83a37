#include "capture/decode/decode_encapsulated.h"

#include "capture/decode/decode_ethertype.h"
#include "capture/decode/decode_network.h"
#include "capture/decode/decode_tunnel.h"

enum ppp_protocol { /* IANA, PPP DLL protocol numbers */
	PPP_IP4 = 0x0021,
	PPP_IP6 = 0x0057,
	PPP_COMPRESSED = 0x00fd, /* also MPPE */
	PPP_ENCRYPTED = 0x0053,
	PPP_MPLS = 0x0281,
	PPP_CONTROL_FIRST = 0x8000, /* network control, LCP, authentication */
};

enum network_layer { /* NLPID, ISO/IEC TR 9577 */
	NLPID_SNAP = 0x80,
	NLPID_IP6 = 0x8e,
	NLPID_IP4 = 0xcc,
};

void decode_ppp(struct decoding *decoding, struct cursor cursor)
{
	uint16_t protocol;

	if (!decode_enter(decoding))
		return;
	if (cursor_peek_u16(&cursor, 0) == 0xff03)
		cursor_skip(&cursor, 2);
	/* an odd first byte: the protocol is compressed (RFC 1661, 6.5) */
	if (cursor_peek(&cursor, 0) > 0 && cursor_peek(&cursor, 0) & 1)
		protocol = cursor_u8(&cursor);
	else
		protocol = cursor_u16(&cursor);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (protocol == PPP_IP4)
		decode_ip4(decoding, cursor);
	else if (protocol == PPP_IP6)
		decode_ip6(decoding, cursor);
	else if (protocol == PPP_MPLS)
		decode_mpls(decoding, cursor);
	else if (protocol == PPP_COMPRESSED || protocol == PPP_ENCRYPTED)
		decode_stop(decoding, SKIP_ENCRYPTED);
	else if (protocol >= PPP_CONTROL_FIRST)
		decode_stop(decoding, SKIP_MANAGEMENT);
	else
		decode_stop(decoding, SKIP_ETHERTYPE);
}

void decode_pppoe(struct decoding *decoding, struct cursor cursor)
{
	uint16_t bytes, code;

	code = cursor_u16(&cursor);
	cursor_skip(&cursor, 2); /* session */
	bytes = cursor_u16(&cursor);
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
		return;
	}
	if (code != 0x1100) { /* version 1, type 1, session data */
		decode_stop(decoding, SKIP_MANAGEMENT);
		return;
	}
	if (bytes > 0 && bytes < cursor_wire_bytes(&cursor))
		cursor = cursor_cut(&cursor, bytes);
	decode_ppp(decoding, cursor);
}

void decode_cisco_hdlc(struct decoding *decoding, struct cursor cursor)
{
	uint16_t type;

	cursor_skip(&cursor, 2);
	type = cursor_u16(&cursor);
	if (cursor_is_short(&cursor))
		decode_stop_short(decoding, &cursor);
	else if (type == 0x8035) /* its keepalives */
		decode_stop(decoding, SKIP_MANAGEMENT);
	else
		decode_ethertype(decoding, cursor, type);
}

void decode_ppp_hdlc(struct decoding *decoding, struct cursor cursor)
{
	int start = cursor_peek_u16(&cursor, 0);

	if (start == 0x0f00 || start == 0x8f00)
		decode_cisco_hdlc(decoding, cursor);
	else
		decode_ppp(decoding, cursor);
}

/* RFC 2427 (an NLPID after the control byte) or Cisco's (an EtherType). */
void decode_frame_relay(struct decoding *decoding, struct cursor cursor)
{
	unsigned address_bytes = 0;
	uint8_t address, layer;

	do {
		address = cursor_u8(&cursor);
		address_bytes++;
	} while (!(address & 1) && address_bytes < 4);
	if (cursor_peek(&cursor, 0) != 0x03) {
		uint16_t type = cursor_u16(&cursor);

		if (cursor_is_short(&cursor))
			decode_stop_short(decoding, &cursor);
		else
			decode_ethertype(decoding, cursor, type);
		return;
	}
	cursor_skip(&cursor, 1);
	if (cursor_peek(&cursor, 0) == 0) /* padding */
		cursor_skip(&cursor, 1);
	layer = cursor_u8(&cursor);
	if (cursor_is_short(&cursor)) {
		decode_stop_short(decoding, &cursor);
	} else if (layer == NLPID_IP4) {
		decode_ip4(decoding, cursor);
	} else if (layer == NLPID_IP6) {
		decode_ip6(decoding, cursor);
	} else if (layer == NLPID_SNAP) {
		uint16_t type;

		cursor_skip(&cursor, 3);
		type = cursor_u16(&cursor);
		if (cursor_is_short(&cursor))
			decode_stop_short(decoding, &cursor);
		else
			decode_ethertype(decoding, cursor, type);
	} else {
		decode_stop(decoding, SKIP_LLC);
	}
}
