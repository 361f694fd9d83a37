#include "capture/decode/decode_options.h"

/* Kinds as registered by IANA for TCP. */
enum option_kind {
	KIND_END = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,
	KIND_WINDOW_SCALE = 3,
	KIND_SACK_PERMITTED = 4,
	KIND_SACK = 5,
	KIND_TIMESTAMP = 8,
	KIND_MD5 = 19,
	KIND_USER_TIMEOUT = 28,
	KIND_AUTHENTICATION = 29,
	KIND_MPTCP = 30,
	KIND_FAST_OPEN = 34,
	KIND_EXPERIMENT_1 = 253,
	KIND_EXPERIMENT_2 = 254,
};

enum {
	MPTCP_FASTCLOSE = 7,	       /* RFC 8684, 8 */
	FAST_OPEN_EXPERIMENT = 0xf989, /* RFC 7413, 4.1.1 */
	NOP_NOP_TIMESTAMP = 0x0101080a,
};

static bool read_sack(struct packet *packet, struct cursor body)
{
	unsigned count = body.left / 8;

	if (body.left % 8 != 0 || count < 1 || count > 4)
		return false;
	for (unsigned i = 0; i < count; i++) {
		packet->sack[i].start = cursor_u32(&body);
		packet->sack[i].end = cursor_u32(&body);
	}
	packet->sack_count = (uint8_t)count;
	packet->options |= OPTION_SACK;
	return true;
}

/* One option that is all there; false when its length is not the one that its
 * kind has. */
static bool read_option(struct packet *packet, uint8_t kind, struct cursor body)
{
	uint32_t bytes = body.left;
	unsigned option = OPTION_UNKNOWN;

	switch (kind) {
	case KIND_MSS:
		if (bytes != 2)
			return false;
		packet->mss = cursor_u16(&body);
		option = OPTION_MSS;
		break;
	case KIND_WINDOW_SCALE:
		if (bytes != 1)
			return false;
		packet->window_scale = cursor_u8(&body);
		option = OPTION_WINDOW_SCALE;
		break;
	case KIND_SACK_PERMITTED:
		if (bytes != 0)
			return false;
		option = OPTION_SACK_PERMITTED;
		break;
	case KIND_SACK:
		return read_sack(packet, body);
	case KIND_TIMESTAMP:
		if (bytes != 8)
			return false;
		packet->timestamp_value = cursor_u32(&body);
		packet->timestamp_echo = cursor_u32(&body);
		option = OPTION_TIMESTAMP;
		break;
	case KIND_MD5:
		if (bytes != 16)
			return false;
		option = OPTION_MD5;
		break;
	case KIND_USER_TIMEOUT:
		if (bytes != 2)
			return false;
		option = OPTION_USER_TIMEOUT;
		break;
	case KIND_AUTHENTICATION: /* RFC 5925, 2.2 */
		if (bytes < 2)
			return false;
		option = OPTION_AUTHENTICATION;
		break;
	case KIND_MPTCP:
		if (bytes < 1)
			return false;
		option = OPTION_MPTCP;
		if (cursor_u8(&body) >> 4 == MPTCP_FASTCLOSE)
			option |= OPTION_MPTCP_FASTCLOSE;
		break;
	case KIND_FAST_OPEN:
		option = OPTION_FAST_OPEN;
		break;
	case KIND_EXPERIMENT_1:
	case KIND_EXPERIMENT_2:
		if (bytes >= 2 && cursor_u16(&body) == FAST_OPEN_EXPERIMENT)
			option = OPTION_FAST_OPEN;
		break;
	default:
		break;
	}
	if (!(option & (OPTION_UNKNOWN | OPTION_MPTCP)) &&
		packet->options & option)
		packet->quirks |= QUIRK_TCP_OPTIONS; /* given twice */
	packet->options |= (uint16_t)option;
	return true;
}

void decode_tcp_options(struct packet *packet, struct cursor cursor)
{
	uint32_t order = 0;

	/* nearly all segments of an established connection */
	if (cursor.left == 12 && cursor.beyond == 0) {
		struct cursor ahead = cursor;

		if (cursor_u32(&ahead) == NOP_NOP_TIMESTAMP) {
			order = option_order_add(order, KIND_NOP);
			order = option_order_add(order, KIND_NOP);
			order = option_order_add(order, KIND_TIMESTAMP);
			packet->timestamp_value = cursor_u32(&ahead);
			packet->timestamp_echo = cursor_u32(&ahead);
			packet->options = OPTION_TIMESTAMP;
			packet->option_order = order;
			return;
		}
	}
	while (cursor.left > 0) {
		uint8_t kind = cursor_u8(&cursor);
		uint8_t bytes;
		struct cursor body;

		order = option_order_add(order, kind);
		if (kind == KIND_END)
			break;
		if (kind == KIND_NOP)
			continue;
		bytes = cursor_u8(&cursor);
		if (cursor_is_short(&cursor)) {
			/* a cut by the snap length is noted by the caller */
			if (cursor.beyond == 0)
				packet->quirks |= QUIRK_TCP_OPTIONS;
			break;
		}
		if (bytes < 2 || bytes - 2u > cursor_wire_bytes(&cursor)) {
			packet->quirks |= QUIRK_TCP_OPTIONS;
			break;
		}
		if (bytes - 2u > cursor.left)
			break;
		body = cursor_cut(&cursor, bytes - 2u);
		cursor_skip(&cursor, bytes - 2u);
		if (!read_option(packet, kind, body))
			packet->quirks |= QUIRK_TCP_OPTIONS;
	}
	packet->option_order = order;
}
