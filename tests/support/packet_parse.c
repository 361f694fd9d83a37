/* A line is read word by word; each word says what follows it. */
#include "tests/support/packet_text.h"

#include <string.h>

#include "capture/header_write.h"
#include "capture/decode/decode_icmp.h"
#include "tests/support/packet_derived.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_words.h"
#include "tests/support/text_values.h"

struct parsing {
	struct text_words words;
	struct packet *packet;
	uint8_t *space;
	bool has_ports;
	bool has_length, has_ip_bytes, has_order;
	bool has_option_bytes, has_protocol;
};

/* Words with one number: where it goes and how large it may be. */
struct number_word {
	const char *word;
	size_t offset;
	uint8_t bytes;
	uint16_t option; /* of enum tcp_option: the word says it is there */
	uint32_t most;
};

#define FIELD(name, member, limit)                                             \
	{                                                                      \
		.word = name, .offset = offsetof(struct packet, member),       \
		.bytes = sizeof(((struct packet *)0)->member), .most = limit   \
	}
#define OPTION_FIELD(name, member, limit, bit)                                 \
	{                                                                      \
		.word = name, .offset = offsetof(struct packet, member),       \
		.bytes = sizeof(((struct packet *)0)->member), .most = limit,  \
		.option = bit                                                  \
	}

static const struct number_word packet_numbers[] = {
	FIELD("seq", sequence, UINT32_MAX),
	FIELD("ack", acknowledged, UINT32_MAX),
	FIELD("win", window, UINT16_MAX),
	FIELD("urg", urgent, UINT16_MAX),
	FIELD("ttl", ttl, UINT8_MAX),
	FIELD("id", ip_id, UINT16_MAX),
	FIELD("tos", tos, UINT8_MAX),
	FIELD("label", flow_label, 0xfffff),
	FIELD("proto", protocol, UINT8_MAX),
	FIELD("mtu", icmp_mtu, UINT32_MAX),
	FIELD("len", payload_bytes, UINT32_MAX - 4096),
	FIELD("bytes", ip_bytes, UINT32_MAX),
	FIELD("if", interface, UINT32_MAX),
	FIELD("dev", device, UINT32_MAX),
	FIELD("ctx", context, UINT32_MAX),
	FIELD("order", option_order, UINT32_MAX),
	FIELD("option-bytes", option_bytes, 40),
	OPTION_FIELD("mss", mss, UINT16_MAX, OPTION_MSS),
	OPTION_FIELD("ws", window_scale, UINT8_MAX, OPTION_WINDOW_SCALE),
};

#define QUOTED_FIELD(name, member, limit)                                      \
	{                                                                      \
		.word = name, .offset = offsetof(struct quotation, member),    \
		.bytes = sizeof(((struct quotation *)0)->member),              \
		.most = limit                                                  \
	}

static const struct number_word quoted_numbers[] = {
	QUOTED_FIELD("seq", sequence, UINT32_MAX),
	QUOTED_FIELD("ack", acknowledged, UINT32_MAX),
	QUOTED_FIELD("ttl", ttl, UINT8_MAX),
	QUOTED_FIELD("id", ip_id, UINT16_MAX),
	QUOTED_FIELD("tos", tos, UINT8_MAX),
	QUOTED_FIELD("len", total_bytes, UINT16_MAX),
	QUOTED_FIELD("proto", protocol, UINT8_MAX),
};

static const struct number_word *number_word_find(
	const struct number_word *table, size_t count, const struct word *word)
{
	for (size_t i = 0; i < count; i++)
		if (word_is(word, table[i].word))
			return &table[i];
	return NULL;
}

static void store(void *record, const struct number_word *entry, uint32_t value)
{
	unsigned char *place = (unsigned char *)record + entry->offset;
	uint8_t narrow = (uint8_t)value;
	uint16_t middle = (uint16_t)value;

	if (entry->bytes == 1)
		memcpy(place, &narrow, 1);
	else if (entry->bytes == 2)
		memcpy(place, &middle, 2);
	else
		memcpy(place, &value, 4);
}

static bool parse_payload(struct parsing *parsing, const struct word *word)
{
	struct packet *packet = parsing->packet;
	uint32_t bytes = 0;

	if (!word_unescape(&parsing->words, word, parsing->space, &bytes))
		return false;
	packet->payload = parsing->space;
	packet->payload_captured = bytes;
	return true;
}

static bool parse_number(struct parsing *parsing, const struct word *word,
	const struct number_word *entry, void *record)
{
	struct word value = word_next(&parsing->words);
	uint32_t number;

	if (value.length == 0)
		return words_fail(
			&parsing->words, word, "a number has to follow");
	if (!word_number(&parsing->words, &value, entry->most, &number))
		return false;
	store(record, entry, number);
	return true;
}

static bool parse_quoted_word(struct parsing *parsing, const struct word *word)
{
	struct quotation *quoted = &parsing->packet->quoted;
	const struct number_word *entry = number_word_find(quoted_numbers,
		sizeof(quoted_numbers) / sizeof(*quoted_numbers), word);

	if (entry) {
		if (word_is(word, "seq"))
			quoted->has_sequence = true;
		if (word_is(word, "ack"))
			quoted->has_acknowledged = true;
		return parse_number(parsing, word, entry, quoted);
	}
	if (word_is(word, "df")) {
		quoted->is_df = true;
		return true;
	}
	if (word_is(word, "udp")) {
		quoted->protocol = PROTOCOL_UDP;
		return true;
	}
	if (value_flags(word, &quoted->tcp_flags)) {
		quoted->has_acknowledged = true;
		return true;
	}
	return words_fail(&parsing->words, word, "no such word in a quote");
}

static bool parse_quotation(struct parsing *parsing)
{
	struct quotation *quoted = &parsing->packet->quoted;
	struct word word = word_next(&parsing->words);
	struct text_ends ends = {0};

	if (!value_ends(&parsing->words, &word, &ends))
		return false;
	quoted->family = ends.family;
	quoted->source = ends.source;
	quoted->target = ends.target;
	quoted->source_port = ends.source_port;
	quoted->target_port = ends.target_port;
	quoted->has_ports = ends.has_ports;
	quoted->protocol = ends.has_ports ? PROTOCOL_TCP : 0;
	quoted->ttl = TTL_UNLESS_SAID;
	for (;;) {
		word = word_next(&parsing->words);
		if (word.length == 0)
			return true;
		if (!parse_quoted_word(parsing, &word))
			return false;
	}
}

static bool parse_icmp(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);
	const char *slash =
		word.start ? memchr(word.start, '/', word.length) : NULL;
	struct word type = word, code = word;
	uint32_t numbers[2];

	if (!slash)
		return words_fail(
			&parsing->words, &word, "TYPE/CODE is expected");
	type.length = (unsigned)(slash - word.start);
	code.start = slash + 1;
	code.length = word.length - type.length - 1;
	if (!word_number(&parsing->words, &type, UINT8_MAX, &numbers[0]) ||
		!word_number(&parsing->words, &code, UINT8_MAX, &numbers[1]))
		return false;
	parsing->packet->kind = PACKET_ICMP;
	parsing->packet->icmp_type = (uint8_t)numbers[0];
	parsing->packet->icmp_code = (uint8_t)numbers[1];
	return true;
}

static bool parse_other(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);

	for (unsigned i = 0; i < UNDECODED_COUNT; i++) {
		if (word_is(&word, undecoded_word((enum undecoded)i))) {
			parsing->packet->undecoded = (uint8_t)i;
			return true;
		}
	}
	return words_fail(&parsing->words, &word, "this is no reason");
}

/* The word behind the addresses: what kind of packet it is. */
static bool parse_kind(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);
	struct packet *packet = parsing->packet;

	if (word_is(&word, "udp"))
		packet->kind = PACKET_UDP;
	else if (word_is(&word, "icmp"))
		return parse_icmp(parsing);
	else if (word_is(&word, "other"))
		return parse_other(parsing);
	else if (word_is(&word, "fragment"))
		packet->kind = PACKET_FRAGMENT;
	else if (value_flags(&word, &packet->tcp_flags))
		packet->kind = PACKET_TCP;
	else
		return words_fail(&parsing->words, &word,
			"flags or one of udp icmp fragment other are expected");
	if ((packet->kind == PACKET_TCP || packet->kind == PACKET_UDP) !=
		parsing->has_ports)
		return words_fail(&parsing->words, &word,
			"TCP and UDP have ports, others have none");
	return true;
}

static bool parse_option_word(struct parsing *parsing, const struct word *word)
{
	for (unsigned i = 0; i < option_word_count; i++) {
		if (word_is(word, option_words[i].word)) {
			parsing->packet->options |=
				(uint16_t)option_words[i].bit;
			return true;
		}
	}
	return words_fail(&parsing->words, word, "no such word");
}

static bool parse_word(struct parsing *parsing, const struct word *word)
{
	struct packet *packet = parsing->packet;
	const struct number_word *entry = number_word_find(packet_numbers,
		sizeof(packet_numbers) / sizeof(*packet_numbers), word);
	uint32_t first, second;

	if (entry) {
		packet->options |= entry->option;
		parsing->has_length |= word_is(word, "len");
		parsing->has_ip_bytes |= word_is(word, "bytes");
		parsing->has_order |= word_is(word, "order");
		parsing->has_option_bytes |= word_is(word, "option-bytes");
		parsing->has_protocol |= word_is(word, "proto");
		return parse_number(parsing, word, entry, packet);
	}
	if (word->is_quoted)
		return parse_payload(parsing, word);
	if (word_is(word, "df"))
		packet->is_df = true;
	else if (word_is(word, "first"))
		packet->is_first_fragment = true;
	else if (word_is(word, "sack"))
		return value_sack(&parsing->words, packet);
	else if (word_is(word, "odd"))
		return value_oddities(&parsing->words, &packet->oddities);
	else if (word_is(word, "dir"))
		return value_direction(&parsing->words, &packet->direction);
	else if (word_is(word, "tunnel"))
		return value_tunnel(&parsing->words, &packet->tunnel);
	else if (word_is(word, "quoting"))
		return parse_quotation(parsing);
	else if (word_is(word, "ts")) {
		packet->options |= OPTION_TIMESTAMP;
		return value_pair(&parsing->words, word, UINT32_MAX,
			&packet->timestamp_value, &packet->timestamp_echo);
	} else if (word_is(word, "echo")) {
		if (!value_pair(
			    &parsing->words, word, UINT16_MAX, &first, &second))
			return false;
		packet->icmp_id = (uint16_t)first;
		packet->icmp_sequence = (uint16_t)second;
	} else {
		return parse_option_word(parsing, word);
	}
	return true;
}

/* Fills in what follows from the rest, as decoding would. */
static bool finish(struct parsing *parsing)
{
	struct packet *packet = parsing->packet;
	struct packet_derived derived;
	uint8_t quote[MOST_QUOTATION_BYTES];

	if (packet->kind == PACKET_ICMP && !parsing->has_length &&
		icmp_is_error(packet->family, packet->icmp_type))
		packet->payload_bytes = (uint32_t)header_write_quotation(
			&packet->quoted, quote);
	else if (!parsing->has_length)
		packet->payload_bytes = packet->payload_captured;
	if (packet->payload_bytes < packet->payload_captured)
		return words_fail(&parsing->words, NULL,
			"`len` is smaller than the text");
	if (!packet_derive(packet, &derived) && !parsing->has_option_bytes)
		return words_fail(&parsing->words, NULL,
			"the options don't fit into 40 bytes");
	packet->oddities |= derived.oddities;
	if (!parsing->has_protocol)
		packet->protocol = derived.protocol;
	if (!parsing->has_order)
		packet->option_order = derived.option_order;
	if (!parsing->has_option_bytes)
		packet->option_bytes = derived.option_bytes;
	if (!parsing->has_ip_bytes)
		packet->ip_bytes = derived.ip_bytes + packet->option_bytes -
				   derived.option_bytes;
	if (packet->kind == PACKET_TCP)
		packet->tcp_header_bytes = (uint8_t)(20 + packet->option_bytes);
	return true;
}

static bool parse_line(struct parsing *parsing)
{
	struct packet *packet = parsing->packet;
	struct word word = word_next(&parsing->words);
	struct text_ends ends = {0};

	if (word.length == 0)
		return words_fail(&parsing->words, &word, "nothing here");
	if (!value_time(&parsing->words, &word, &packet->time_ns))
		return false;
	word = word_next(&parsing->words);
	if (word_is(&word, "other")) {
		if (!parse_other(parsing))
			return false;
	} else {
		if (!value_ends(&parsing->words, &word, &ends))
			return false;
		packet->family = ends.family;
		packet->source = ends.source;
		packet->target = ends.target;
		packet->source_port = ends.source_port;
		packet->target_port = ends.target_port;
		packet->ttl = TTL_UNLESS_SAID;
		parsing->has_ports = ends.has_ports;
		if (!parse_kind(parsing))
			return false;
	}
	for (;;) {
		word = word_next(&parsing->words);
		if (word.length == 0 && !word.is_quoted)
			return !words_have_failed(&parsing->words) &&
			       finish(parsing);
		if (!parse_word(parsing, &word))
			return false;
	}
}

bool packet_parse(const char *line, size_t length, uint8_t *space,
	struct packet *packet, struct text_error *error)
{
	struct parsing parsing = {
		.words = words_of(line, length, error),
		.packet = packet,
		.space = space,
	};

	memset(packet, 0, sizeof(*packet));
	error->column = 0;
	return parse_line(&parsing);
}
