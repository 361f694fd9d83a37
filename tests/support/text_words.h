/* Words of a line: separated by blanks, or in double quotes. A backslash at the
 * end of a line continues it on the next. */
#ifndef TESTS_SUPPORT_TEXT_WORDS_H
#define TESTS_SUPPORT_TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_error {
	unsigned column; /* from 1; 0: nothing is wrong */
	unsigned lines;	 /* that it is continued before the place */
	char text[160];	 /* what was expected, and what stands there */
};

struct text_words {
	const char *line, *at, *end;
	struct text_error *error;
};

struct word {
	const char *start; /* behind the quote of a quoted word */
	unsigned length;   /* 0: the line has ended, unless quoted */
	unsigned times;	   /* a quoted word stands there, `"x"*3` is 3 */
	bool is_quoted;
};

struct text_words words_of(
	const char *line, size_t length, struct text_error *error);

/* The next word; an empty one at the end of the line, at `#`, and, with an
 * error set, when a quote is not closed or no number stands behind its `*`. */
struct word word_next(struct text_words *words);

bool word_is(const struct word *word, const char *text);

/* Reads a number, decimal or 0x hexadecimal; false with an error when it is
 * none or larger than `most`. */
bool word_number(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *value);

/* Reads a number that counts from `base`, modulo 2^32 and perhaps negative, or
 * behind `=` one that does not. */
bool word_relative(struct text_words *words, const struct word *word,
	uint32_t base, uint32_t *value);

/* Turns a quoted word's escapes into bytes, once: never more than its
 * length. */
bool word_unescape(struct text_words *words, const struct word *word,
	uint8_t *bytes, uint32_t *count);

/* Notes what is wrong at a word (NULL: at the end of the line), unless
 * something was wrong before; returns false. */
bool words_fail(
	struct text_words *words, const struct word *word, const char *what);
bool words_have_failed(const struct text_words *words);

#endif
