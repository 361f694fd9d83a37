#include "tests/support/text_values.h"

#include <arpa/inet.h>
#include <string.h>

#include "capture/frame.h"
#include "tests/support/packet_words.h"

/* The part of a word from `start` on. */
static struct word part_of(const struct word *word, const char *start)
{
	struct word part = *word;

	part.start = start;
	part.length = word->length - (unsigned)(start - word->start);
	return part;
}

static bool parse_address(struct text_words *words, const struct word *word,
	unsigned length, struct text_end *end)
{
	char text[64];
	bool is_bracketed = word->start[0] == '[';
	const char *start = word->start + is_bracketed;

	length -= is_bracketed ? 2 : 0;
	if (length >= sizeof(text))
		return words_fail(words, word, "an address is expected");
	memcpy(text, start, length);
	text[length] = '\0';
	end->family = is_bracketed ? 6 : 4;
	if (inet_pton(is_bracketed ? AF_INET6 : AF_INET, text,
		    end->address.bytes) != 1)
		return words_fail(words, word, "an address is expected");
	return true;
}

static bool parse_name(struct text_words *words, const struct word *word,
	unsigned length, struct conversation *conversation,
	struct text_end *end)
{
	const struct packet *usual;

	end->named = conversation_end(conversation, word->start, length);
	if (!end->named)
		return words_fail(words, word,
			"an address or the name of an end is expected");
	usual = &end->named->usual;
	end->family = usual->family;
	end->address = usual->source;
	end->port = usual->source_port;
	end->has_port = end->port != 0;
	return true;
}

bool value_end(struct text_words *words, const struct word *word,
	struct conversation *conversation, struct text_end *end)
{
	const char *stop = word->start + word->length, *rest;
	struct word port;
	uint32_t value;
	unsigned length;

	*end = (struct text_end){0};
	if (word->length == 0 || word->is_quoted)
		return words_fail(words, word,
			conversation ? "an address or a name is expected"
				     : "an address is expected");
	if (word->start[0] == '[') {
		rest = memchr(word->start, ']', word->length);
		if (!rest)
			return words_fail(words, word, "`]` is missing");
		rest++;
	} else if ((rest = memchr(word->start, ':', word->length)) == NULL) {
		rest = stop;
	}
	length = (unsigned)(rest - word->start);
	if (conversation && word->start[0] >= 'a' && word->start[0] <= 'z') {
		if (!parse_name(words, word, length, conversation, end))
			return false;
	} else if (!parse_address(words, word, length, end)) {
		return false;
	}
	if (rest == stop)
		return true;
	if (*rest != ':')
		return words_fail(words, word, "`:` and a port are expected");
	port = part_of(word, rest + 1);
	if (!word_number(words, &port, UINT16_MAX, &value))
		return false;
	end->port = (uint16_t)value;
	end->has_port = end->is_port_said = true;
	return true;
}

bool value_ends(struct text_words *words, const struct word *from,
	struct conversation *conversation, struct text_ends *ends)
{
	struct word arrow, to;

	if (!value_end(words, from, conversation, &ends->source))
		return false;
	arrow = word_next(words);
	to = word_next(words);
	if (!word_is(&arrow, ">"))
		return words_fail(words, &arrow, "`>` is expected");
	if (!value_end(words, &to, conversation, &ends->target))
		return false;
	if (ends->source.family != ends->target.family)
		return words_fail(
			words, &to, "both ends must be of one IP version");
	return true;
}

bool value_ports(struct text_words *words, const struct word *kind,
	struct text_ends *ends, bool has_ports)
{
	struct text_end *both[] = {&ends->source, &ends->target};

	for (unsigned i = 0; i < 2; i++) {
		if (has_ports ? !both[i]->has_port : both[i]->is_port_said)
			return words_fail(words, kind,
				"TCP and UDP have ports, others have none");
		if (!has_ports)
			both[i]->port = 0;
	}
	return true;
}

bool value_flags(const struct word *word, uint16_t *flags)
{
	uint16_t found = 0;

	if (word_is(word, "none")) {
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

/* Digits before and behind the point; false for anything else. */
static bool parse_seconds(const struct word *word, int64_t *time_ns)
{
	int64_t seconds = 0, fraction = 0, scale = 100000000;
	unsigned at = 0;

	for (; at < word->length && word->start[at] >= '0' &&
		word->start[at] <= '9' && seconds < 900000000;
		at++)
		seconds = seconds * 10 + (word->start[at] - '0');
	if (at < word->length && word->start[at] == '.')
		for (at++; at < word->length && word->start[at] >= '0' &&
			   word->start[at] <= '9' && scale > 0;
			at++, scale /= 10)
			fraction += (word->start[at] - '0') * scale;
	*time_ns = seconds * 1000000000 + fraction;
	return at > 0 && at == word->length;
}

bool value_time(struct text_words *words, const struct word *word,
	int64_t since_ns, int64_t *time_ns)
{
	bool is_negative = word->length > 0 && word->start[0] == '-';
	bool is_relative = word->length > 0 && word->start[0] == '+';
	struct word digits =
		part_of(word, word->start + (is_negative || is_relative));

	if (word_is(word, "-")) {
		*time_ns = INT64_MIN;
		return true;
	}
	if (word->is_quoted || !parse_seconds(&digits, time_ns))
		return words_fail(words, word, "a time in seconds is expected");
	if (is_negative)
		*time_ns = -*time_ns;
	if (is_relative && __builtin_add_overflow(*time_ns, since_ns, time_ns))
		return words_fail(words, word, "the time is too large");
	return true;
}

bool value_sack(struct text_words *words, uint32_t base, struct packet *packet)
{
	struct word word = word_next(words);
	const char *at = word.start, *end = word.start + word.length;

	packet->options |= OPTION_SACK;
	packet->sack_count = 0;
	while (at < end && *at != ',' && packet->sack_count < 4) {
		struct sack_block *block = &packet->sack[packet->sack_count];
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;
		/* behind the first letter, which may be a sign */
		const char *dash = memchr(at + 1, '-', (size_t)(stop - at) - 1);
		struct word first = word, second = word;

		if (!dash)
			break;
		first.start = at;
		first.length = (unsigned)(dash - at);
		second.start = dash + 1;
		second.length = (unsigned)(stop - dash - 1);
		if (!word_relative(words, &first, base, &block->start) ||
			!word_relative(words, &second, base, &block->end))
			return false;
		packet->sack_count++;
		at = comma ? comma + 1 : end;
	}
	if (at < end || packet->sack_count == 0)
		return words_fail(words, &word,
			"`sack` takes START-END, up to four of them");
	return true;
}

bool value_quirks(struct text_words *words, uint32_t *quirks)
{
	struct word list = word_next(words);
	const char *at = list.start, *end = list.start + list.length;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		struct word word = list;
		unsigned i = 0;

		word.start = at;
		word.length = (unsigned)((comma ? comma : end) - at);
		while (i < quirk_word_count &&
			!word_is(&word, quirk_words[i].word))
			i++;
		if (i == quirk_word_count)
			return words_fail(words, &word,
				"the word of an quirk is expected");
		*quirks |= quirk_words[i].bit;
		at = comma ? comma + 1 : end;
	}
	return true;
}

bool value_direction(struct text_words *words, uint8_t *direction)
{
	struct word word = word_next(words);

	if (word_is(&word, "in"))
		*direction = FRAME_INBOUND;
	else if (word_is(&word, "out"))
		*direction = FRAME_OUTBOUND;
	else if (word_is(&word, "any"))
		*direction = FRAME_ANY_WAY;
	else
		return words_fail(
			words, &word, "`in`, `out` or `any` is expected");
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
	return words_fail(words, &word, "the word of a tunnel is expected");
}

bool value_icmp(struct text_words *words, struct packet *packet)
{
	struct word word = word_next(words), type = word, code;
	const char *slash =
		word.length > 0 ? memchr(word.start, '/', word.length) : NULL;
	uint32_t numbers[2];

	if (!slash)
		return words_fail(words, &word, "TYPE/CODE is expected");
	type.length = (unsigned)(slash - word.start);
	code = part_of(&word, slash + 1);
	if (!word_number(words, &type, UINT8_MAX, &numbers[0]) ||
		!word_number(words, &code, UINT8_MAX, &numbers[1]))
		return false;
	packet->icmp_type = (uint8_t)numbers[0];
	packet->icmp_code = (uint8_t)numbers[1];
	return true;
}

bool value_reason(struct text_words *words, uint8_t *skip_reason)
{
	struct word word = word_next(words);

	for (unsigned i = 0; i < SKIP_COUNT; i++) {
		if (word_is(&word, skip_reason_word((enum skip_reason)i))) {
			*skip_reason = (uint8_t)i;
			return true;
		}
	}
	return words_fail(
		words, &word, "the reason why it was not decoded is expected");
}
