#include "capture/safe_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Length of the well-formed UTF-8 character (RFC 3629: shortest form, no
 * surrogates, at most U+10FFFF) that `bytes` begins with; 0 when it does not
 * begin with one. */
static size_t character(
	const unsigned char *bytes, size_t length, uint32_t *codepoint)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = bytes[0];
	size_t need;

	if (first < 0x80) {
		*codepoint = first;
		return 1;
	}
	if (first >= 0xc2 && first < 0xe0)
		need = 2;
	else if (first >= 0xe0 && first < 0xf0)
		need = 3;
	else if (first >= 0xf0 && first < 0xf5)
		need = 4;
	else
		return 0;
	if (length < need)
		return 0;
	uint32_t value = first & (0xffu >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < least[need] || value > 0x10ffff ||
		(value >= 0xd800 && value <= 0xdfff))
		return 0;
	*codepoint = value;
	return need;
}

/* C0, DEL and C1 drive terminals; the bidirectional controls (Unicode's
 * property Bidi_Control) make a line read otherwise than it stands. */
static bool is_control(uint32_t codepoint)
{
	return codepoint < 0x20 || (codepoint >= 0x7f && codepoint <= 0x9f) ||
	       codepoint == 0x061c ||
	       (codepoint >= 0x202a && codepoint <= 0x202e) ||
	       (codepoint >= 0x2066 && codepoint <= 0x2069) ||
	       codepoint == 0x200e || codepoint == 0x200f ||
	       codepoint == 0x2028 || codepoint == 0x2029;
}

size_t safe_text_step(const char *bytes, size_t length,
	char out[SAFE_STEP_BYTES], size_t *out_length, unsigned *columns)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = (const unsigned char *)bytes;
	uint32_t codepoint = 0;
	size_t taken = character(from, length, &codepoint);

	if (taken != 0 && !is_control(codepoint)) {
		memcpy(out, bytes, taken);
		*out_length = taken;
		*columns = 1;
		return taken;
	}
	if (taken == 0)
		taken = 1;
	size_t at = 0;
	for (size_t i = 0; i < taken; i++) {
		out[at++] = '\\';
		out[at++] = 'x';
		out[at++] = digits[from[i] >> 4];
		out[at++] = digits[from[i] & 15];
	}
	*out_length = at;
	*columns = (unsigned)at;
	return taken;
}

size_t safe_text_copy(
	char *to, size_t to_bytes, const char *bytes, size_t length)
{
	size_t at = 0;

	if (to_bytes == 0)
		return 0;
	while (length > 0) {
		char step[SAFE_STEP_BYTES];
		size_t step_bytes;
		unsigned columns;
		size_t taken = safe_text_step(
			bytes, length, step, &step_bytes, &columns);

		if (at + step_bytes >= to_bytes)
			break;
		memcpy(to + at, step, step_bytes);
		at += step_bytes;
		bytes += taken;
		length -= taken;
	}
	to[at] = '\0';
	return at;
}

/* Write errors stay in the stream; whoever closes it asks. */
void safe_text_write(FILE *out, const char *bytes, size_t length)
{
	while (length > 0) {
		char step[SAFE_STEP_BYTES];
		size_t step_bytes;
		unsigned columns;
		size_t taken = safe_text_step(
			bytes, length, step, &step_bytes, &columns);

		(void)fwrite_unlocked(step, 1, step_bytes, out);
		bytes += taken;
		length -= taken;
	}
}

static void json_escape(FILE *out, uint32_t codepoint)
{
	switch (codepoint) {
	case '"':
		(void)fputs("\\\"", out);
		break;
	case '\\':
		(void)fputs("\\\\", out);
		break;
	case '\n':
		(void)fputs("\\n", out);
		break;
	case '\r':
		(void)fputs("\\r", out);
		break;
	case '\t':
		(void)fputs("\\t", out);
		break;
	default:
		(void)fprintf(out, "\\u%04x", (unsigned)codepoint);
	}
}

/* As above: write errors stay in the stream. */
void safe_text_json(FILE *out, const char *bytes, size_t length)
{
	const unsigned char *from = (const unsigned char *)bytes;

	while (length > 0) {
		uint32_t codepoint = 0;
		size_t taken = character(from, length, &codepoint);

		if (taken == 0) {
			(void)fputs("\xef\xbf\xbd", out); /* U+FFFD */
			taken = 1;
		} else if (codepoint == '"' || codepoint == '\\' ||
			   is_control(codepoint)) {
			json_escape(out, codepoint);
		} else {
			(void)fwrite_unlocked(from, 1, taken, out);
		}
		from += taken;
		length -= taken;
	}
}
