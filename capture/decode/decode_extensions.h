/* IPv6 extension headers. */
#ifndef CAPTURE_DECODE_DECODE_EXTENSIONS_H
#define CAPTURE_DECODE_DECODE_EXTENSIONS_H

#include "capture/decode/decode.h"

enum { IP6_HEADER_BYTES = 40 };

enum next_header { /* IANA, protocol numbers */
	NEXT_HOP_BY_HOP = 0,
	NEXT_IP4 = 4,
	NEXT_IP6 = 41,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_GRE = 47,
	NEXT_ESP = 50,
	NEXT_AH = 51,
	NEXT_DESTINATION = 60,
	NEXT_SCTP = 132,
	NEXT_MOBILITY = 135,
	NEXT_MPLS = 137,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
	NEXT_ETHERNET = 143,
};

static inline bool extension_is(uint8_t next)
{
	return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING ||
	       next == NEXT_DESTINATION || next == NEXT_FRAGMENT ||
	       next == NEXT_AH || next == NEXT_MOBILITY || next == NEXT_HIP ||
	       next == NEXT_SHIM6;
}

struct extensions {
	struct cursor cursor; /* at the transport header */
	uint8_t next;
	uint32_t fragment_offset;
	bool has_more_fragments;
	bool is_jumbo;
	bool is_complete; /* false: the packet was stopped */
};

/* Walks the extension headers (RFC 8200, 4) from the first on. ESP and what
 * is no extension end the walk. A jumbo payload option sets the packet's
 * length. */
struct extensions extensions_walk(
	struct decoding *decoding, struct cursor cursor, uint8_t next);

#endif
