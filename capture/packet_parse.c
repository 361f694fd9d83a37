/* A line is read word by word; each word says what follows it. */
#include "capture/packet_text.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "capture/decode_icmp.h"
#include "capture/frame.h"
#include "capture/packet_derived.h"
#include "capture/packet_encode.h"
#include "capture/packet_words.h"
#include "capture/text_words.h"

struct parsing {
	struct text_words words;
	struct packet *packet;
	uint8_t *space;
	bool has_ports[2]; /* of source and target */
	bool has_kind, has_length, has_ip_bytes, has_order;
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
		.bytes = sizeof(((struct quotation *)0)->member), .most = limit \
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

/* An end of the connection: address, and port if there is one. */
static bool parse_end(struct text_words *words, const struct word *word,
	uint8_t *family, struct address *address, uint16_t *port,
	bool *has_port)
{
	char text[64];
	const char *rest;
	int is_address;

	if (word->length >= sizeof(text))
		return words_fail(words, word, "an address is expected");
	memcpy(text, word->start, word->length);
	text[word->length] = '\0';
	*address = (struct address){0};
	if (text[0] == '[') {
		char *close = strchr(text, ']');

		if (!close)
			return words_fail(words, word, "`]` is missing");
		*close = '\0';
		rest = close + 1;
		*family = 6;
		is_address = inet_pton(AF_INET6, text + 1, address->bytes);
	} else {
		char *colon = strchr(text, ':');

		rest = colon ? word->start + (colon - text) : "";
		if (colon)
			*colon = '\0';
		*family = 4;
		is_address = inet_pton(AF_INET, text, address->bytes);
		rest = colon ? ":" : "";
	}
	if (is_address != 1)
		return words_fail(words, word, "an address is expected");
	*has_port = *rest != '\0';
	if (!*has_port)
		return true;
	if (*rest != ':')
		return words_fail(words, word, "`:` and a port are expected");
	{
		struct word number = *word;
		uint32_t value;
		const char *last = memrchr(word->start, ':', word->length);

		number.length = word->length -
			(unsigned)(last + 1 - word->start);
		number.start = last + 1;
		if (!word_number(words, &number, UINT16_MAX, &value))
			return false;
		*port = (uint16_t)value;
	}
	return true;
}

/* Letters of flags, or `.`; false without an error if it is another word. */
static bool parse_flags(const struct word *word, uint16_t *flags)
{
	uint16_t found = 0;

	if (word_is(word, ".")) {
		*flags = 0;
		return true;
	}
	for (unsigned i = 0; i < word->length; i++) {
		unsigned at = 0;

		while (at < flag_letter_count &&
			flag_letters[at].word[0] != word->start[i])
			at++;
		if (at == flag_letter_count || found & flag_letters[at].bit)
			return false;
		found |= (uint16_t)flag_letters[at].bit;
	}
	*flags = found;
	return word->length > 0;
}

static bool parse_time(
	struct text_words *words, const struct word *word, int64_t *time_ns)
{
	int64_t seconds = 0, fraction = 0, scale = 100000000;
	unsigned at = 0;
	bool is_negative = word->start[0] == '-';

	if (word_is(word, "-")) {
		*time_ns = INT64_MIN;
		return true;
	}
	at += is_negative;
	for (; at < word->length && word->start[at] >= '0' &&
		word->start[at] <= '9' && seconds < 900000000;
		at++)
		seconds = seconds * 10 + (word->start[at] - '0');
	if (at < word->length && word->start[at] == '.')
		for (at++; at < word->length && word->start[at] >= '0' &&
			word->start[at] <= '9' && scale > 0;
			at++, scale /= 10)
			fraction += (word->start[at] - '0') * scale;
	if (at < word->length || at == is_negative)
		return words_fail(words, word, "a time in seconds is expected");
	*time_ns = seconds * 1000000000 + fraction;
	if (is_negative)
		*time_ns = -*time_ns;
	return true;
}

static bool parse_sack(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);
	struct packet *packet = parsing->packet;
	const char *at = word.start, *end = word.start + word.length;

	packet->options |= OPTION_SACK;
	while (at < end && packet->sack_count < 4) {
		struct sack_block *block = &packet->sack[packet->sack_count];
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;
		const char *dash = memchr(at, '-', (size_t)(stop - at));
		struct word first = word, second = word;

		if (!dash)
			break;
		first.start = at;
		first.length = (unsigned)(dash - at);
		second.start = dash + 1;
		second.length = (unsigned)(stop - dash - 1);
		if (!word_number(&parsing->words, &first, UINT32_MAX,
			    &block->start) ||
			!word_number(&parsing->words, &second, UINT32_MAX,
				&block->end))
			return false;
		packet->sack_count++;
		at = comma ? comma + 1 : end;
	}
	if (at < end || packet->sack_count == 0)
		return words_fail(&parsing->words, &word,
			"`sack` takes START-END, up to four of them");
	return true;
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

static bool parse_oddities(struct parsing *parsing)
{
	struct word list = word_next(&parsing->words);
	const char *at = list.start, *end = list.start + list.length;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		struct word word = list;
		unsigned i = 0;

		word.start = at;
		word.length = (unsigned)((comma ? comma : end) - at);
		while (i < oddity_word_count &&
			!word_is(&word, oddity_words[i].word))
			i++;
		if (i == oddity_word_count)
			return words_fail(&parsing->words, &word,
				"this is no oddity");
		parsing->packet->oddities |= oddity_words[i].bit;
		at = comma ? comma + 1 : end;
	}
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

static bool parse_pair(struct parsing *parsing, const struct word *word,
	uint32_t most, uint32_t *first, uint32_t *second)
{
	struct word one = word_next(&parsing->words);
	struct word two = word_next(&parsing->words);

	if (two.length == 0)
		return words_fail(
			&parsing->words, word, "two numbers have to follow");
	return word_number(&parsing->words, &one, most, first) &&
		word_number(&parsing->words, &two, most, second);
}

static bool parse_direction(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);

	if (word_is(&word, "in"))
		parsing->packet->direction = FRAME_INBOUND;
	else if (word_is(&word, "out"))
		parsing->packet->direction = FRAME_OUTBOUND;
	else
		return words_fail(
			&parsing->words, &word, "`in` or `out` is expected");
	return true;
}

static bool parse_tunnel(struct parsing *parsing)
{
	struct word word = word_next(&parsing->words);

	for (unsigned i = 0; i < TUNNEL_COUNT; i++) {
		if (word_is(&word, tunnel_word((enum tunnel)i))) {
			parsing->packet->tunnel = (uint8_t)i;
			return true;
		}
	}
	return words_fail(&parsing->words, &word, "this is no tunnel");
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
	if (parse_flags(word, &quoted->tcp_flags)) {
		quoted->has_acknowledged = true;
		return true;
	}
	return words_fail(&parsing->words, word, "no such word in a quote");
}

static bool parse_ends(struct parsing *parsing, struct word *from,
	struct address *source, uint16_t *source_port, struct address *target,
	uint16_t *target_port, uint8_t *family, bool has_ports[2])
{
	struct word arrow, to;
	uint8_t other_family;

	if (!parse_end(&parsing->words, from, family, source, source_port,
		    &has_ports[0]))
		return false;
	arrow = word_next(&parsing->words);
	to = word_next(&parsing->words);
	if (!word_is(&arrow, ">"))
		return words_fail(&parsing->words, &arrow, "`>` is expected");
	if (!parse_end(&parsing->words, &to, &other_family, target,
		    target_port, &has_ports[1]))
		return false;
	if (*family != other_family || has_ports[0] != has_ports[1])
		return words_fail(&parsing->words, &to,
			"both ends must be of one kind");
	return true;
}

static bool parse_quotation(struct parsing *parsing)
{
	struct quotation *quoted = &parsing->packet->quoted;
	struct word word = word_next(&parsing->words);
	bool has_ports[2];

	quoted->ttl = TTL_UNLESS_SAID;
	if (!parse_ends(parsing, &word, &quoted->source, &quoted->source_port,
		    &quoted->target, &quoted->target_port, &quoted->family,
		    has_ports))
		return false;
	quoted->has_ports = has_ports[0];
	quoted->protocol = has_ports[0] ? PROTOCOL_TCP : 0;
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
	else if (parse_flags(&word, &packet->tcp_flags))
		packet->kind = PACKET_TCP;
	else
		return words_fail(&parsing->words, &word,
			"flags or one of udp icmp fragment other are expected");
	if ((packet->kind == PACKET_TCP || packet->kind == PACKET_UDP) !=
		parsing->has_ports[0])
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
		return parse_sack(parsing);
	else if (word_is(word, "odd"))
		return parse_oddities(parsing);
	else if (word_is(word, "dir"))
		return parse_direction(parsing);
	else if (word_is(word, "tunnel"))
		return parse_tunnel(parsing);
	else if (word_is(word, "quoting"))
		return parse_quotation(parsing);
	else if (word_is(word, "ts")) {
		packet->options |= OPTION_TIMESTAMP;
		return parse_pair(parsing, word, UINT32_MAX,
			&packet->timestamp_value, &packet->timestamp_echo);
	} else if (word_is(word, "echo")) {
		if (!parse_pair(parsing, word, UINT16_MAX, &first, &second))
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
		packet->payload_bytes =
			(uint32_t)quotation_encode(&packet->quoted, quote);
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

	if (word.length == 0)
		return words_fail(&parsing->words, &word, "nothing here");
	if (!parse_time(&parsing->words, &word, &packet->time_ns))
		return false;
	word = word_next(&parsing->words);
	if (word_is(&word, "other")) {
		if (!parse_other(parsing))
			return false;
	} else {
		packet->ttl = TTL_UNLESS_SAID;
		if (!parse_ends(parsing, &word, &packet->source,
			    &packet->source_port, &packet->target,
			    &packet->target_port, &packet->family,
			    parsing->has_ports) ||
			!parse_kind(parsing))
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
