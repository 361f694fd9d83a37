#include "capture/decode/packet_decode.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "capture/decode/decode_link.h"

/* Clears what stands before `sack`. In pieces, because compilers turn one
 * memset of this size into `rep stos`, which takes longer to start (some 30
 * cycles) than all of the stores take. */
static inline void clear_head(struct packet *packet)
{
	enum { HEAD = offsetof(struct packet, sack), PIECE = 64 };
	unsigned char *bytes = (unsigned char *)packet;

	static_assert(HEAD > 2 * PIECE && HEAD <= 3 * PIECE,
		"three pieces make the head");
	memset(bytes, 0, PIECE);
	memset(bytes + PIECE, 0, PIECE);
	memset(bytes + 2 * PIECE, 0, HEAD - 2 * PIECE);
}

void packet_decode(const struct frame *frame, struct packet *packet)
{
	struct decoding decoding = {.packet = packet};

	clear_head(packet);
	packet->time_ns = frame->time_ns;
	packet->frame = frame->number;
	packet->wire_bytes = frame->original_bytes;
	packet->interface = frame->interface;
	packet->direction = frame->direction;
	decode_link(&decoding,
		cursor_on(frame->bytes, frame->captured_bytes,
			frame->original_bytes),
		frame->linktype);
}
