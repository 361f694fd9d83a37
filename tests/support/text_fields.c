#include "tests/support/text_fields.h"

#include <inttypes.h>
#include <string.h>

#include "capture/frame.h"
#include "tests/support/text_values.h"

enum { SHORTEST_RUN = 16 /* of bytes that is written as such */ };

struct field_base field_base_of(const struct conversation_sides *sides,
	const struct conversation_end *source,
	const struct conversation_end *target)
{
	struct field_base base = {0};

	if (sides->source && source) {
		base.is_source_named = true;
		base.source_isn = sides->source->isn;
		base.source_clock = sides->source->clock;
	}
	if (sides->target && target) {
		base.is_target_named = true;
		base.target_isn = sides->target->isn;
		base.target_clock = sides->target->clock;
	}
	return base;
}

static bool is_allowed(const struct packet_field *field, enum field_use use)
{
	switch (use) {
	case FIELDS_OF_PACKET:
		return true;
	case FIELDS_OF_COPY:
		return field->is_of_copy;
	case FIELDS_OF_END:
		return field->is_of_end;
	}
	return false;
}

static const struct packet_field *find_field(
	const struct word *word, enum field_use use)
{
	for (unsigned i = 0; i < packet_field_count; i++)
		if (packet_fields[i].word &&
			is_allowed(&packet_fields[i], use) &&
			word_is(word, packet_fields[i].word))
			return &packet_fields[i];
	return NULL;
}

/* Several strings are one, so that a long one can be broken. */
static bool read_text(struct text_words *words, const struct word *word,
	const struct field_reading *reading, struct packet *packet)
{
	size_t left = reading->space_bytes - packet->payload_captured;
	uint32_t bytes = 0;
	uint8_t *space;

	if (reading->use != FIELDS_OF_PACKET)
		return words_fail(words, word, "no payload may stand here");
	space = reading->space + packet->payload_captured;
	/* an escape is longer than what it stands for */
	if (word->length > left || !word_unescape(words, word, space, &bytes) ||
		(uint64_t)bytes * word->times > left)
		return words_fail(words, word, "the payload is too large");
	for (unsigned i = 1; i < word->times; i++)
		memcpy(space + (size_t)i * bytes, space, bytes);
	packet->payload = reading->space;
	packet->payload_captured += bytes * word->times;
	return true;
}

static bool next_number(struct text_words *words, const struct word *before,
	struct word *number)
{
	*number = word_next(words);
	if (number->length == 0)
		return words_fail(words, before, "a number has to follow");
	return true;
}

static bool read_number(struct text_words *words, const struct word *word,
	const struct packet_field *field, struct packet *packet)
{
	struct word number;
	uint32_t value;

	if (!next_number(words, word, &number) ||
		!word_number(words, &number, field->most, &value))
		return false;
	packet_field_set(field, packet, value);
	return true;
}

static bool read_sequence(struct text_words *words, const struct word *word,
	const struct packet_field *field, const struct field_reading *reading,
	struct packet *packet)
{
	bool is_of_source = field->offset == offsetof(struct packet, sequence);
	struct word number;
	uint32_t value;

	if (!next_number(words, word, &number) ||
		!word_relative(words, &number,
			is_of_source ? reading->base.source_isn
				     : reading->base.target_isn,
			&value))
		return false;
	packet_field_set(field, packet, value);
	return true;
}

/* An end has a clock, its packets have that and what they echo. */
static bool read_clock(struct text_words *words, const struct word *word,
	const struct field_reading *reading, struct packet *packet)
{
	struct word number;

	if (!next_number(words, word, &number) ||
		!word_relative(words, &number, reading->base.source_clock,
			&packet->timestamp_value))
		return false;
	return reading->use == FIELDS_OF_END ||
	       (next_number(words, word, &number) &&
		       word_relative(words, &number, reading->base.target_clock,
			       &packet->timestamp_echo));
}

static bool read_echo(struct text_words *words, const struct word *word,
	struct packet *packet)
{
	struct word number;
	uint32_t id, sequence;

	if (!next_number(words, word, &number) ||
		!word_number(words, &number, UINT16_MAX, &id) ||
		!next_number(words, word, &number) ||
		!word_number(words, &number, UINT16_MAX, &sequence))
		return false;
	packet->icmp_id = (uint16_t)id;
	packet->icmp_sequence = (uint16_t)sequence;
	return true;
}

/* `no` and a word: the packet lacks what its end would have sent. */
static bool read_lack(struct text_words *words, struct field_reading *reading,
	struct packet *packet)
{
	struct word word = word_next(words);
	const struct packet_field *field = find_field(&word, reading->use);

	if (word_is(&word, "again") && reading->use == FIELDS_OF_PACKET) {
		reading->is_single = true;
		return true;
	}
	if (field && field->option) {
		packet->options &= (uint16_t)~field->option;
		if (field->form == FIELD_NUMBER)
			packet_field_set(field, packet, 0);
		if (field->form == FIELD_CLOCK)
			packet->timestamp_value = packet->timestamp_echo = 0;
		if (field->form == FIELD_SACK)
			packet->sack_count = 0;
		return true;
	}
	if (field && field->form == FIELD_FLAG) {
		packet_field_set(field, packet, 0);
		return true;
	}
	return words_fail(words, &word,
		"the word of a flag or an option is expected behind `no`");
}

static bool read_value(struct text_words *words, const struct word *word,
	const struct packet_field *field, struct field_reading *reading,
	struct packet *packet)
{
	switch (field->form) {
	case FIELD_NUMBER:
		return read_number(words, word, field, packet);
	case FIELD_SEQUENCE:
		return read_sequence(words, word, field, reading, packet);
	case FIELD_FLAG:
		packet_field_set(field, packet, 1);
		return true;
	case FIELD_OPTION:
		return true;
	case FIELD_SACK:
		return value_sack(words, reading->base.target_isn, packet);
	case FIELD_CLOCK:
		return read_clock(words, word, reading, packet);
	case FIELD_ECHO:
		return read_echo(words, word, packet);
	case FIELD_DIRECTION:
		return value_direction(words, &packet->direction);
	case FIELD_TUNNEL:
		return value_tunnel(words, &packet->tunnel);
	case FIELD_TEXT:
		break;
	}
	return false;
}

static const char *field_words_expected(enum field_use use)
{
	switch (use) {
	case FIELDS_OF_PACKET:
		return "the word of a field is expected";
	case FIELDS_OF_COPY:
		return "one of ttl dir if dev ctx tunnel is expected";
	case FIELDS_OF_END:
		return "the word of a field that all its packets have is "
		       "expected";
	}
	return NULL;
}

bool field_read(struct text_words *words, const struct word *word,
	struct field_reading *reading, struct packet *packet)
{
	const struct packet_field *field;

	if (word->is_quoted)
		return read_text(words, word, reading, packet);
	if (word_is(word, "no"))
		return read_lack(words, reading, packet);
	if (word_is(word, "odd") && reading->use == FIELDS_OF_PACKET)
		return value_quirks(words, &packet->quirks);
	field = find_field(word, reading->use);
	if (!field)
		return words_fail(
			words, word, field_words_expected(reading->use));
	packet->options |= field->option;
	reading->has_length |= word_is(word, "len");
	reading->has_ip_bytes |= word_is(word, "bytes");
	reading->has_order |= word_is(word, "order");
	reading->has_option_bytes |= word_is(word, "option-bytes");
	return read_value(words, word, field, reading, packet);
}

static void write_byte(struct text_writer *writer, uint8_t byte)
{
	if (byte == '"' || byte == '\\')
		text_put(writer, "\\%c", byte);
	else if (byte == '\r')
		text_put(writer, "\\r");
	else if (byte == '\n')
		text_put(writer, "\\n");
	else if (byte == '\t')
		text_put(writer, "\\t");
	else if (byte >= 0x20 && byte < 0x7f)
		text_put(writer, "%c", byte);
	else
		text_put(writer, "\\x%02x", byte);
}

/* How often the byte at `at` stands there in a row. */
static uint32_t run_at(const struct packet *packet, uint32_t at)
{
	uint32_t length = 1;

	while (length < UINT16_MAX && at + length < packet->payload_captured &&
		packet->payload[at + length] == packet->payload[at])
		length++;
	return length;
}

/* Without runs the text is no shorter than the payload. */
static void write_text(
	struct text_writer *writer, bool with_runs, const struct packet *packet)
{
	uint32_t captured = packet->payload ? packet->payload_captured : 0;
	bool is_open = false;

	for (uint32_t i = 0, run; i < captured && !writer->is_full; i += run) {
		run = with_runs ? run_at(packet, i) : 1;
		if (run < SHORTEST_RUN) {
			text_put(writer, "%s", is_open ? "" : " \"");
			is_open = true;
			run = 1;
			write_byte(writer, packet->payload[i]);
			continue;
		}
		text_put(writer, "%s \"", is_open ? "\"" : "");
		is_open = false;
		write_byte(writer, packet->payload[i]);
		text_put(writer, "\"*%" PRIu32, run);
	}
	text_put(writer, "%s", is_open ? "\"" : "");
}

static void write_number(struct text_writer *writer,
	const struct packet_field *field, uint32_t value)
{
	if (field->hex_digits && value)
		text_put(writer, " 0x%0*" PRIx32, field->hex_digits, value);
	else
		text_put(writer, " %" PRIu32, value);
}

static void write_sequence(struct text_writer *writer,
	const struct packet_field *field, const struct field_base *base,
	const struct packet *packet)
{
	bool is_of_source = field->offset == offsetof(struct packet, sequence);

	text_put(writer, " ");
	if (is_of_source)
		text_put_relative(writer, base->is_source_named,
			base->source_isn, packet->sequence);
	else
		text_put_relative(writer, base->is_target_named,
			base->target_isn, packet->acknowledged);
}

static void write_sack(struct text_writer *writer,
	const struct field_base *base, const struct packet *packet)
{
	for (unsigned i = 0; i < packet->sack_count; i++) {
		text_put(writer, "%s", i ? "," : " ");
		text_put_relative(writer, base->is_target_named,
			base->target_isn, packet->sack[i].start);
		text_put(writer, "-");
		text_put_relative(writer, base->is_target_named,
			base->target_isn, packet->sack[i].end);
	}
}

static void write_clock(struct text_writer *writer, enum field_use use,
	const struct field_base *base, const struct packet *packet)
{
	text_put(writer, " ");
	text_put_relative(writer, base->is_source_named, base->source_clock,
		packet->timestamp_value);
	if (use == FIELDS_OF_END)
		return;
	text_put(writer, " ");
	text_put_relative(writer, base->is_target_named, base->target_clock,
		packet->timestamp_echo);
}

static void write_value(struct text_writer *writer,
	const struct packet_field *field, enum field_use use,
	const struct field_base *base, const struct packet *packet)
{
	switch (field->form) {
	case FIELD_NUMBER:
		write_number(writer, field, packet_field_get(field, packet));
		break;
	case FIELD_SEQUENCE:
		write_sequence(writer, field, base, packet);
		break;
	case FIELD_SACK:
		write_sack(writer, base, packet);
		break;
	case FIELD_CLOCK:
		write_clock(writer, use, base, packet);
		break;
	case FIELD_ECHO:
		text_put(writer, " %u %u", packet->icmp_id,
			packet->icmp_sequence);
		break;
	case FIELD_DIRECTION:
		text_put(writer, " %s",
			packet->direction == FRAME_INBOUND    ? "in"
			: packet->direction == FRAME_OUTBOUND ? "out"
							      : "any");
		break;
	case FIELD_TUNNEL:
		text_put(writer, " %s",
			tunnel_word((enum tunnel)packet->tunnel));
		break;
	case FIELD_FLAG:
	case FIELD_OPTION:
	case FIELD_TEXT:
		break;
	}
}

void field_write(struct text_writer *writer, const struct packet_field *field,
	enum field_use use, const struct field_base *base,
	const struct packet *packet)
{
	bool is_lacking =
		(packet->options & field->option) != field->option ||
		(field->form == FIELD_FLAG && !packet_field_get(field, packet));

	if (field->form == FIELD_TEXT) {
		write_text(writer, base->is_source_named, packet);
		return;
	}
	text_put(writer, "%s %s", is_lacking ? " no" : "", field->word);
	if (!is_lacking)
		write_value(writer, field, use, base, packet);
}
