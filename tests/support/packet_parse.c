/* A line is read word by word; each word says what follows it. */
#include "tests/support/packet_text.h"

#include <string.h>

#include "capture/header_write.h"
#include "capture/decode/decode_icmp.h"
#include "tests/support/packet_derived.h"
#include "tests/support/text_fields.h"
#include "tests/support/text_quote.h"
#include "tests/support/text_values.h"

struct parsing {
	struct text_words words;
	struct packet *packet;
	struct conversation *conversation; /* NULL: none */
	struct field_reading reading;
};

/* The word behind the addresses: what kind of packet it is. */
static bool parse_kind(struct parsing *parsing, struct text_ends *ends)
{
	struct word word = word_next(&parsing->words);
	struct packet *packet = parsing->packet;

	if (word_is(&word, "udp"))
		packet->kind = PACKET_UDP;
	else if (word_is(&word, "icmp"))
		packet->kind = PACKET_ICMP;
	else if (word_is(&word, "other"))
		packet->kind = PACKET_OTHER;
	else if (word_is(&word, "fragment"))
		packet->kind = PACKET_FRAGMENT;
	else if (value_flags(&word, &packet->tcp_flags))
		packet->kind = PACKET_TCP;
	else
		return words_fail(&parsing->words, &word,
			"flags or one of udp icmp fragment other are expected");
	if (!value_ports(&parsing->words, &word, ends,
		    packet->kind == PACKET_TCP || packet->kind == PACKET_UDP))
		return false;
	if (packet->kind == PACKET_ICMP)
		return value_icmp(&parsing->words, packet);
	return packet->kind != PACKET_OTHER ||
	       value_reason(&parsing->words, &packet->skip_reason);
}

/* Ends and kind; then the packet is what the conversation expects. */
static bool parse_head(struct parsing *parsing, const struct word *word)
{
	struct packet *packet = parsing->packet;
	struct conversation_sides sides = {NULL, NULL};
	const struct conversation_end *source, *target;
	struct text_ends ends = {0};

	if (!value_ends(&parsing->words, word, parsing->conversation, &ends) ||
		!parse_kind(parsing, &ends))
		return false;
	source = ends.source.named;
	target = ends.target.named;
	if (source && source->is_copied)
		parsing->conversation->copied = source;
	packet->family = ends.source.family;
	packet->source = ends.source.address;
	packet->target = ends.target.address;
	packet->source_port = ends.source.port;
	packet->target_port = ends.target.port;
	if (packet->kind == PACKET_TCP && parsing->conversation)
		sides = conversation_flow_of(
			parsing->conversation, source, target, packet);
	conversation_expect(&sides, source, target, packet);
	parsing->reading.base = field_base_of(&sides, source, target);
	return true;
}

/* Fills in what follows from the rest, as decoding would. */
static bool finish(struct parsing *parsing)
{
	struct packet *packet = parsing->packet;
	const struct field_reading *reading = &parsing->reading;
	struct packet_derived derived;
	uint8_t quote[MOST_QUOTATION_BYTES];

	if (packet->kind == PACKET_ICMP && !reading->has_length &&
		icmp_is_error(packet->family, packet->icmp_type))
		packet->payload_bytes = (uint32_t)header_write_quotation(
			&packet->quoted, quote);
	else if (!reading->has_length)
		packet->payload_bytes = packet->payload_captured;
	if (packet->payload_bytes < packet->payload_captured)
		return words_fail(&parsing->words, NULL,
			"`len` is smaller than the text");
	if (!packet_derive(packet, &derived) && !reading->has_option_bytes)
		return words_fail(&parsing->words, NULL,
			"the options don't fit into 40 bytes");
	packet->quirks |= derived.quirks;
	if (!reading->has_order)
		packet->option_order = derived.option_order;
	if (!reading->has_option_bytes)
		packet->option_bytes = derived.option_bytes;
	if (!reading->has_ip_bytes)
		packet->ip_bytes = derived.ip_bytes + packet->option_bytes -
				   derived.option_bytes;
	if (packet->kind == PACKET_TCP)
		packet->tcp_header_bytes = (uint8_t)(20 + packet->option_bytes);
	return true;
}

static bool parse_words(struct parsing *parsing)
{
	for (;;) {
		struct word word = word_next(&parsing->words);

		if (word.length == 0 && !word.is_quoted)
			return !words_have_failed(&parsing->words);
		if (word_is(&word, "quoting"))
			return text_quote_read(&parsing->words,
				parsing->conversation, parsing->packet);
		if (!field_read(&parsing->words, &word, &parsing->reading,
			    parsing->packet))
			return false;
	}
}

/* The last packet once more, as another place or the same recorded it. */
static bool parse_copy(struct parsing *parsing, const struct word *word)
{
	struct packet *packet = parsing->packet;
	int64_t time_ns = packet->time_ns;

	if (packet->time_ns == INT64_MIN ||
		!parsing->conversation->last.ip_bytes)
		return words_fail(&parsing->words, word,
			"a packet and a time are expected before");
	*packet = parsing->conversation->last;
	packet->time_ns = time_ns;
	parsing->reading.use = FIELDS_OF_COPY;
	return parse_words(parsing);
}

static bool parse_line(struct parsing *parsing)
{
	struct packet *packet = parsing->packet;
	struct word word = word_next(&parsing->words);

	if (word.length == 0)
		return words_fail(&parsing->words, &word, "nothing here");
	if (!value_time(&parsing->words, &word,
		    parsing->conversation ? parsing->conversation->time_ns : 0,
		    &packet->time_ns))
		return false;
	word = word_next(&parsing->words);
	if (parsing->conversation && word_is(&word, "again"))
		return parse_copy(parsing, &word);
	if (word_is(&word, "other")) {
		if (!value_reason(&parsing->words, &packet->skip_reason))
			return false;
	} else if (!parse_head(parsing, &word)) {
		return false;
	}
	return parse_words(parsing) && finish(parsing);
}

static bool parse(struct parsing *parsing)
{
	memset(parsing->packet, 0, sizeof(*parsing->packet));
	*parsing->words.error = (struct text_error){0};
	return parse_line(parsing);
}

bool packet_parse(const char *line, size_t length, uint8_t *space,
	struct packet *packet, struct text_error *error)
{
	struct parsing parsing = {
		.words = words_of(line, length, error),
		.packet = packet,
		.reading = {.use = FIELDS_OF_PACKET,
			.space = space,
			.space_bytes = length},
	};

	return parse(&parsing);
}

bool packet_parse_in(struct conversation *conversation, const char *line,
	size_t length, uint8_t *space, struct packet *packet,
	struct text_error *error)
{
	struct parsing parsing = {
		.words = words_of(line, length, error),
		.packet = packet,
		.conversation = conversation,
		.reading = {.use = FIELDS_OF_PACKET,
			.space = space,
			.space_bytes = PAYLOAD_BYTES},
	};

	conversation->copied = NULL;
	if (!parse(&parsing))
		return false;
	if (parsing.reading.is_single)
		conversation->copied = NULL;
	conversation_take(conversation, packet);
	return true;
}
