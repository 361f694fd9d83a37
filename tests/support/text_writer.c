#include "tests/support/text_writer.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "capture/sequence.h"
#include "tests/support/packet_words.h"

enum { FARTHEST = 1 << 29 }; /* what counts from elsewhere altogether */

void text_put(struct text_writer *writer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(writer->text + writer->used,
		writer->capacity - writer->used, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= writer->capacity - writer->used)
		writer->is_full = true;
	else
		writer->used += (size_t)length;
	writer->text[writer->used] = '\0';
}

void text_put_seconds(struct text_writer *writer, int64_t time_ns)
{
	uint64_t whole = time_ns < 0 ? -(uint64_t)time_ns : (uint64_t)time_ns;
	uint64_t rest = whole % 1000000000;
	int digits = 9;

	text_put(writer, "%s%" PRIu64, time_ns < 0 ? "-" : "",
		whole / 1000000000);
	if (rest == 0)
		return;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	text_put(writer, ".%0*" PRIu64, digits, rest);
}

void text_put_relative(struct text_writer *writer, bool is_named, uint32_t base,
	uint32_t value)
{
	int32_t distance = sequence_distance(base, value);

	if (!is_named)
		text_put(writer, "%" PRIu32, value);
	else if (distance > FARTHEST || distance < -FARTHEST ||
		 (value == 0 && distance != 0))
		text_put(writer, "=%" PRIu32, value);
	else
		text_put(writer, "%" PRId32, distance);
}

void text_put_end(struct text_writer *writer,
	const struct conversation_end *named, uint8_t family,
	const struct address *address, bool has_port, uint16_t port)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (named) {
		text_put(writer, "%s", named->name);
		if (has_port && (port == 0 || named->usual.source_port != port))
			text_put(writer, ":%u", port);
		return;
	}
	if (family == 6) {
		(void)inet_ntop(AF_INET6, address->bytes, text, sizeof(text));
		text_put(writer, "[%s]", text);
	} else {
		(void)inet_ntop(AF_INET, address->bytes, text, sizeof(text));
		text_put(writer, "%s", text);
	}
	if (has_port)
		text_put(writer, ":%u", port);
}

void text_put_flags(struct text_writer *writer, uint16_t flags)
{
	text_put(writer, " %s", flags ? "" : "none");
	for (unsigned i = 0; i < flag_letter_count; i++)
		if (flags & flag_letters[i].bit)
			text_put(writer, "%s", flag_letters[i].word);
}
