#include "tests/support/text_quote.h"

#include <string.h>

#include "tests/support/text_values.h"

struct quoted_number {
	const char *word;
	size_t offset;
	uint8_t bytes;
	uint8_t hex_digits; /* as which it is written; 0: decimal */
	uint32_t most, usual;
};

#define NUMBER(name, member, limit)                                            \
	.word = name, .offset = offsetof(struct quotation, member),            \
	.bytes = sizeof(((struct quotation *)0)->member), .most = limit

static const struct quoted_number quoted_numbers[] = {
	{NUMBER("ttl", ttl, UINT8_MAX), .usual = TTL_UNLESS_SAID},
	{NUMBER("id", ip_id, UINT16_MAX)},
	{NUMBER("tos", tos, UINT8_MAX), .hex_digits = 2},
	{NUMBER("len", total_bytes, UINT16_MAX)},
};
enum { NUMBERS = sizeof(quoted_numbers) / sizeof(*quoted_numbers) };

/* What the quote's numbers count from: 0 for an end without a name. */
struct quote_base {
	const struct conversation_end *source, *target; /* NULL: no name */
	uint32_t source_isn, target_isn;
};

static uint32_t get(
	const struct quotation *quoted, const struct quoted_number *number)
{
	const unsigned char *place =
		(const unsigned char *)quoted + number->offset;
	uint16_t value;

	if (number->bytes == 1)
		return *place;
	memcpy(&value, place, 2);
	return value;
}

static void set(struct quotation *quoted, const struct quoted_number *number,
	uint32_t value)
{
	unsigned char *place = (unsigned char *)quoted + number->offset;
	uint16_t wide = (uint16_t)value;

	if (number->bytes == 1)
		*place = (unsigned char)value;
	else
		memcpy(place, &wide, 2);
}

/* The names and ISNs of the ends of the flow that is quoted. */
static struct quote_base base_of(struct conversation *conversation,
	const struct quotation *quoted, const struct conversation_end *source,
	const struct conversation_end *target)
{
	const struct packet packet = {
		.family = quoted->family,
		.source = quoted->source,
		.target = quoted->target,
		.source_port = quoted->source_port,
		.target_port = quoted->target_port,
	};
	struct quote_base base = {.source = source, .target = target};
	struct conversation_sides sides;

	if (!conversation || !quoted->has_ports)
		return base;
	sides = conversation_flow_of(conversation, source, target, &packet);
	if (sides.source && source)
		base.source_isn = sides.source->isn;
	if (sides.target && target)
		base.target_isn = sides.target->isn;
	return base;
}

/* The flow that is quoted where none is said: ends and ports only. */
static bool usual_flow(struct conversation *conversation,
	const struct packet *packet, struct quotation *quoted)
{
	struct conversation_sides last;

	if (!conversation)
		return false;
	last = conversation_last_of(
		conversation, packet->family, &packet->target);
	if (!last.source)
		return false;
	quoted->family = packet->family;
	quoted->source = last.source->address;
	quoted->target = last.target->address;
	quoted->source_port = last.source->port;
	quoted->target_port = last.target->port;
	quoted->has_ports = true;
	return true;
}

static bool read_usual_ends(struct text_words *words,
	struct conversation *conversation, struct packet *packet,
	struct quote_base *base)
{
	struct quotation *quoted = &packet->quoted;

	if (!usual_flow(conversation, packet, quoted))
		return words_fail(words, NULL,
			"the ends of the packet that is quoted are expected");
	*base = base_of(conversation, quoted,
		conversation_end_at(conversation, quoted->family,
			&quoted->source, quoted->source_port),
		conversation_end_at(conversation, quoted->family,
			&quoted->target, quoted->target_port));
	return true;
}

static bool read_ends(struct text_words *words,
	struct conversation *conversation, struct packet *packet,
	struct quote_base *base)
{
	struct quotation *quoted = &packet->quoted;
	struct text_words ahead = *words;
	struct word from = word_next(&ahead), arrow = word_next(&ahead);
	struct text_ends ends = {0};

	if (!word_is(&arrow, ">"))
		return read_usual_ends(words, conversation, packet, base);
	(void)word_next(words); /* `from` */
	if (!value_ends(words, &from, conversation, &ends))
		return false;
	if (ends.source.has_port != ends.target.has_port)
		return words_fail(
			words, &from, "both ends must have a port, or none");
	quoted->family = ends.source.family;
	quoted->source = ends.source.address;
	quoted->target = ends.target.address;
	quoted->source_port = ends.source.port;
	quoted->target_port = ends.target.port;
	quoted->has_ports = ends.source.has_port;
	*base = base_of(
		conversation, quoted, ends.source.named, ends.target.named);
	return true;
}

static bool read_number(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *value)
{
	struct word number = word_next(words);

	if (number.length == 0)
		return words_fail(words, word, "a number has to follow");
	return word_number(words, &number, most, value);
}

static bool read_sequence(struct text_words *words, const struct word *word,
	uint32_t base, uint32_t *value)
{
	struct word number = word_next(words);

	if (number.length == 0)
		return words_fail(words, word, "a number has to follow");
	return word_relative(words, &number, base, value);
}

static bool read_word(struct text_words *words, const struct word *word,
	const struct quote_base *base, struct quotation *quoted)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < NUMBERS; i++) {
		if (!word_is(word, quoted_numbers[i].word))
			continue;
		if (!read_number(words, word, quoted_numbers[i].most, &value))
			return false;
		set(quoted, &quoted_numbers[i], value);
		return true;
	}
	if (word_is(word, "seq")) {
		quoted->has_sequence = true;
		return read_sequence(
			words, word, base->source_isn, &quoted->sequence);
	}
	if (word_is(word, "ack")) {
		quoted->has_acknowledged = true;
		return read_sequence(
			words, word, base->target_isn, &quoted->acknowledged);
	}
	if (word_is(word, "proto")) {
		if (!read_number(words, word, UINT8_MAX, &value))
			return false;
		quoted->protocol = (uint8_t)value;
	} else if (word_is(word, "df")) {
		quoted->is_df = true;
	} else if (word_is(word, "udp")) {
		quoted->protocol = PROTOCOL_UDP;
	} else if (value_flags(word, &quoted->tcp_flags)) {
		quoted->has_acknowledged = true;
	} else {
		return words_fail(words, word,
			"flags or one of seq ack ttl id tos len df udp proto "
			"are expected");
	}
	return true;
}

bool text_quote_read(struct text_words *words,
	struct conversation *conversation, struct packet *packet)
{
	struct quotation *quoted = &packet->quoted;
	struct quote_base base;

	if (!read_ends(words, conversation, packet, &base))
		return false;
	quoted->protocol = quoted->has_ports ? PROTOCOL_TCP : 0;
	for (unsigned i = 0; i < NUMBERS; i++)
		set(quoted, &quoted_numbers[i], quoted_numbers[i].usual);
	for (;;) {
		struct word word = word_next(words);

		if (word.length == 0 && !word.is_quoted)
			return !words_have_failed(words);
		if (word.is_quoted)
			return words_fail(words, &word,
				"flags or one of seq ack ttl id tos len df udp "
				"proto are expected");
		if (!read_word(words, &word, &base, quoted))
			return false;
	}
}

/* Returns what the quote's numbers count from. */
static struct quote_base write_ends(struct text_writer *writer,
	struct conversation *conversation, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;
	const struct conversation_end *source = NULL, *target = NULL;
	struct quotation usual = {0};

	if (conversation && quoted->has_ports) {
		source = conversation_end_at(conversation, quoted->family,
			&quoted->source, quoted->source_port);
		target = conversation_end_at(conversation, quoted->family,
			&quoted->target, quoted->target_port);
	}
	text_put(writer, " quoting");
	if (!quoted->has_ports || !usual_flow(conversation, packet, &usual) ||
		memcmp(&usual.source, &quoted->source, sizeof(usual.source)) !=
			0 ||
		memcmp(&usual.target, &quoted->target, sizeof(usual.target)) !=
			0 ||
		usual.family != quoted->family ||
		usual.source_port != quoted->source_port ||
		usual.target_port != quoted->target_port) {
		text_put(writer, " ");
		text_put_end(writer, source, quoted->family, &quoted->source,
			quoted->has_ports, quoted->source_port);
		text_put(writer, " > ");
		text_put_end(writer, target, quoted->family, &quoted->target,
			quoted->has_ports, quoted->target_port);
	}
	return base_of(conversation, quoted, source, target);
}

void text_quote_write(struct text_writer *writer,
	struct conversation *conversation, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;
	struct quote_base base;

	if (quoted->family == 0)
		return;
	base = write_ends(writer, conversation, packet);
	if (quoted->has_acknowledged)
		text_put_flags(writer, quoted->tcp_flags);
	if (quoted->has_sequence) {
		text_put(writer, " seq ");
		text_put_relative(
			writer, base.source, base.source_isn, quoted->sequence);
	}
	if (quoted->has_acknowledged) {
		text_put(writer, " ack ");
		text_put_relative(writer, base.target, base.target_isn,
			quoted->acknowledged);
	}
	if (quoted->has_ports && quoted->protocol == PROTOCOL_UDP)
		text_put(writer, " udp");
	else if (quoted->protocol != (quoted->has_ports ? PROTOCOL_TCP : 0))
		text_put(writer, " proto %u", quoted->protocol);
	for (unsigned i = 0; i < NUMBERS; i++) {
		const struct quoted_number *number = &quoted_numbers[i];
		uint32_t value = get(quoted, number);

		if (value == number->usual)
			continue;
		if (number->hex_digits)
			text_put(writer, " %s 0x%0*x", number->word,
				number->hex_digits, value);
		else
			text_put(writer, " %s %u", number->word, value);
	}
	if (quoted->is_df)
		text_put(writer, " df");
}
