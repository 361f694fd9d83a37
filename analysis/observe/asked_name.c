#include "analysis/observe/asked_name.h"

#include <string.h>

#include "capture/cursor.h"
#include "capture/numbers.h"

enum {
	/* RFC 8446, 4.1.2: record header; type, length and version of the
	 * message; random */
	RECORD_BYTES = 5,
	HELLO_BYTES = 1 + 3 + 2 + 32,
	EXTENSIONS_MOST = 64,
	NAME_HOST = 0,
};

static char lower(uint8_t byte)
{
	return (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

static void take(struct asked_name *name, enum trigger_kind kind,
	const uint8_t *bytes, unsigned count)
{
	name->kind = kind;
	name->is_unknown = false;
	name->bytes = count;
	for (unsigned i = 0; i < count; i++)
		name->text[i] = lower(bytes[i]);
}

/* RFC 6066, 3: a list of names, of which clients send one. */
static void read_server_name(struct cursor *list, struct asked_name *name)
{
	uint8_t type, text[ASKED_NAME_BYTES];
	uint16_t bytes;

	(void)cursor_u16(list); /* length of the list, which is all there is */
	type = cursor_u8(list);
	bytes = cursor_u16(list);
	if (cursor_is_short(list) || type != NAME_HOST || bytes == 0 ||
		bytes > sizeof(text))
		return;
	cursor_copy(list, text, bytes);
	if (!cursor_is_short(list))
		take(name, TRIGGER_SNI, text, bytes);
}

/* A hello that ends before its extensions do keeps its name unknown. */
static void read_hello(struct cursor *hello, struct asked_name *name)
{
	struct cursor extensions;

	name->is_unknown = true;
	cursor_skip(hello, RECORD_BYTES + HELLO_BYTES);
	cursor_skip(hello, cursor_u8(hello));  /* session id */
	cursor_skip(hello, cursor_u16(hello)); /* cipher suites */
	cursor_skip(hello, cursor_u8(hello));  /* compression methods */
	extensions = cursor_cut(hello, cursor_u16(hello));
	if (cursor_is_short(hello))
		return;
	for (unsigned i = 0; i < EXTENSIONS_MOST; i++) {
		struct cursor body;
		uint16_t type;

		if (cursor_wire_bytes(&extensions) == 0) {
			name->is_unknown = false; /* without a name */
			return;
		}
		type = cursor_u16(&extensions);
		body = cursor_cut(&extensions, cursor_u16(&extensions));
		if (cursor_is_short(&extensions))
			return;
		if (type == TLS_EXTENSION_SERVER_NAME) {
			read_server_name(&body, name);
			return;
		}
		cursor_skip(&extensions, (uint32_t)cursor_wire_bytes(&body));
		if (cursor_is_short(&extensions))
			return;
	}
}

static bool is_host_field(const uint8_t *line, unsigned bytes)
{
	static const char field[] = "host:";

	if (bytes < sizeof(field) - 1)
		return false;
	for (unsigned i = 0; i < sizeof(field) - 1; i++)
		if (lower(line[i]) != field[i])
			return false;
	return true;
}

/* The value of a Host field, without the blanks around it. */
static void read_host(
	const uint8_t *line, unsigned bytes, struct asked_name *name)
{
	unsigned start = (unsigned)strlen("host:");

	while (start < bytes && (line[start] == ' ' || line[start] == '\t'))
		start++;
	while (bytes > start &&
		(line[bytes - 1] == ' ' || line[bytes - 1] == '\t' ||
			line[bytes - 1] == '\r'))
		bytes--;
	if (bytes > start && bytes - start <= ASKED_NAME_BYTES)
		take(name, TRIGGER_HOST, line + start, bytes - start);
}

/* Only what a line's end closes is a field: a name cut short is another. */
static void read_request(const struct packet *packet, struct asked_name *name)
{
	const uint8_t *text = packet->payload;
	unsigned left = packet->payload_captured;

	name->is_unknown = true;
	if (left > ASKED_REQUEST_BYTES)
		left = ASKED_REQUEST_BYTES;
	for (;;) {
		const uint8_t *end = memchr(text, '\n', left);
		unsigned bytes = end ? (unsigned)(end - text) : 0;

		if (!end)
			return;
		if (is_host_field(text, bytes)) {
			read_host(text, bytes, name);
			return;
		}
		if (bytes == 0 || (bytes == 1 && text[0] == '\r')) {
			name->is_unknown = false; /* the end of the fields */
			return;
		}
		left -= bytes + 1;
		text += bytes + 1;
	}
}

void asked_name_of(const struct packet *packet, enum app_message app_message,
	struct asked_name *name)
{
	name->kind = TRIGGER_NONE;
	name->is_unknown = false;
	name->bytes = 0;
	if (app_message == APP_MESSAGE_CLIENT_HELLO) {
		struct cursor hello = cursor_on(packet->payload,
			packet->payload_captured, packet->payload_bytes);

		read_hello(&hello, name);
	} else if (app_message == APP_MESSAGE_HTTP_REQUEST) {
		read_request(packet, name);
	}
}
