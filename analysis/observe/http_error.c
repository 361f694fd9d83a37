#include "analysis/observe/http_error.h"

#include <string.h>
#include <strings.h>

/* "HTTP/1.1 400" */
enum { MINOR = 7, STATUS = 9, STATUS_END = 12 };

static bool is_error(const uint8_t *text, unsigned bytes)
{
	return bytes > STATUS_END && memcmp(text, "HTTP/1.", MINOR) == 0 &&
	       (text[MINOR] == '0' || text[MINOR] == '1') &&
	       text[STATUS - 1] == ' ' &&
	       (text[STATUS] == '4' || text[STATUS] == '5') &&
	       text[STATUS + 1] >= '0' && text[STATUS + 1] <= '9' &&
	       text[STATUS + 2] >= '0' && text[STATUS + 2] <= '9' &&
	       (text[STATUS_END] == ' ' || text[STATUS_END] == '\r');
}

static bool has_word(const char *text, unsigned bytes, const char *word)
{
	unsigned length = (unsigned)strlen(word);

	for (unsigned i = 0; i + length <= bytes; i++)
		if (strncasecmp(text + i, word, length) == 0)
			return true;
	return false;
}

bool http_error_closes(const struct packet *packet)
{
	static const char field[] = "connection:";
	const char *line = (const char *)packet->payload;
	unsigned left = packet->payload_captured;

	if (!is_error(packet->payload, left))
		return false;
	if (left > HTTP_ERROR_BYTES)
		left = HTTP_ERROR_BYTES;
	for (;;) {
		const char *end = memchr(line, '\n', left);
		unsigned bytes = end ? (unsigned)(end - line) : 0;

		if (!end)
			return false;
		if (bytes >= sizeof(field) &&
			strncasecmp(line, field, sizeof(field) - 1) == 0)
			return has_word(line, bytes, "close");
		if (bytes <= 1) /* the end of the fields */
			return packet->payload[MINOR] == '0';
		left -= bytes + 1;
		line = end + 1;
	}
}
