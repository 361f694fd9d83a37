/* Lines of JSON, judged strictly: each one object (RFC 8259), all of it UTF-8
 * (RFC 3629), no control characters even where JSON allows them. */
#ifndef TESTS_SUPPORT_STRICT_JSON_H
#define TESTS_SUPPORT_STRICT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { STRICT_JSON_DEPTH = 16 };

struct strict_json {
	const uint8_t *at, *end;
};

/* Takes one character; 0 where there is none or it is no UTF-8. */
static inline uint32_t strict_utf8(struct strict_json *json)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t value, bytes;

	if (json->at == json->end)
		return 0;
	value = *json->at++;
	if (value < 0x80)
		return value;
	if (value < 0xc0 || value > 0xf7)
		return 0;
	bytes = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
	value &= 0x7fu >> bytes;
	if (json->end - json->at < (ptrdiff_t)bytes - 1)
		return 0;
	for (uint32_t i = 1; i < bytes; i++) {
		if ((*json->at & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (*json->at++ & 0x3f);
	}
	if (value < least[bytes] || value > 0x10ffff ||
		(value >= 0xd800 && value < 0xe000))
		return 0;
	return value;
}

static inline bool strict_takes(struct strict_json *json, char wanted)
{
	if (json->at == json->end || *json->at != (uint8_t)wanted)
		return false;
	json->at++;
	return true;
}

static inline bool strict_string(struct strict_json *json)
{
	if (!strict_takes(json, '"'))
		return false;
	for (;;) {
		uint32_t one = strict_utf8(json);

		if (one == '"')
			return true;
		if (one < 0x20 || one == 0x7f)
			return false;
		if (one != '\\')
			continue;
		one = strict_utf8(json);
		if (one == 'u') {
			for (int i = 0; i < 4; i++) {
				one = strict_utf8(json);
				if (one == 0 || one > 'f' ||
					!strchr("0123456789abcdefABCDEF",
						(int)one))
					return false;
			}
		} else if (one == 0 || one > 'z' ||
			   !strchr("\"\\/bfnrt", (int)one)) {
			return false;
		}
	}
}

static inline unsigned strict_digits(struct strict_json *json)
{
	unsigned count = 0;

	for (; json->at < json->end && *json->at >= '0' && *json->at <= '9';
		json->at++)
		count++;
	return count;
}

static inline bool strict_number(struct strict_json *json)
{
	const uint8_t *first;
	unsigned digits;

	(void)strict_takes(json, '-');
	first = json->at;
	digits = strict_digits(json);
	if (digits == 0 || (digits > 1 && *first == '0'))
		return false;
	return !strict_takes(json, '.') || strict_digits(json) > 0;
}

static inline bool strict_word(struct strict_json *json, const char *word)
{
	while (*word)
		if (!strict_takes(json, *word++))
			return false;
	return true;
}

/* culprit writes no blanks, no null and no exponents. */
static inline bool strict_value(struct strict_json *json, unsigned depth)
{
	char close;

	if (json->at == json->end || depth > STRICT_JSON_DEPTH)
		return false;
	switch (*json->at) {
	case '"':
		return strict_string(json);
	case 't':
		return strict_word(json, "true");
	case 'f':
		return strict_word(json, "false");
	case '{':
	case '[':
		break;
	default:
		return strict_number(json);
	}
	close = *json->at++ == '{' ? '}' : ']';
	if (strict_takes(json, close))
		return true;
	do {
		if (close == '}' &&
			(!strict_string(json) || !strict_takes(json, ':')))
			return false;
		if (!strict_value(json, depth + 1))
			return false;
	} while (strict_takes(json, ','));
	return strict_takes(json, close);
}

/* True when `text` is lines of one object each, at least one, nothing else. */
static inline bool strict_json_lines(const char *text, size_t length)
{
	struct strict_json json = {
		(const uint8_t *)text, (const uint8_t *)text + length};

	if (length == 0)
		return false;
	while (json.at < json.end)
		if (*json.at != '{' || !strict_value(&json, 0) ||
			!strict_takes(&json, '\n'))
			return false;
	return true;
}

/* Text for people: UTF-8, and no control characters but newlines. */
static inline bool strict_plain_text(const char *text, size_t length)
{
	struct strict_json json = {
		(const uint8_t *)text, (const uint8_t *)text + length};

	while (json.at < json.end) {
		uint32_t one = strict_utf8(&json);

		if ((one < 0x20 && one != '\n') || (one >= 0x7f && one < 0xa0))
			return false;
	}
	return true;
}

#endif
