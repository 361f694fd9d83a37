/* Words of a line: separated by blanks, or in double quotes. */
#ifndef TESTS_SUPPORT_TEXT_WORDS_H
#define TESTS_SUPPORT_TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_error;

struct text_words {
	const char *line, *at, *end;
	struct text_error *error; /* its column is 0 until something is wrong */
};

struct word {
	const char *start; /* behind the quote of a quoted word */
	unsigned length;   /* 0: the line has ended, unless quoted */
	bool is_quoted;
};

struct text_words words_of(
	const char *line, size_t length, struct text_error *error);

/* The next word; an empty one at the end of the line, at `#`, and, with an
 * error set, when a quote is not closed. */
struct word word_next(struct text_words *words);

bool word_is(const struct word *word, const char *text);

/* Reads a number, decimal or 0x hexadecimal; false with an error when it is
 * none or larger than `most`. */
bool word_number(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *value);

/* Turns a quoted word's escapes into bytes, never more than its length. */
bool word_unescape(struct text_words *words, const struct word *word,
	uint8_t *bytes, uint32_t *count);

/* Notes what is wrong at a word (NULL: at the end of the line), unless
 * something was wrong before; returns false. */
bool words_fail(
	struct text_words *words, const struct word *word, const char *what);
bool words_have_failed(const struct text_words *words);

#endif
