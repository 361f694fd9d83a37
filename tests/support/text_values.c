#include "tests/support/text_values.h"

#include <arpa/inet.h>
#include <string.h>

#include "capture/frame.h"
#include "tests/support/packet_words.h"

/* An end of the connection: address, and port if there is one. */
static bool parse_end(struct text_words *words, const struct word *word,
	uint8_t *family, struct address *address, uint16_t *port,
	bool *has_port)
{
	char text[64];
	const char *rest, *last;
	struct word number = *word;
	uint32_t value;
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
	last = memrchr(word->start, ':', word->length);
	number.start = last + 1;
	number.length = word->length - (unsigned)(number.start - word->start);
	if (!word_number(words, &number, UINT16_MAX, &value))
		return false;
	*port = (uint16_t)value;
	return true;
}

bool value_ends(struct text_words *words, const struct word *from,
	struct text_ends *ends)
{
	struct word arrow, to;
	uint8_t other_family = 0;
	bool has_port = false;

	if (!parse_end(words, from, &ends->family, &ends->source,
		    &ends->source_port, &ends->has_ports))
		return false;
	arrow = word_next(words);
	to = word_next(words);
	if (!word_is(&arrow, ">"))
		return words_fail(words, &arrow, "`>` is expected");
	if (!parse_end(words, &to, &other_family, &ends->target,
		    &ends->target_port, &has_port))
		return false;
	if (ends->family != other_family || ends->has_ports != has_port)
		return words_fail(words, &to, "both ends must be of one kind");
	return true;
}

bool value_flags(const struct word *word, uint16_t *flags)
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

bool value_time(
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

bool value_sack(struct text_words *words, struct packet *packet)
{
	struct word word = word_next(words);
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
		if (!word_number(words, &first, UINT32_MAX, &block->start) ||
			!word_number(words, &second, UINT32_MAX, &block->end))
			return false;
		packet->sack_count++;
		at = comma ? comma + 1 : end;
	}
	if (at < end || packet->sack_count == 0)
		return words_fail(words, &word,
			"`sack` takes START-END, up to four of them");
	return true;
}

bool value_oddities(struct text_words *words, uint32_t *oddities)
{
	struct word list = word_next(words);
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
			return words_fail(words, &word, "this is no oddity");
		*oddities |= oddity_words[i].bit;
		at = comma ? comma + 1 : end;
	}
	return true;
}

bool value_pair(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *first, uint32_t *second)
{
	struct word one = word_next(words);
	struct word two = word_next(words);

	if (two.length == 0)
		return words_fail(words, word, "two numbers have to follow");
	return word_number(words, &one, most, first) &&
	       word_number(words, &two, most, second);
}

bool value_direction(struct text_words *words, uint8_t *direction)
{
	struct word word = word_next(words);

	if (word_is(&word, "in"))
		*direction = FRAME_INBOUND;
	else if (word_is(&word, "out"))
		*direction = FRAME_OUTBOUND;
	else
		return words_fail(words, &word, "`in` or `out` is expected");
	return true;
}

bool value_tunnel(struct text_words *words, uint8_t *tunnel)
{
	struct word word = word_next(words);

	for (unsigned i = 0; i < TUNNEL_COUNT; i++) {
		if (word_is(&word, tunnel_word((enum tunnel)i))) {
			*tunnel = (uint8_t)i;
			return true;
		}
	}
	return words_fail(words, &word, "this is no tunnel");
}
