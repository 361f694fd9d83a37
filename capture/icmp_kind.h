/* What an ICMP or ICMPv6 error says, by its type and code. `family` 4 or 6. */
#ifndef CAPTURE_ICMP_KIND_H
#define CAPTURE_ICMP_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/numbers.h"

/* PTB: "fragmentation needed" (RFC 792), "packet too big" (RFC 4443 3.2). */
static inline bool icmp_kind_is_too_big(
	uint8_t family, uint8_t type, uint8_t code)
{
	return family == 6 ? type == ICMP6_TOO_BIG
			   : type == ICMP4_UNREACHABLE &&
				     code == ICMP4_FRAGMENTATION_NEEDED;
}

static inline bool icmp_kind_is_time_exceeded(uint8_t family, uint8_t type)
{
	return type == (family == 6 ? ICMP6_TIME_EXCEEDED
				    : ICMP4_TIME_EXCEEDED);
}

/* Redirect and source quench: the packet that they quote went on (RFC 792, RFC
 * 6633). */
static inline bool icmp_kind_is_advice(uint8_t family, uint8_t type)
{
	return family == 4 && (type == ICMP4_REDIRECT || type == ICMP4_QUENCH);
}

/* Port unreachable. */
static inline bool icmp_kind_is_port(uint8_t family, uint8_t type, uint8_t code)
{
	return family == 6 ? type == ICMP6_UNREACHABLE && code == ICMP6_PORT
			   : type == ICMP4_UNREACHABLE && code == ICMP4_PORT;
}

#endif
