/* The words of a packet's line, one row each: which field of the packet the
 * word carries and in what form. Parser and writer go by the same rows. */
#ifndef TESTS_SUPPORT_PACKET_FIELDS_H
#define TESTS_SUPPORT_PACKET_FIELDS_H

#include <stddef.h>

#include "capture/packet.h"

enum field_form {
	FIELD_NUMBER,
	FIELD_SEQUENCE, /* a number that counts from the ISN of its end */
	FIELD_FLAG,	/* the word alone sets it, `no` before it clears it */
	FIELD_OPTION,	/* a TCP option without a value, likewise */
	FIELD_SACK,	/* blocks */
	FIELD_CLOCK,	/* TSval and TSecr, from the clocks of the ends */
	FIELD_ECHO,	/* two numbers */
	FIELD_TEXT,	/* captured payload in quotes; the row has no word */
	FIELD_DIRECTION,
	FIELD_TUNNEL,
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as rows read */
struct packet_field {
	const char *word;
	enum field_form form;
	size_t offset;
	uint8_t bytes;
	uint8_t hex_digits; /* as which the value is written; 0: decimal */
	uint16_t option;    /* of enum tcp_option: the word says it is there */
	uint32_t most;
	bool is_of_end;	 /* a line that describes an end may have it */
	bool is_of_copy; /* it may differ when a packet is recorded again */
};

/* In the order of writing. */
extern const struct packet_field packet_fields[];
extern const unsigned packet_field_count;

/* A field that is a number, and one that is true or false. */
uint32_t packet_field_get(
	const struct packet_field *field, const struct packet *packet);
void packet_field_set(const struct packet_field *field, struct packet *packet,
	uint32_t value);

/* Whether the field, or the option that it belongs to, is the same. */
bool packet_field_is_same(const struct packet_field *field,
	const struct packet *packet, const struct packet *other);

#endif
