/* Resets by devices: how the prober shows a device some bytes that may make it
 * reset the connection (the trigger), and how the analysis recognises that in
 * the recording. The bytes are old data, which every TCP acknowledges and
 * delivers to nobody (RFC 9293, 3.10.7.4). How far below the connection's next
 * number a segment ends says what it is, and its number. */
#ifndef PROBE_PROTOCOL_RESET_RULES_H
#define PROBE_PROTOCOL_RESET_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "capture/packet.h"

enum {
	RESET_TRIGGER_LEAST_BYTES = 2, /* a question has one */
	RESET_TRIGGER_MOST_BYTES = 1024,
	RESET_TRIGGER_NAME = 64,
	RESET_NUMBERS = 128, /* of segments of one kind, in a connection */
	/* Devices also reset the server, by numbers at the trigger's end or up
	 * to 12503 beyond it (docs/lab.md): none of them may be the
	 * connection's next number, which alone ends it (RFC 5961, 3.2). */
	RESET_TRIGGER_APART = 300,
	RESET_CONTROL_APART = 500,  /* as long, without the bytes */
	RESET_QUESTION_APART = 700, /* one byte: does the server answer? */
	/* Unlike those of other systems and of other experiments' old data, and
	 * other for each connection: a device that copies the window shows it.
	 */
	RESET_WINDOW = 29300,
	RESET_WINDOWS = 64,
	/* Hop limits of triggers that go the whole way: how much a device
	 * copies of them is known by two. */
	RESET_LESSER_HOP_LIMIT = 57,
	/* Where no connection opens: AF21 in SYNs to the port and to others
	 * that nobody uses. Kernels copy it into their resets, firewalls' rules
	 * for resets do not [Linux, measured]. Stray ACKs have it too. */
	RESET_MARK = 0x48,
	RESET_MARK_BITS = 0xfc, /* without ECN */
};

/* An ACK of no connection: who listens on the port resets it, and who does not,
 * with the number that it acknowledges (RFC 9293, 3.10.7.1 and 3.10.7.2). */
static inline bool reset_is_stray(const struct packet *packet)
{
	return packet->kind == PACKET_TCP && packet->tcp_flags == TCP_ACK &&
	       packet->payload_bytes == 0 && packet->tos == RESET_MARK;
}

/* Names of triggers, of hosts in them: they are printed and recorded. */
static inline bool reset_trigger_is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-:_";

	return name[0] && name[strspn(name, allowed)] == '\0';
}

enum reset_segment {
	RESET_TRIGGER,
	RESET_CONTROL,
	RESET_QUESTION,
	RESET_SEGMENT_COUNT, /* none of them */
};

static inline uint32_t reset_apart(enum reset_segment segment)
{
	return segment == RESET_TRIGGER	  ? RESET_TRIGGER_APART
	       : segment == RESET_CONTROL ? RESET_CONTROL_APART
					  : RESET_QUESTION_APART;
}

/* What a packet is that was sent on a connection whose next number is `next`.
 */
static inline enum reset_segment reset_segment_of(
	const struct packet *packet, uint32_t next)
{
	enum { SHOWN = TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST };
	uint32_t below = next - packet->sequence - packet->payload_bytes;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0 ||
		packet->window - RESET_WINDOW < 0 ||
		packet->window - RESET_WINDOW >= RESET_WINDOWS ||
		(packet->tcp_flags & SHOWN) != TCP_ACK)
		return RESET_SEGMENT_COUNT;
	for (int i = 0; i < RESET_SEGMENT_COUNT; i++) {
		enum reset_segment segment = (enum reset_segment)i;

		if (below - reset_apart(segment) < RESET_NUMBERS &&
			(segment == RESET_QUESTION) ==
				(packet->payload_bytes == 1))
			return segment;
	}
	return RESET_SEGMENT_COUNT;
}

#endif
