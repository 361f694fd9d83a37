/* Sizes of TCP segments and of the IP packets that carry them. A connection
 * that tests one size of packet offers the MSS that makes it, so the SYN says
 * which size was tested. */
#ifndef PROBE_PROTOCOL_SEGMENT_SIZE_H
#define PROBE_PROTOCOL_SEGMENT_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/numbers.h"

/* The MSS to offer for IP packets of this size. */
static inline uint16_t segment_mss_of(uint8_t family, uint32_t ip_bytes)
{
	return (uint16_t)(ip_bytes - tcp_headers_bytes(family));
}

/* Linux never sends more than half the widest window that it has seen (its
 * tcp_bound_to_half_wnd). A server that has not received the handshake's
 * window sends such segments into a window of one MSS: that is not a limit of
 * the path. */
static inline bool segment_is_halved(uint32_t payload_bytes, uint32_t mss)
{
	return payload_bytes == mss / 2;
}

#endif
