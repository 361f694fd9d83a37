/* The protocol by which a probe measures. The prober builds probes by it, the
 * analysis recognises it in a sent packet. */
#ifndef PROBE_PROTOCOL_PROBE_METHOD_H
#define PROBE_PROTOCOL_PROBE_METHOD_H

#include "probe/protocol/echo_kind.h"
#include "probe/protocol/response_match.h"

enum probe_method {
	METHOD_TCP, /* old data in the run's own connection */
	METHOD_ECHO,
	METHOD_UDP,   /* to a port that is closed */
	METHOD_COUNT, /* measures nothing: see probe_method_of */
};

/* The purpose of an echo request, or of the first fragment of one;
 * ECHO_KIND_COUNT for any other packet. */
static inline enum echo_kind probe_echo_kind_of(
	const struct sent_probe *sent_probe)
{
	return sent_probe->protocol == PROTOCOL_ICMP ||
			       sent_probe->protocol == PROTOCOL_ICMP6
		       ? echo_kind_of(sent_probe->target_port)
		       : ECHO_KIND_COUNT;
}

/* METHOD_COUNT for handshakes, ACKs, fragments and the whole packets for
 * comparison: they measure neither sizes nor hops nor loss. */
static inline enum probe_method probe_method_of(
	const struct sent_probe *sent_probe)
{
	if (sent_probe->is_fragment ||
		sent_probe->tcp_flags & (TCP_SYN | TCP_FIN) ||
		probe_echo_kind_of(sent_probe) == ECHO_CONTROL)
		return METHOD_COUNT;
	switch (sent_probe->protocol) {
	case PROTOCOL_TCP:
		return sent_probe->payload_bytes ? METHOD_TCP : METHOD_COUNT;
	case PROTOCOL_UDP:
		return METHOD_UDP;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMP6:
		return METHOD_ECHO;
	default:
		return METHOD_COUNT;
	}
}

#endif
