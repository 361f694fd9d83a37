/* IPv6 extension headers. */
#ifndef CAPTURE_DECODE_DECODE_EXTENSIONS_H
#define CAPTURE_DECODE_DECODE_EXTENSIONS_H

#include "capture/decode/decode.h"

static inline bool extension_is(uint8_t next)
{
	return next == PROTOCOL_HOP_BY_HOP || next == PROTOCOL_ROUTING ||
	       next == PROTOCOL_DESTINATION || next == PROTOCOL_FRAGMENT ||
	       next == PROTOCOL_AH || next == PROTOCOL_MOBILITY ||
	       next == PROTOCOL_HIP || next == PROTOCOL_SHIM6;
}

/* What one extension header says. */
struct extension {
	struct cursor options; /* behind its length; AH and fragment: none */
	uint8_t next;
	/* of a fragment header, else 0 */
	uint32_t fragment_offset; /* in units of 8 bytes */
	uint32_t identification;
	bool has_more_fragments;
};

/* Reads the extension header `type` and moves the cursor behind it; the cursor
 * is short afterwards where the header was. False where `type` is none of
 * extension_is: nothing was read. */
bool extension_read(
	struct cursor *cursor, uint8_t type, struct extension *extension);

struct extensions {
	struct cursor cursor; /* at the transport header */
	uint8_t next;
	uint32_t fragment_offset;
	bool has_more_fragments;
	bool is_complete; /* false: the packet was stopped */
};

/* Walks the extension headers (RFC 8200, 4) from the first on. ESP and what
 * is no extension end the walk. A jumbo payload option sets the packet's
 * length. */
struct extensions extensions_walk(
	struct decoding *decoding, struct cursor cursor, uint8_t next);

#endif
