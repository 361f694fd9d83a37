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
	/* of SYNs that show what a device refuses: each has one feature, or
	 * none, and is not compared with its quote */
	FEATURE_PROBE_WINDOW = 0x3b08,
};

/* What devices refuse a SYN for. */
enum syn_feature {
	SYN_FEATURE_TIMESTAMPS,
	SYN_FEATURE_ECN,     /* the flags ECE and CWR */
	SYN_FEATURE_OPTIONS, /* SACK permitted, and a window scale */
	SYN_FEATURE_DSCP,
	SYN_FEATURE_COUNT,
};

static inline bool feature_probe_is(const struct packet *packet)
{
	return packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN &&
	       packet->window == FEATURE_PROBE_WINDOW;
}

/* A set of features, bit 1 << feature, of a sent SYN. */
static inline unsigned syn_features_of(const struct packet *packet)
{
	unsigned set = 0;

	if (packet->options & OPTION_TIMESTAMP)
		set |= 1u << SYN_FEATURE_TIMESTAMPS;
	if (packet->tcp_flags & (TCP_ECE | TCP_CWR))
		set |= 1u << SYN_FEATURE_ECN;
	if (packet->options & OPTION_SACK_PERMITTED)
		set |= 1u << SYN_FEATURE_OPTIONS;
	if (packet->tos >> 2)
		set |= 1u << SYN_FEATURE_DSCP;
	return set;
}

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
