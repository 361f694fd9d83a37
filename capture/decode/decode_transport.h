/* TCP and UDP headers. The cursors hold the IP payload and no more. */
#ifndef CAPTURE_DECODE_DECODE_TRANSPORT_H
#define CAPTURE_DECODE_DECODE_TRANSPORT_H

#include "capture/decode/decode.h"

/* PACKET_TCP as soon as the flags were captured; with less than that the
 * ports and numbers that are there are set, and the packet stays OTHER. */
void decode_tcp(struct decoding *decoding, struct cursor cursor);
void decode_udp(struct decoding *decoding, struct cursor cursor);

/* What the ports and flags of a TCP packet show as odd: combinations of flags
 * that no stack sends, port zero. */
static inline uint32_t tcp_quirks(const struct packet *packet)
{
	unsigned openers = packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST);
	uint32_t quirks = 0;

	if ((openers & (openers - 1)) != 0 || (packet->tcp_flags & 0x3f) == 0)
		quirks |= QUIRK_FLAGS;
	if (!packet->source_port || !packet->target_port)
		quirks |= QUIRK_PORT_ZERO;
	return quirks;
}

#endif
