#include "probe/tcp/reset_trigger.h"

#include <stdio.h>
#include <string.h>

#include "capture/byte_writer.h"
#include "capture/numbers.h"

enum {
	RANDOM_BYTES = 32,
};

static bool keep(struct reset_trigger *trigger, const char *word,
	const struct byte_writer *writer)
{
	int bytes = snprintf(trigger->name, sizeof(trigger->name), "%s", word);

	trigger->count = (uint16_t)writer->used;
	return !writer->is_full && writer->used >= RESET_TRIGGER_LEAST_BYTES &&
	       bytes < (int)sizeof(trigger->name);
}

static bool make_ssh(struct byte_writer *writer, const char *value)
{
	static const char line[] = "SSH-2.0-OpenSSH_9.2p1\r\n";

	write_bytes(writer, line, sizeof(line) - 1);
	return value[0] == '\0';
}

static bool make_http(struct byte_writer *writer, const char *host)
{
	char text[RESET_TRIGGER_MOST_BYTES];
	int bytes = snprintf(text, sizeof(text),
		"GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0\r\n"
		"Accept: */*\r\n\r\n",
		host);

	write_bytes(writer, text, (size_t)bytes);
	return reset_trigger_is_name(host);
}

/* The extension server_name: RFC 6066, 3. */
static void write_server_name(struct byte_writer *writer, const char *name)
{
	uint16_t bytes = (uint16_t)strlen(name);

	write_u16(writer, 0);
	write_u16(writer, (uint16_t)(bytes + 5));
	write_u16(writer, (uint16_t)(bytes + 3));
	write_u8(writer, 0);
	write_u16(writer, bytes);
	write_bytes(writer, name, bytes);
}

/* TLS 1.3 and 1.2; as many bytes as others send before the name. */
static bool make_tls(struct byte_writer *writer, const char *name)
{
	static const uint8_t fixed[] = {/* suites, no compression */
		0x00, 0x08, 0x13, 0x01, 0x13, 0x02, 0xc0, 0x2f, 0xc0, 0x30,
		0x01, 0x00};
	static const uint8_t others[] = {/* supported_versions, groups,
					    signature_algorithms */
		0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03, 0x00,
		0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17, 0x00,
		0x0d, 0x00, 0x06, 0x00, 0x04, 0x04, 0x03, 0x08, 0x04};
	size_t extensions = strlen(name) + 9 + sizeof(others);
	size_t hello = 2 + RANDOM_BYTES + 1 + sizeof(fixed) + 2 + extensions;

	if (!reset_trigger_is_name(name) || strlen(name) >= RESET_TRIGGER_NAME)
		return false;
	write_u8(writer, TLS_RECORD_HANDSHAKE);
	write_u16(writer, 0x0301);
	write_u16(writer, (uint16_t)(hello + 4));
	write_u16(writer, 0x0100); /* ClientHello; length of three bytes */
	write_u16(writer, (uint16_t)hello);
	write_u16(writer, 0x0303);
	write_bytes(writer, "culprit shows a name to devices.", RANDOM_BYTES);
	write_u8(writer, 0); /* no session */
	write_bytes(writer, fixed, sizeof(fixed));
	write_u16(writer, (uint16_t)extensions);
	write_server_name(writer, name);
	write_bytes(writer, others, sizeof(others));
	return true;
}

static int digit_of(char letter)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = letter ? strchr(digits, letter) : NULL;
	int digit = at ? (int)(at - digits) : -1;

	return digit > 15 ? digit - 6 : digit;
}

static bool make_bytes(struct byte_writer *writer, const char *digits)
{
	size_t count = strlen(digits);

	if (count == 0 || count % 2)
		return false;
	for (size_t i = 0; i < count; i += 2) {
		int high = digit_of(digits[i]), low = digit_of(digits[i + 1]);

		if (high < 0 || low < 0)
			return false;
		write_u8(writer, (uint8_t)(high << 4 | low));
	}
	return true;
}

static const struct {
	const char *word;
	bool (*make)(struct byte_writer *writer, const char *value);
} kinds[] = {
	{"ssh", make_ssh},
	{"http:", make_http},
	{"tls:", make_tls},
	{"bytes:", make_bytes},
};

enum reset_trigger_kind reset_trigger_make(
	struct reset_trigger *trigger, const char *word)
{
	struct byte_writer writer = {
		trigger->bytes, sizeof(trigger->bytes), 0, false};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length = strlen(kinds[i].word);
		bool is_bytes = kinds[i].make == make_bytes;

		if (strncmp(word, kinds[i].word, length) != 0 ||
			(kinds[i].make == make_ssh && word[length]))
			continue;
		return kinds[i].make(&writer, word + length) &&
				       keep(trigger, is_bytes ? "bytes" : word,
					       &writer)
			       ? RESET_TRIGGER_MADE
			       : RESET_TRIGGER_WRONG;
	}
	return RESET_TRIGGER_OTHER;
}

bool reset_trigger_of_port(
	struct reset_trigger *trigger, uint16_t port, const char *host)
{
	char word[2 * RESET_TRIGGER_NAME];

	switch (port) {
	case SSH_PORT:
		return reset_trigger_make(trigger, "ssh") == RESET_TRIGGER_MADE;
	case HTTP_PORT:
		(void)snprintf(word, sizeof(word), "http:%.63s", host);
		break;
	case HTTPS_PORT:
		(void)snprintf(word, sizeof(word), "tls:%.63s", host);
		break;
	default:
		return false;
	}
	return reset_trigger_make(trigger, word) == RESET_TRIGGER_MADE;
}
