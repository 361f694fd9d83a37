/* The words of a packet's fields, read from a line. */
#ifndef TESTS_SUPPORT_TEXT_FIELDS_H
#define TESTS_SUPPORT_TEXT_FIELDS_H

#include "capture/packet.h"
#include "tests/support/conversation.h"
#include "tests/support/packet_fields.h"
#include "tests/support/text_words.h"
#include "tests/support/text_writer.h"

/* Whose fields a line gives. */
enum field_use {
	FIELDS_OF_PACKET,
	FIELDS_OF_COPY, /* of a packet that is recorded again */
	FIELDS_OF_END,	/* what the packets of an end have */
};

/* What numbers count from: the first ones of an end that has a name. */
struct field_base {
	bool is_source_named, is_target_named;
	uint32_t source_isn, target_isn, source_clock, target_clock;
};

struct field_reading {
	enum field_use use;
	struct field_base base;
	uint8_t *space; /* for the payload */
	size_t space_bytes;
	bool has_length, has_ip_bytes, has_order, has_option_bytes;
	bool is_single; /* not recorded once more */
};

/* The base of a packet between these ends (NULL: no name). */
struct field_base field_base_of(const struct conversation_sides *sides,
	const struct conversation_end *source,
	const struct conversation_end *target);

/* Reads what a word announces into the packet. */
bool field_read(struct text_words *words, const struct word *word,
	struct field_reading *reading, struct packet *packet);

/* Writes a blank, the word of the field and its value, or `no` and the word
 * where the packet lacks the option or flag. */
void field_write(struct text_writer *writer, const struct packet_field *field,
	enum field_use use, const struct field_base *base,
	const struct packet *packet);

#endif
