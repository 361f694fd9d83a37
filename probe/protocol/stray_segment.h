/* Stray segments (capture/stray_segment.h), from ports of their own: no
 * application sees them, and no server counts them. So they show which sizes
 * packets of other ports pass. */
#ifndef PROBE_PROTOCOL_STRAY_SEGMENT_H
#define PROBE_PROTOCOL_STRAY_SEGMENT_H

#include "capture/stray_segment.h"
#include "probe/protocol/probe_table.h"

static inline bool stray_segment_is(const struct sent_probe *sent_probe)
{
	return sent_probe->protocol == PROTOCOL_TCP &&
	       sent_probe->tcp_flags == TCP_ACK &&
	       sent_probe->payload_bytes > 0 &&
	       sent_probe->acknowledged ==
		       stray_segment_complement(sent_probe->sequence);
}

/* Whether it is the reset that RFC 9293 has in answer to the segment. */
static inline bool stray_segment_is_reset_by(
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	return stray_segment_is(sent_probe) &&
	       (packet->tcp_flags & (TCP_RST | TCP_ACK)) == TCP_RST &&
	       packet->sequence == sent_probe->acknowledged;
}

#endif
