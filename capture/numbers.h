/* Numbers that protocols assign, and sizes of their headers: the one place of
 * each. IANA's registries, the RFCs beside them. */
#ifndef CAPTURE_NUMBERS_H
#define CAPTURE_NUMBERS_H

#include <stdint.h>

enum { /* bytes, without options and extensions */
	IP4_HEADER_BYTES = 20, /* RFC 791 */
	IP6_HEADER_BYTES = 40, /* RFC 8200 */
	TCP_HEADER_BYTES = 20, /* RFC 9293 */
	UDP_HEADER_BYTES = 8,  /* RFC 768 */
	ICMP_HEADER_BYTES = 8, /* RFC 792, RFC 4443 */
	IP6_FRAGMENT_HEADER_BYTES = 8,
};

enum { SSH_PORT = 22, HTTP_PORT = 80, HTTPS_PORT = 443 };

enum protocol_number { /* of IPv4, and next header of IPv6 */
	PROTOCOL_HOP_BY_HOP = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_IP4 = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_IP6 = 41,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_GRE = 47,
	PROTOCOL_ESP = 50,
	PROTOCOL_AH = 51,
	PROTOCOL_ICMP6 = 58,
	PROTOCOL_DESTINATION = 60,
	PROTOCOL_SCTP = 132,
	PROTOCOL_MOBILITY = 135,
	PROTOCOL_MPLS = 137,
	PROTOCOL_HIP = 139,
	PROTOCOL_SHIM6 = 140,
	PROTOCOL_ETHERNET = 143,
};

enum icmp4_type { /* RFC 792 */
	ICMP4_ECHO_REPLY = 0,
	ICMP4_UNREACHABLE = 3,
	ICMP4_QUENCH = 4,
	ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP4_PARAMETER = 12,
	ICMP4_TIMESTAMP = 13,
	ICMP4_TIMESTAMP_REPLY = 14,
};

enum icmp4_code { /* of ICMP4_UNREACHABLE; RFC 792, RFC 1812 5.2.7.1 */
	ICMP4_HOST = 1,
	ICMP4_PORT = 3,
	ICMP4_FRAGMENTATION_NEEDED = 4,
	ICMP4_NETWORK_PROHIBITED = 9,
	ICMP4_HOST_PROHIBITED = 10,
	ICMP4_ADMINISTRATOR = 13,
};

enum icmp6_type { /* RFC 4443 */
	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER = 4,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
};

enum icmp6_code { /* of ICMP6_UNREACHABLE; RFC 4443 3.1 */
	ICMP6_ADMINISTRATOR = 1,
	ICMP6_PORT = 4,
	ICMP6_SOURCE_POLICY = 5,
	ICMP6_REJECT_ROUTE = 6,
};

/* Code of both TIME_EXCEEDED: a fragment is missing at the destination. */
enum { ICMP_REASSEMBLY = 1 };

static const int64_t MILLISECOND_NS = 1000000;
static const int64_t SECOND_NS = 1000000000;

static inline uint32_t ip_header_bytes(uint8_t family)
{
	return family == 6 ? IP6_HEADER_BYTES : IP4_HEADER_BYTES;
}

/* IP and TCP: what an MSS does not count (RFC 6691). */
static inline uint32_t tcp_headers_bytes(uint8_t family)
{
	return ip_header_bytes(family) + TCP_HEADER_BYTES;
}

static inline uint32_t address_bytes_of(uint8_t family)
{
	return family == 6 ? 16 : 4;
}

#endif
