/* Text that grows in a buffer. */
#ifndef TESTS_SUPPORT_TEXT_WRITER_H
#define TESTS_SUPPORT_TEXT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/conversation.h"

struct text_writer {
	char *text; /* terminated */
	size_t capacity, used;
	bool is_full; /* something did not fit */
};

void text_put(struct text_writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Seconds, no more decimals than it takes. */
void text_put_seconds(struct text_writer *writer, int64_t time_ns);

/* A number, which counts from `base` where its end has a name. */
void text_put_relative(struct text_writer *writer, bool is_named, uint32_t base,
	uint32_t value);

/* An end by its name, or by its address where that is NULL. */
void text_put_end(struct text_writer *writer,
	const struct conversation_end *named, uint8_t family,
	const struct address *address, bool has_port, uint16_t port);

/* A blank and the letters of flags. */
void text_put_flags(struct text_writer *writer, uint16_t flags);

#endif
