#include "tests/support/packet_derived.h"

#include "capture/decode/decode_options.h"
#include "capture/decode/decode_transport.h"
#include "tests/support/packet_encode.h"

static bool derive_tcp(
	const struct packet *packet, struct packet_derived *derived)
{
	uint8_t options[MOST_TCP_OPTION_BYTES];
	size_t bytes = tcp_options_encode(packet, options);
	struct packet scratch = {0};
	bool fits = bytes != SIZE_MAX;

	if (!fits)
		bytes = 0;
	decode_tcp_options(
		&scratch, cursor_on(options, (uint32_t)bytes, (uint32_t)bytes));
	derived->option_order = scratch.option_order;
	derived->option_bytes = (uint8_t)bytes;
	derived->tcp_header_bytes = (uint8_t)(20 + bytes);
	derived->quirks |= tcp_quirks(packet);
	derived->protocol = PROTOCOL_TCP;
	derived->ip_bytes += derived->tcp_header_bytes;
	return fits;
}

bool packet_derive(const struct packet *packet, struct packet_derived *derived)
{
	*derived = (struct packet_derived){
		.quirks = packet->is_first_fragment ? QUIRK_FRAGMENT : 0,
		.ip_bytes =
			packet->payload_bytes + (packet->family == 6 ? 40 : 20),
	};
	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		return derive_tcp(packet, derived);
	case PACKET_UDP:
		if (!packet->source_port || !packet->target_port)
			derived->quirks |= QUIRK_PORT_ZERO;
		derived->protocol = PROTOCOL_UDP;
		derived->ip_bytes += 8;
		break;
	case PACKET_ICMP:
		derived->protocol =
			packet->family == 6 ? PROTOCOL_ICMP6 : PROTOCOL_ICMP;
		derived->ip_bytes += 8;
		break;
	case PACKET_FRAGMENT:
		break;
	case PACKET_OTHER:
		derived->ip_bytes = 0;
		break;
	}
	return true;
}
