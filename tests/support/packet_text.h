/* Packets as lines of text, in the words of a trace (see trace.h). By itself a
 * line gives addresses, and numbers as on the wire; in a conversation it leaves
 * out what the conversation expects. */
#ifndef TESTS_SUPPORT_PACKET_TEXT_H
#define TESTS_SUPPORT_PACKET_TEXT_H

#include <stddef.h>

#include "capture/packet.h"
#include "tests/support/conversation.h"
#include "tests/support/text_words.h"

/* Writes the packet's line, without newline, always terminated; returns its
 * length, or 0 when `capacity` does not suffice (4 characters per captured
 * payload byte and 1024 always do). */
size_t packet_format(const struct packet *packet, char *text, size_t capacity);

/* Reads one line of `length` characters. `space` takes the payload, which the
 * packet points to; `length` bytes always suffice. Sets what packet_decode
 * would set, save for the frame's number. False and an error if the line is
 * not a packet. */
bool packet_parse(const char *line, size_t length, uint8_t *space,
	struct packet *packet, struct text_error *error);

enum { PAYLOAD_BYTES = 1 << 18 /* at most, in a conversation */ };

struct packet_style {
	bool is_sequence_shown; /* also where the conversation expects it */
	bool is_single; /* not recorded once more, though its end's line has it
			 */
};

/* The same in a conversation, which counts on; `space` holds PAYLOAD_BYTES. */
size_t packet_format_in(struct conversation *conversation,
	const struct packet *packet, struct packet_style style, char *text,
	size_t capacity);
bool packet_parse_in(struct conversation *conversation, const char *line,
	size_t length, uint8_t *space, struct packet *packet,
	struct text_error *error);

/* Whether the line is one of the packet before, recorded again. */
bool packet_is_again(
	const struct conversation *conversation, const struct packet *packet);

#endif
