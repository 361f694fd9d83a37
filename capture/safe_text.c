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

/* The letter behind the backslash; 0: there is none, U+ and digits say it. */
static char json_letter(uint32_t codepoint)
{
	switch (codepoint) {
	case '"':
	case '\\':
		return (char)codepoint;
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

/* All that is escaped has at most four digits. Returns the bytes written. */
static size_t json_escape(char *out, uint32_t codepoint)
{
	static const char digits[] = "0123456789abcdef";
	char letter = json_letter(codepoint);

	out[0] = '\\';
	if (letter) {
		out[1] = letter;
		return 2;
	}
	out[1] = 'u';
	for (unsigned i = 0; i < 4; i++)
		out[2 + i] = digits[codepoint >> (12 - 4 * i) & 15];
	return 6;
}

size_t safe_text_json_step(const char *bytes, size_t length,
	char out[SAFE_STEP_BYTES], size_t *out_length)
{
	static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
	uint32_t codepoint = 0;
	size_t taken =
		character((const unsigned char *)bytes, length, &codepoint);

	if (taken == 0) {
		*out_length = sizeof(replacement) - 1;
		memcpy(out, replacement, *out_length);
		return 1;
	}
	if (codepoint == '"' || codepoint == '\\' || is_control(codepoint)) {
		*out_length = json_escape(out, codepoint);
	} else {
		*out_length = taken;
		memcpy(out, bytes, taken);
	}
	return taken;
}

/* Whether one of eight bytes is no plain character. Each term sets the upper
 * bit of such bytes; what it borrows from the next byte may set that one's too,
 * never clear it ("Bit Twiddling Hacks", Anderson: a zero byte in a word). */
static bool has_special(uint64_t eight)
{
	static const uint64_t ones = 0x0101010101010101u;
	uint64_t quote = (eight ^ ones * '"') - ones;
	uint64_t backslash = (eight ^ ones * '\\') - ones;

	return ((eight | (eight - ones * 0x20) | (eight + ones) | quote |
			backslash) &
		       ones * 0x80) != 0;
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

size_t safe_text_json_plain(const char *bytes, size_t length)
{
	size_t at = 0;
	uint64_t eight;

	while (length - at >= sizeof(eight)) {
		memcpy(&eight, bytes + at, sizeof(eight));
		if (has_special(eight))
			break;
		at += sizeof(eight);
	}
	while (at < length && is_plain((unsigned char)bytes[at]))
		at++;
	return at;
}
