/* Foreign bytes, escaped. Everything that came from the wire, from a file,
 * from its name, from an interface's name or from the command line is printed
 * through one of these and no other way. */
#ifndef CAPTURE_SAFE_TEXT_H
#define CAPTURE_SAFE_TEXT_H

#include <stddef.h>
#include <stdio.h>

enum { SAFE_STEP_BYTES = 24 };

/* Takes one character off `bytes` (`length` > 0) and writes what a terminal
 * may see of it: itself, or \xNN for each byte of a control character, a
 * bidirectional control, or of something that is not UTF-8. Returns the bytes
 * taken; `out_length` of `out` are written, and `columns` is how many columns
 * they fill (wide characters counted as one). */
size_t safe_text_step(const char *bytes, size_t length,
	char out[SAFE_STEP_BYTES], size_t *out_length, unsigned *columns);

/* Copies all of `bytes` so, as much as fits; always ends with a zero and never
 * inside a character. Returns the bytes written before it. */
size_t safe_text_copy(
	char *to, size_t to_bytes, const char *bytes, size_t length);

/* Writes all of `bytes` so. */
void safe_text_write(FILE *out, const char *bytes, size_t length);

/* Bytes at the beginning of `bytes` that are the inside of a JSON string as
 * they stand: ASCII without quote, backslash, control characters and DEL. May
 * stop before one that would do; safe_text_json_step takes any. */
size_t safe_text_json_plain(const char *bytes, size_t length);

/* Takes one character off `bytes` (`length` > 0) and writes it as the inside of
 * a JSON string (RFC 8259, section 7): quote, backslash and control characters
 * escaped, DEL, the bidirectional controls and U+2028/9 too; what is not UTF-8
 * becomes U+FFFD, one for each byte. Returns the bytes taken; `out_length` of
 * `out` are written. */
size_t safe_text_json_step(const char *bytes, size_t length,
	char out[SAFE_STEP_BYTES], size_t *out_length);

#endif
