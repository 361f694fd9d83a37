/* What a certificate says: between which times it is valid, and its DNS names:
 * the extension subjectAltName, found by its identifier. What is not as it
 * should be there is not known. */
#include <string.h>
#include <strings.h>

#include "analysis/path/path_tls_reading.h"

enum {
	DER_BOOLEAN_BYTES = 3,
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_SEQUENCE = 0x30,
	DER_DNS_NAME = 0x82,
	DER_VERSION = 0xa0,
	DER_TIME = 0x17, /* two digits of the year */
	DER_LONG_TIME = 0x18,
};

/* The next element with its content; false where it is none. */
static bool next_element(
	struct cursor *cursor, uint8_t *tag, struct cursor *content)
{
	uint32_t length;

	*tag = cursor_u8(cursor);
	length = cursor_u8(cursor);
	if (length == 0x81)
		length = cursor_u8(cursor);
	else if (length == 0x82)
		length = cursor_u16(cursor);
	else if (length >= 0x80)
		return false;
	*content = cursor_on(cursor->at, length, length);
	cursor_skip(cursor, length);
	return !cursor_is_short(cursor);
}

/* RFC 9525, 6.3: a star stands for one whole label, the first. */
static bool is_match(const struct cursor *pattern, const char *name)
{
	const char *text = (const char *)pattern->at;
	size_t bytes = pattern->left;

	if (bytes > 2 && text[0] == '*' && text[1] == '.') {
		name += strcspn(name, ".");
		text++;
		bytes--;
	}
	return strlen(name) == bytes && strncasecmp(text, name, bytes) == 0;
}

static enum truth look_for(struct cursor names, const char *name)
{
	enum truth found = TRUTH_UNKNOWN;

	while (names.left) {
		struct cursor one;
		uint8_t tag;

		if (!next_element(&names, &tag, &one))
			return TRUTH_UNKNOWN;
		if (tag != DER_DNS_NAME)
			continue;
		if (is_match(&one, name))
			return TRUTH_YES;
		found = TRUTH_NO;
	}
	return found;
}

enum truth path_tls_is_certified(struct cursor certificate, const char *name)
{
	static const uint8_t identifier[] = {0x06, 0x03, 0x55, 0x1d, 0x11};
	const uint8_t *at = certificate.at
				    ? memmem(certificate.at, certificate.left,
					      identifier, sizeof(identifier))
				    : NULL;
	struct cursor octets, names;
	uint8_t tag;

	if (!at)
		return TRUTH_UNKNOWN;
	cursor_skip(&certificate,
		(uint32_t)(at - certificate.at) + (uint32_t)sizeof(identifier));
	if (cursor_peek(&certificate, 0) == DER_BOOLEAN) /* critical */
		cursor_skip(&certificate, DER_BOOLEAN_BYTES);
	if (!next_element(&certificate, &tag, &octets) || tag != DER_OCTETS ||
		!next_element(&octets, &tag, &names) || tag != DER_SEQUENCE ||
		octets.left)
		return TRUTH_UNKNOWN;
	return look_for(names, name);
}

/* Digits of a number; -1 where one is none. */
static int take_digits(struct cursor *text, unsigned count)
{
	int number = 0;

	while (count--) {
		int digit = cursor_u8(text) - '0';

		if (digit < 0 || digit > 9)
			return -1;
		number = number * 10 + digit;
	}
	return number;
}

/* Days since 1970-01-01 of the Gregorian calendar; years begin in March. */
static int64_t days_of(int year, int month, int day)
{
	int64_t from_march = (month + 9) % 12;
	int64_t years = month < 3 ? year - 1 : year;

	return 365 * years + years / 4 - years / 100 + years / 400 +
	       (153 * from_march + 2) / 5 + day - 1 - 719468;
}

/* YYMMDDHHMMSSZ, of 1950 to 2049, or YYYYMMDDHHMMSSZ. */
static bool take_time(struct cursor *times, int64_t *seconds)
{
	enum { FIELDS = 5, ZULU = 'Z' };
	struct cursor text;
	uint8_t tag;
	int year, field[FIELDS];

	if (!next_element(times, &tag, &text) ||
		(tag != DER_TIME && tag != DER_LONG_TIME))
		return false;
	year = take_digits(&text, tag == DER_TIME ? 2 : 4);
	if (tag == DER_TIME && year >= 0)
		year += year < 50 ? 2000 : 1900;
	for (int i = 0; i < FIELDS; i++)
		field[i] = take_digits(&text, 2);
	for (int i = 0; i < FIELDS; i++)
		if (field[i] < 0)
			return false;
	if (year < 0 || field[0] < 1 || field[0] > 12 || field[1] < 1 ||
		cursor_u8(&text) != ZULU || cursor_is_short(&text) || text.left)
		return false;
	*seconds = days_of(year, field[0], field[1]) * 86400 +
		   field[2] * 3600 + field[3] * 60 + field[4];
	return true;
}

bool path_tls_validity(
	struct cursor certificate, int64_t *from_s, int64_t *until_s)
{
	/* after the version: serial number, signature, issuer, validity */
	static const uint8_t tags[] = {
		DER_INTEGER, DER_SEQUENCE, DER_SEQUENCE, DER_SEQUENCE};
	struct cursor signed_part, content, one = {0};
	uint8_t tag;

	if (!certificate.at || !next_element(&certificate, &tag, &content) ||
		tag != DER_SEQUENCE ||
		!next_element(&content, &tag, &signed_part) ||
		tag != DER_SEQUENCE)
		return false;
	if (cursor_peek(&signed_part, 0) == DER_VERSION &&
		!next_element(&signed_part, &tag, &one))
		return false;
	for (unsigned i = 0; i < sizeof(tags); i++)
		if (!next_element(&signed_part, &tag, &one) || tag != tags[i])
			return false;
	return take_time(&one, from_s) && take_time(&one, until_s);
}
