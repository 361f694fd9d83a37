/* Lines that describe an end: its name, its address, what its packets have. */
#ifndef TESTS_SUPPORT_END_TEXT_H
#define TESTS_SUPPORT_END_TEXT_H

#include <stddef.h>

#include "tests/support/conversation.h"
#include "tests/support/text_words.h"

/* Reads such a line into the conversation; false and an error if it is none. */
bool end_parse(const char *line, size_t length,
	struct conversation *conversation, struct text_error *error);

/* What an end is before its first line says otherwise: one with a port is a
 * host like the client of the beginning, one without a router. No name, no
 * address. */
struct conversation_end end_new(bool has_port);

/* Writes the line that makes the end of that name what `wanted` is, without
 * newline, terminated, and changes the conversation accordingly. `is_restart`:
 * its connection begins anew with the next SYN. Returns the line's length; 0:
 * there is nothing to say, or no room to say it. */
size_t end_format(const struct conversation_end *wanted, bool is_restart,
	struct conversation *conversation, char *text, size_t capacity);

#endif
