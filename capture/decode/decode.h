/* The state that the decoders share for one frame. Decoders call each other as
 * headers nest (Ethernet, IP, GRE, Ethernet, ...), each with a cursor of its
 * own by value; the number of layers is bounded. */
#ifndef CAPTURE_DECODE_DECODE_H
#define CAPTURE_DECODE_DECODE_H

#include "capture/cursor.h"
#include "capture/packet.h"

enum {
	MOST_LAYERS = 24,     /* headers that lead to another header */
	MOST_TUNNELS = 8,     /* IP headers inside IP headers */
	MOST_EXTENSIONS = 16, /* IPv6 extension headers of one packet */
};

struct decoding {
	struct packet *packet;
	uint8_t layers;
	uint8_t tunnels;
	/* What is being read is the beginning of something whose rest is not
	 * in this frame, and that is no fault of its lengths: the first
	 * fragment of a tunnel's packet, a copy that a mirror cut. */
	bool is_beginning;
};

/* Ends here, without TCP, UDP or ICMP. */
static inline void decode_stop(
	struct decoding *decoding, enum skip_reason skip_reason)
{
	decoding->packet->kind = PACKET_OTHER;
	decoding->packet->skip_reason = (uint8_t)skip_reason;
}

/* Ends here because the snap length cut a header, or, when the wire had no
 * more either, because the packet is too short for it. */
static inline void decode_stop_short(
	struct decoding *decoding, const struct cursor *cursor)
{
	if (cursor->beyond > 0) {
		decoding->packet->quirks |= QUIRK_SHORT;
		decode_stop(decoding, SKIP_TRUNCATED);
	} else {
		decode_stop(decoding, SKIP_MALFORMED);
	}
}

/* Reads the sending station's MAC address, and keeps what eight bits can tell
 * of it. */
static inline void decode_link_source(
	struct decoding *decoding, struct cursor *cursor)
{
	unsigned high = cursor_u16(cursor);
	uint32_t low = cursor_u32(cursor);
	unsigned folded = (high ^ low ^ low >> 16) & UINT16_MAX;

	decoding->packet->link_source = (uint8_t)(folded ^ folded >> 8);
}

/* Counts a layer; false, with the reason noted, when there are too many. */
static inline bool decode_enter(struct decoding *decoding)
{
	if (++decoding->layers <= MOST_LAYERS)
		return true;
	decode_stop(decoding, SKIP_DEPTH);
	decoding->packet->quirks |= QUIRK_TUNNEL_DEPTH;
	return false;
}

#endif
