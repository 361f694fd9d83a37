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

enum { /* the word of IPv4's header with the fragment's place, RFC 791, 3.1 */
	IP4_RESERVED_BIT = 0x8000,
	IP4_DONT_FRAGMENT = 0x4000,
	IP4_MORE_FRAGMENTS = 0x2000,
	IP4_OFFSET_MASK = 0x1fff,
};

enum tls_record_type { /* RFC 8446, 5.1 */
	TLS_RECORD_CHANGE_CIPHER_SPEC = 20,
	TLS_RECORD_ALERT = 21,
	TLS_RECORD_HANDSHAKE = 22,
	TLS_RECORD_APPLICATION_DATA = 23,
};

enum tls_handshake_type { /* RFC 8446, 4; RFC 5246, 7.4 */
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_CERTIFICATE = 11,
	TLS_CERTIFICATE_REQUEST = 13,
	TLS_SERVER_HELLO_DONE = 14,
};

enum tls_extension { /* RFC 8446, 4.2 */
	TLS_EXTENSION_SERVER_NAME = 0, /* RFC 6066, 3 */
	TLS_EXTENSION_VERSIONS = 43,
};

enum tls_alert_level { TLS_ALERT_WARNING = 1, TLS_ALERT_FATAL = 2 };

enum tls_alert_description { /* RFC 8446, 6 */
	TLS_ALERT_CLOSE_NOTIFY = 0,
	TLS_ALERT_PROTOCOL_VERSION = 70,
	TLS_ALERT_USER_CANCELED = 90,
	TLS_ALERT_UNRECOGNIZED_NAME = 112, /* RFC 6066, 3 */
};

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
