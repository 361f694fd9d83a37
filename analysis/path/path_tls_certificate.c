/* The DNS names of a certificate: the extension subjectAltName, found by its
 * identifier. Whatever is not as it should be there leaves open whether the
 * name is among them. */
#include <string.h>
#include <strings.h>

#include "analysis/path/path_tls_reading.h"

enum {
	DER_BOOLEAN_BYTES = 3,
	DER_BOOLEAN = 0x01,
	DER_OCTETS = 0x04,
	DER_SEQUENCE = 0x30,
	DER_DNS_NAME = 0x82,
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
