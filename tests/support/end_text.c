#include "tests/support/end_text.h"

#include <inttypes.h>
#include <string.h>

#include "tests/support/text_fields.h"
#include "tests/support/text_values.h"
#include "tests/support/text_writer.h"

/* What would read as something else. */
static const char *const reserved[] = {"again", "expect", "include", "other"};

static bool is_name(const struct word *word)
{
	if (word->is_quoted || word->length == 0 || word->length >= NAME_BYTES)
		return false;
	for (unsigned i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
		if (word_is(word, reserved[i]))
			return false;
	for (unsigned i = 0; i < word->length; i++) {
		char letter = word->start[i];
		bool is_letter = letter >= 'a' && letter <= 'z';
		bool is_other =
			(letter >= '0' && letter <= '9') || letter == '-';

		if (!is_letter && !(is_other && i > 0))
			return false;
	}
	return true;
}

static bool is_place(const struct word *word)
{
	return word->length > 0 && !word->is_quoted &&
	       (word->start[0] == '[' || word->start[0] == ':' ||
		       (word->start[0] >= '0' && word->start[0] <= '9'));
}

/* ADDRESS, ADDRESS:PORT or :PORT; what is not said stays as it is. */
static bool read_place(struct text_words *words, const struct word *word,
	struct conversation_end *end)
{
	struct word port = *word;
	struct text_end place;
	uint32_t value;

	if (word->start[0] == ':') {
		port.start++;
		port.length--;
		if (!word_number(words, &port, UINT16_MAX, &value))
			return false;
		end->usual.source_port = (uint16_t)value;
		return true;
	}
	if (!value_end(words, word, NULL, &place))
		return false;
	end->usual.family = place.family;
	end->usual.source = place.address;
	if (place.has_port)
		end->usual.source_port = place.port;
	return true;
}

struct conversation_end end_new(bool has_port)
{
	struct conversation_end end = {.usual = {.ttl = TTL_UNLESS_SAID}};

	if (!has_port)
		return end;
	end = *conversation_host();
	memset(end.name, 0, sizeof(end.name));
	end.usual.family = 0;
	end.usual.source = (struct address){0};
	end.usual.source_port = 0;
	return end;
}

static struct conversation_end *add_end(struct conversation *conversation,
	struct text_words *words, const struct word *name,
	const struct word *place)
{
	struct conversation_end *end, new;
	struct text_end at;

	if (!is_place(place) || place->start[0] == ':') {
		(void)words_fail(words, name,
			"a time, an end and its address, `expect` or `include` "
			"is expected");
		return NULL;
	}
	if (!value_end(words, place, NULL, &at))
		return NULL;
	new = end_new(at.has_port);
	memcpy(new.name, name->start, name->length);
	new.usual.family = at.family;
	new.usual.source = at.address;
	new.usual.source_port = at.port;
	end = conversation_add(conversation, &new);
	if (!end)
		(void)words_fail(words, name, "there are too many ends");
	return end;
}

/* When and with what its packets are recorded once more: the last words. */
static bool read_copy(struct text_words *words, struct conversation_end *end)
{
	struct field_reading reading = {.use = FIELDS_OF_COPY};
	struct word word = word_next(words);

	end->is_copied = true;
	end->copy_fields = 0;
	if (word.length == 0 || word.start[0] != '+')
		return words_fail(words, &word,
			"how much later is expected, as in +0.000002");
	if (!value_time(words, &word, 0, &end->copy_after_ns))
		return false;
	while ((word = word_next(words)).length > 0) {
		for (unsigned i = 0; i < packet_field_count; i++)
			if (packet_fields[i].word &&
				word_is(&word, packet_fields[i].word))
				end->copy_fields |= (uint64_t)1 << i;
		if (!field_read(words, &word, &reading, &end->copy))
			return false;
	}
	return true;
}

static bool is_no_copy(const struct text_words *words, const struct word *word)
{
	struct text_words ahead = *words;
	struct word next = word_next(&ahead);

	return word_is(word, "no") && word_is(&next, "again");
}

static bool read_word(struct text_words *words, const struct word *word,
	struct conversation_end *end)
{
	struct field_reading reading = {.use = FIELDS_OF_END};
	struct word number;
	uint32_t value;

	if (word_is(word, "again"))
		return read_copy(words, end);
	if (is_no_copy(words, word)) {
		(void)word_next(words);
		end->is_copied = false;
		return true;
	}
	end->restarts += word_is(word, "isn") || word_is(word, "id") ||
			 word_is(word, "ts");
	if (!word_is(word, "isn") && !word_is(word, "syn-win"))
		return field_read(words, word, &reading, &end->usual);
	number = word_next(words);
	if (word_is(word, "isn"))
		return word_number(words, &number, UINT32_MAX, &end->isn);
	if (!word_number(words, &number, UINT16_MAX, &value))
		return false;
	end->syn_window = (uint16_t)value;
	return true;
}

bool end_parse(const char *line, size_t length,
	struct conversation *conversation, struct text_error *error)
{
	struct text_words words = words_of(line, length, error);
	struct word name = word_next(&words), word = word_next(&words);
	struct conversation_end *end =
		conversation_end(conversation, name.start, name.length);

	*error = (struct text_error){0};
	if (!is_name(&name))
		return words_fail(&words, &name,
			"a time, the name of an end, `expect` or `include` is "
			"expected");
	if (!end) {
		end = add_end(conversation, &words, &name, &word);
		if (!end)
			return false;
		word = word_next(&words);
	} else if (is_place(&word)) {
		if (!read_place(&words, &word, end))
			return false;
		word = word_next(&words);
	}
	for (; word.length > 0 || word.is_quoted; word = word_next(&words))
		if (!read_word(&words, &word, end))
			return false;
	return !words_have_failed(&words);
}

static void write_place(struct text_writer *writer,
	const struct conversation_end *wanted,
	const struct conversation_end *now)
{
	const struct packet *usual = &wanted->usual;

	if (usual->family != now->usual.family ||
		memcmp(&usual->source, &now->usual.source,
			sizeof(usual->source)) != 0) {
		text_put(writer, " ");
		text_put_end(writer, NULL, usual->family, &usual->source,
			usual->source_port != 0, usual->source_port);
	} else if (usual->source_port != now->usual.source_port) {
		text_put(writer, " :%u", usual->source_port);
	}
}

static bool is_same_copy(const struct conversation_end *end,
	const struct conversation_end *other)
{
	if (!end->is_copied || !other->is_copied)
		return end->is_copied == other->is_copied;
	if (end->copy_after_ns != other->copy_after_ns ||
		end->copy_fields != other->copy_fields)
		return false;
	for (unsigned i = 0; i < packet_field_count; i++)
		if (end->copy_fields >> i & 1 &&
			!packet_field_is_same(
				&packet_fields[i], &end->copy, &other->copy))
			return false;
	return true;
}

static void write_copy(
	struct text_writer *writer, const struct conversation_end *end)
{
	static const struct field_base absolute;

	if (!end->is_copied) {
		text_put(writer, " no again");
		return;
	}
	text_put(writer, " again +");
	text_put_seconds(writer, end->copy_after_ns);
	for (unsigned i = 0; i < packet_field_count; i++)
		if (end->copy_fields >> i & 1)
			field_write(writer, &packet_fields[i], FIELDS_OF_COPY,
				&absolute, &end->copy);
}

size_t end_format(const struct conversation_end *wanted, bool is_restart,
	struct conversation *conversation, char *text, size_t capacity)
{
	static const struct field_base absolute;
	struct text_writer writer = {.text = text, .capacity = capacity};
	const struct conversation_end *known = conversation_end(
		conversation, wanted->name, strlen(wanted->name));
	const struct conversation_end now =
		known ? *known : end_new(wanted->usual.source_port != 0);
	struct text_error error;
	size_t name_length;

	text_put(&writer, "%s", wanted->name);
	name_length = writer.used;
	write_place(&writer, wanted, &now);
	if (is_restart || wanted->isn != now.isn)
		text_put(&writer, " isn %" PRIu32, wanted->isn);
	for (unsigned i = 0; i < packet_field_count; i++) {
		const struct packet_field *field = &packet_fields[i];

		if (field->is_of_end && !packet_field_is_same(field,
						&wanted->usual, &now.usual))
			field_write(&writer, field, FIELDS_OF_END, &absolute,
				&wanted->usual);
	}
	if (wanted->syn_window != now.syn_window)
		text_put(&writer, " syn-win %u", wanted->syn_window);
	if (!is_same_copy(wanted, &now))
		write_copy(&writer, wanted);
	if (writer.is_full || writer.used == name_length ||
		!end_parse(text, writer.used, conversation, &error))
		return 0;
	return writer.used;
}
