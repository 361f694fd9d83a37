#include "tests/support/text_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct text_words words_of(
	const char *line, size_t length, struct text_error *error)
{
	return (struct text_words){
		.line = line, .at = line, .end = line + length, .error = error};
}

bool words_have_failed(const struct text_words *words)
{
	return words->error->column != 0;
}

bool words_fail(
	struct text_words *words, const struct word *word, const char *what)
{
	const char *place = word && word->start ? word->start : words->end;
	int shown = word ? (int)word->length : 0;
	struct text_error *error = words->error;

	if (words_have_failed(words))
		return false;
	error->column = 1;
	error->lines = 0;
	for (const char *at = words->line; at < place; at++) {
		error->column++;
		if (*at == '\n') {
			error->column = 1;
			error->lines++;
		}
	}
	if (shown > 40)
		shown = 40;
	if (shown > 0)
		(void)snprintf(error->text, sizeof(error->text), /* bounded */
			"%s, not `%.*s`", what, shown, place);
	else
		(void)snprintf(error->text, sizeof(error->text), "%s", what);
	return false;
}

/* The newline behind a backslash is in the line, and so it is blank. */
static bool is_blank(const struct text_words *words)
{
	char letter = *words->at;

	return letter == ' ' || letter == '\t' || letter == '\r' ||
	       letter == '\n' ||
	       (letter == '\\' && words->at + 1 < words->end &&
		       words->at[1] == '\n');
}

static struct word plain_word(struct text_words *words)
{
	struct word word = {.start = words->at};

	while (words->at < words->end && !is_blank(words))
		words->at++;
	word.length = (unsigned)(words->at - word.start);
	return word;
}

static struct word quoted_word(struct text_words *words)
{
	struct word word = {
		.start = words->at + 1, .is_quoted = true, .times = 1};
	struct word number;
	const char *at = word.start;
	uint32_t times;

	while (at < words->end && *at != '"')
		at += *at == '\\' && at + 1 < words->end ? 2 : 1;
	if (at >= words->end) {
		words->at = words->end;
		(void)words_fail(words, &word, "the quote is not closed");
		return (struct word){.start = words->end};
	}
	word.length = (unsigned)(at - word.start);
	words->at = at + 1;
	if (words->at < words->end && *words->at == '*') {
		words->at++;
		number = plain_word(words);
		if (!word_number(words, &number, UINT16_MAX, &times))
			return (struct word){.start = words->end};
		word.times = times;
	}
	return word;
}

struct word word_next(struct text_words *words)
{
	while (words->at < words->end && is_blank(words))
		words->at++;
	if (words->at < words->end && *words->at == '#')
		words->at = words->end;
	if (words->at < words->end && *words->at == '"')
		return quoted_word(words);
	return plain_word(words);
}

bool word_is(const struct word *word, const char *text)
{
	return !word->is_quoted && word->length == strlen(text) &&
	       memcmp(word->start, text, word->length) == 0;
}

static int digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'f')
		return letter - 'a' + 10;
	if (letter >= 'A' && letter <= 'F')
		return letter - 'A' + 10;
	return 16;
}

bool word_number(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *value)
{
	unsigned at = 0, base = 10;
	uint64_t number = 0;
	char expected[64];

	if (word->length > 2 && memcmp(word->start, "0x", 2) == 0) {
		base = 16;
		at = 2;
	}
	if (word->length == 0 || word->is_quoted)
		return words_fail(words, word, "a number is expected");
	for (; at < word->length; at++) {
		unsigned digit = (unsigned)digit_of(word->start[at]);

		if (digit >= base)
			return words_fail(words, word, "a number is expected");
		number = number * base + digit;
		if (number > most) {
			(void)snprintf(expected, sizeof(expected), /* bounded */
				"a number up to %" PRIu32 " is expected", most);
			return words_fail(words, word, expected);
		}
	}
	*value = (uint32_t)number;
	return true;
}

bool word_relative(struct text_words *words, const struct word *word,
	uint32_t base, uint32_t *value)
{
	struct word number = *word;
	bool is_absolute = word->length > 1 && word->start[0] == '=';
	bool is_negative = word->length > 1 && word->start[0] == '-';
	uint32_t count = 0;

	if (is_absolute || is_negative) {
		number.start++;
		number.length--;
	}
	if (!word_number(words, &number, UINT32_MAX, &count))
		return false;
	*value = is_absolute   ? count
		 : is_negative ? base - count
			       : base + count;
	return true;
}

static bool fail_escape(struct text_words *words, const struct word *word)
{
	return words_fail(
		words, word, "escapes are \\r \\n \\t \\\" \\\\ \\xHH");
}

bool word_unescape(struct text_words *words, const struct word *word,
	uint8_t *bytes, uint32_t *count)
{
	static const char letters[] = "rnt\"\\";
	static const char meanings[] = "\r\n\t\"\\";
	uint32_t used = 0;

	for (unsigned at = 0; at < word->length; at++) {
		const char *letter;
		int high, low;

		if (word->start[at] != '\\') {
			bytes[used++] = (uint8_t)word->start[at];
			continue;
		}
		at++; /* a backslash is never last: it would hide the quote */
		letter = memchr(letters, word->start[at], sizeof(letters) - 1);
		if (letter) {
			bytes[used++] = (uint8_t)meanings[letter - letters];
			continue;
		}
		if (word->start[at] != 'x' || at + 2 >= word->length)
			return fail_escape(words, word);
		high = digit_of(word->start[at + 1]);
		low = digit_of(word->start[at + 2]);
		if (high > 15 || low > 15)
			return fail_escape(words, word);
		bytes[used++] = (uint8_t)(high << 4 | low);
		at += 2;
	}
	*count = used;
	return true;
}
