/* Packets whose quotes in ICMP errors are compared with the sent ones (the
 * idea is tracebox's): a SYN with all fields and options that devices usually
 * change, the same marks in a UDP packet, and the first of two fragments. */
#ifndef PROBE_PROTOCOL_QUOTE_PROBE_H
#define PROBE_PROTOCOL_QUOTE_PROBE_H

#include "capture/packet.h"
#include "probe/protocol/echo_kind.h"

enum {
	/* AF21: neither the default nor rarely used; and ECN-capable, so that
	 * clearing either is visible. No other UDP packet has a mark. */
	QUOTE_PROBE_TOS = 0x4a,
	QUOTE_PROBE_WINDOW = 0x3b07,
	QUOTE_PROBE_WINDOW_SCALE = 7,
	QUOTE_PROBE_TIMESTAMP = 0x43554c50,
};

/* Of sent packets. Every SYN is one. */
static inline bool quote_probe_is(const struct packet *packet)
{
	if (packet->kind == PACKET_ICMP)
		return packet->is_first_fragment &&
		       echo_kind_of(packet->icmp_sequence) == ECHO_PAIR;
	return (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN) ||
	       (packet->kind == PACKET_UDP && packet->tos != 0);
}

#endif
