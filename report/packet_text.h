/* What a packet is, in words: "PSH,ACK", "ICMP fragmentation needed". */
#ifndef REPORT_PACKET_TEXT_H
#define REPORT_PACKET_TEXT_H

#include <stdint.h>

#include "analysis/verdict/incident.h"

enum { FLAGS_TEXT = 40, ICMP_TEXT = 64 };

/* "SYN", "RST,ACK"; "no flags" for none. */
const char *tcp_flags_text(char text[FLAGS_TEXT], uint16_t flags);

/* "ICMP 3/4 fragmentation needed, mtu 1400"; family 6: ICMPv6. */
const char *icmp_text(char text[ICMP_TEXT], uint8_t family, uint8_t type,
	uint8_t code, uint32_t mtu);

#endif
