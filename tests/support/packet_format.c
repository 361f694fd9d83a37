/* A line says what differs from the packet that is expected. */
#include "tests/support/packet_compare.h"
#include "tests/support/packet_text.h"

#include "capture/header_write.h"
#include "capture/decode/decode_icmp.h"
#include "tests/support/packet_derived.h"
#include "tests/support/packet_words.h"
#include "tests/support/text_fields.h"
#include "tests/support/text_quote.h"
#include "tests/support/text_writer.h"

enum {
	TIME_COLUMNS = 9,  /* "+0.000002" */
	ENDS_COLUMNS = 16, /* "router2 > client", "client > server" */
	KIND_COLUMNS = 3,
};

struct formatting {
	struct text_writer writer;
	const struct packet *packet;
	struct conversation *conversation;		/* NULL: none */
	const struct conversation_end *source, *target; /* NULL: no name */
	struct conversation_sides sides;
	struct packet expected;
	struct packet_style style;
};

/* Blanks up to a column; with a conversation only. */
static void put_column(
	struct formatting *formatting, size_t start, size_t columns)
{
	if (!formatting->conversation)
		return;
	while (formatting->writer.used - start < columns &&
		!formatting->writer.is_full)
		text_put(&formatting->writer, " ");
}

static void put_time(struct formatting *formatting)
{
	static const int64_t longest_ns = 100000000000000; /* about a day */
	struct conversation *conversation = formatting->conversation;
	struct text_writer *writer = &formatting->writer;
	int64_t time_ns = formatting->packet->time_ns;
	int64_t since_ns = conversation ? conversation->time_ns : INT64_MAX;

	if (time_ns == INT64_MIN) {
		text_put(writer, "-");
	} else if (time_ns >= since_ns &&
		   (uint64_t)time_ns - (uint64_t)since_ns <=
			   (uint64_t)longest_ns) {
		text_put(writer, "+");
		text_put_seconds(writer, time_ns - since_ns);
	} else {
		text_put_seconds(writer, time_ns);
	}
	put_column(formatting, 0, TIME_COLUMNS);
	text_put(writer, " ");
}

static void put_ends(struct formatting *formatting)
{
	const struct packet *packet = formatting->packet;
	struct text_writer *writer = &formatting->writer;
	bool has_ports =
		packet->kind == PACKET_TCP || packet->kind == PACKET_UDP;
	size_t start = writer->used;

	text_put_end(writer, formatting->source, packet->family,
		&packet->source, has_ports, packet->source_port);
	text_put(writer, " > ");
	text_put_end(writer, formatting->target, packet->family,
		&packet->target, has_ports, packet->target_port);
	put_column(formatting, start, ENDS_COLUMNS);
}

static void put_kind(struct formatting *formatting)
{
	const struct packet *packet = formatting->packet;
	struct text_writer *writer = &formatting->writer;
	size_t start;

	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		start = writer->used;
		text_put_flags(writer, packet->tcp_flags);
		put_column(formatting, start, KIND_COLUMNS);
		break;
	case PACKET_UDP:
		text_put(writer, " udp");
		break;
	case PACKET_ICMP:
		text_put(writer, " icmp %u/%u", packet->icmp_type,
			packet->icmp_code);
		break;
	case PACKET_FRAGMENT:
		text_put(writer, " fragment");
		break;
	case PACKET_OTHER:
		text_put(writer, "%sother %s", packet->family ? " " : "",
			skip_reason_word(
				(enum skip_reason)packet->skip_reason));
		break;
	}
}

/* The words of all fields that are not as expected. */
static void put_fields(struct formatting *formatting, enum field_use use)
{
	const struct packet *packet = formatting->packet;
	const struct field_base base = field_base_of(
		&formatting->sides, formatting->source, formatting->target);
	uint16_t written = 0; /* options */

	for (unsigned i = 0; i < packet_field_count; i++) {
		const struct packet_field *field = &packet_fields[i];
		bool is_sequence =
			field->form == FIELD_SEQUENCE &&
			field->offset == offsetof(struct packet, sequence);

		if (packet_field_is_same(
			    field, packet, &formatting->expected) &&
			!(is_sequence && formatting->style.is_sequence_shown))
			continue;
		if (field->form == FIELD_OPTION && field->option & written)
			continue; /* of MPTCP's bits the longer said it */
		field_write(&formatting->writer, field, use, &base, packet);
		written |= field->option;
	}
}

static void put_quirks(struct text_writer *writer, uint32_t quirks)
{
	const char *before = " odd ";

	for (unsigned i = 0; i < quirk_word_count; i++) {
		if (!(quirks & quirk_words[i].bit))
			continue;
		text_put(writer, "%s%s", before, quirk_words[i].word);
		before = ",";
	}
}

/* The packet that its line is held against, up to its last words. */
static void expect(struct formatting *formatting)
{
	const struct packet *packet = formatting->packet;
	struct conversation *conversation = formatting->conversation;
	struct packet *expected = &formatting->expected;

	if (conversation && packet->family) {
		formatting->source = conversation_end_at(conversation,
			packet->family, &packet->source, packet->source_port);
		formatting->target = conversation_end_at(conversation,
			packet->family, &packet->target, packet->target_port);
	}
	expected->time_ns = packet->time_ns;
	expected->kind = packet->kind;
	expected->family = packet->family;
	expected->source = packet->source;
	expected->target = packet->target;
	expected->source_port = packet->source_port;
	expected->target_port = packet->target_port;
	expected->tcp_flags = packet->tcp_flags;
	expected->icmp_type = packet->icmp_type;
	if (conversation && packet->kind == PACKET_TCP)
		formatting->sides = conversation_flow_of(conversation,
			formatting->source, formatting->target, packet);
	if (packet->family)
		conversation_expect(&formatting->sides, formatting->source,
			formatting->target, expected);
}

/* What decoding would find in a packet of these fields. */
static void expect_derived(
	struct formatting *formatting, struct packet_derived *derived)
{
	const struct packet *packet = formatting->packet;
	struct packet *expected = &formatting->expected;
	uint8_t quote[MOST_QUOTATION_BYTES];

	/* false: real headers leave paddings out; lengths and order say it */
	(void)packet_derive(packet, derived);
	expected->option_bytes = derived->option_bytes;
	expected->option_order = derived->option_order;
	expected->ip_bytes = derived->ip_bytes + packet->option_bytes -
			     derived->option_bytes;
	expected->payload_bytes =
		packet->payload ? packet->payload_captured : 0;
	/* of an error's payload the quotation is what counts */
	if (packet->kind == PACKET_ICMP &&
		icmp_is_error(packet->family, packet->icmp_type)) {
		expected->payload_bytes = (uint32_t)header_write_quotation(
			&packet->quoted, quote);
		expected->payload = packet->payload;
		expected->payload_captured = packet->payload_captured;
	}
}

bool packet_is_again(
	const struct conversation *conversation, const struct packet *packet)
{
	static const uint64_t moment_ns = 1000000;
	const struct packet *last = &conversation->last;

	return last->ip_bytes && last->time_ns != INT64_MIN &&
	       packet->time_ns >= last->time_ns &&
	       (packet->ip_id ||
		       (uint64_t)packet->time_ns - (uint64_t)last->time_ns <
			       moment_ns) &&
	       packet_is_copy(packet, last);
}

static void format_again(struct formatting *formatting)
{
	text_put(&formatting->writer, "again");
	formatting->expected = formatting->conversation->last;
	formatting->style.is_sequence_shown = false;
	put_fields(formatting, FIELDS_OF_COPY);
}

static void format_new(struct formatting *formatting)
{
	const struct packet *packet = formatting->packet;
	struct text_writer *writer = &formatting->writer;
	struct packet_derived derived;

	expect(formatting);
	expect_derived(formatting, &derived);
	if (packet->family)
		put_ends(formatting);
	put_kind(formatting);
	put_fields(formatting, FIELDS_OF_PACKET);
	put_quirks(writer, packet->quirks & ~derived.quirks);
	if (formatting->style.is_single && formatting->source &&
		formatting->source->is_copied)
		text_put(writer, " no again");
	if (packet->kind == PACKET_ICMP)
		text_quote_write(writer, formatting->conversation, packet);
}

static size_t format(struct formatting *formatting)
{
	struct text_writer *writer = &formatting->writer;
	struct conversation *conversation = formatting->conversation;

	if (writer->capacity == 0)
		return 0;
	put_time(formatting);
	if (conversation && packet_is_again(conversation, formatting->packet))
		format_again(formatting);
	else
		format_new(formatting);
	while (writer->used > 0 && writer->text[writer->used - 1] == ' ')
		writer->text[--writer->used] = '\0';
	return writer->is_full ? 0 : writer->used;
}

size_t packet_format(const struct packet *packet, char *text, size_t capacity)
{
	struct formatting formatting = {
		.writer = {.text = text, .capacity = capacity},
		.packet = packet,
	};

	return format(&formatting);
}

size_t packet_format_in(struct conversation *conversation,
	const struct packet *packet, struct packet_style style, char *text,
	size_t capacity)
{
	struct formatting formatting = {
		.writer = {.text = text, .capacity = capacity},
		.packet = packet,
		.conversation = conversation,
		.style = style,
	};
	size_t length = format(&formatting);

	conversation_take(conversation, packet);
	return length;
}
