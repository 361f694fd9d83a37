#include "analysis/observe/app_message.h"

#include <stdio.h>
#include <string.h>

#include "analysis/observe/http_error.h"

enum {
	TLS_ALERT = 21, /* RFC 8446, 5.1 */
	TLS_HANDSHAKE = 22,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	ALERT_BYTES = 7, /* record header, level, description */
	MYSQL_ERROR = 0xff,
	MYSQL_TEXT = 7, /* length, number, mark, code */
	MYSQL_STATE = 6,
};

static bool begins(const struct packet *packet, const char *text)
{
	size_t length = strlen(text);

	return packet->payload_captured >= length &&
	       memcmp(packet->payload, text, length) == 0;
}

static bool begins_with_any(
	const struct packet *packet, const char *const *texts, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (begins(packet, texts[i]))
			return true;
	return false;
}

static bool is_http_request(const struct packet *packet)
{
	static const char *const methods[] = {"GET /", "POST /", "HEAD /",
		"PUT /", "DELETE /", "OPTIONS ", "PATCH /", "CONNECT ",
		"GET http", "PRI * HTTP/2"};

	return begins_with_any(
		packet, methods, sizeof(methods) / sizeof(methods[0]));
}

/* RFC 8446, 5.1: a record's first bytes. */
static enum app_message tls_of(const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;

	if (packet->payload_captured < ALERT_BYTES || bytes[1] != 3 ||
		bytes[2] > 4)
		return APP_MESSAGE_OTHER;
	if (bytes[0] == TLS_HANDSHAKE && bytes[5] == TLS_CLIENT_HELLO)
		return APP_MESSAGE_CLIENT_HELLO;
	if (bytes[0] == TLS_HANDSHAKE && bytes[5] == TLS_SERVER_HELLO)
		return APP_MESSAGE_SERVER_HELLO;
	/* an alert that is encrypted is longer; 0 and 90 are no failure */
	if (bytes[0] == TLS_ALERT && bytes[3] == 0 && bytes[4] == 2 &&
		bytes[6] != 0 && bytes[6] != 90)
		return APP_MESSAGE_TLS_ALERT;
	return APP_MESSAGE_OTHER;
}

/* The first packet of a MySQL server is number 0: a greeting (version 10), or
 * an error. */
static enum app_message mysql_of(const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;

	if (packet->payload_captured <= MYSQL_TEXT || bytes[2] != 0 ||
		bytes[3] != 0 ||
		(uint32_t)(bytes[0] | bytes[1] << 8) + 4 !=
			packet->payload_bytes)
		return APP_MESSAGE_OTHER;
	return bytes[4] == MYSQL_ERROR ? APP_MESSAGE_REFUSAL
	       : bytes[4] == 10	       ? APP_MESSAGE_GREETING
				       : APP_MESSAGE_OTHER;
}

static enum app_message known_of(const struct packet *packet)
{
	/* SMTP (RFC 5321), FTP (RFC 959), NNTP, POP3 and IMAP, Redis; fatal
	 * errors of PostgreSQL carry a length behind the E */
	static const char *const refusals[] = {"421 ", "421-", "554 ", "554-",
		"530 ", "550 ", "400 ", "502 ", "* BYE", "-ERR max", "-DENIED",
		"HTTP/1.1 408", "HTTP/1.0 408"};
	static const char *const greetings[] = {
		"200 ", "201 ", "+OK", "* OK", "RFB 00"};

	if (begins(packet, "SSH-"))
		return APP_MESSAGE_SSH;
	if (is_http_request(packet))
		return APP_MESSAGE_HTTP_REQUEST;
	if (begins_with_any(
		    packet, refusals, sizeof(refusals) / sizeof(refusals[0])))
		return APP_MESSAGE_REFUSAL;
	if (begins(packet, "HTTP/1."))
		return http_error_closes(packet) ? APP_MESSAGE_HTTP_ERROR
						 : APP_MESSAGE_HTTP_ANSWER;
	if (begins(packet, "220 ") || begins(packet, "220-"))
		return APP_MESSAGE_READY;
	if (begins(packet, "AMQP"))
		return APP_MESSAGE_AMQP;
	if (begins_with_any(packet, greetings,
		    sizeof(greetings) / sizeof(greetings[0])))
		return APP_MESSAGE_GREETING;
	if (packet->payload_captured > 12 && packet->payload[0] == 'E' &&
		packet->payload[1] == 0 &&
		memcmp(packet->payload + 5, "SFATAL", 6) == 0)
		return APP_MESSAGE_REFUSAL;
	return APP_MESSAGE_OTHER;
}

/* Whether anything that is known begins with this byte: most first words are
 * ruled out by that alone. */
static bool may_be_known(uint8_t first)
{
	switch (first) {
	case TLS_ALERT:
	case TLS_HANDSHAKE:
	case 'A':
	case 'S':
	case 'G':
	case 'P':
	case 'H':
	case 'D':
	case 'O':
	case 'C':
	case 'R':
	case 'E':
	case '2':
	case '4':
	case '5':
	case '*':
	case '+':
	case '-':
		return true;
	default:
		return false;
	}
}

enum app_message app_message_of(const struct packet *packet)
{
	if (packet->payload_captured == 0)
		return APP_MESSAGE_OTHER;
	if (may_be_known(packet->payload[0])) {
		/* no text begins as a record of TLS does */
		enum app_message app_message =
			packet->payload[0] == TLS_ALERT ||
					packet->payload[0] == TLS_HANDSHAKE
				? tls_of(packet)
				: known_of(packet);

		if (app_message != APP_MESSAGE_OTHER)
			return app_message;
	}
	return mysql_of(packet);
}

const char *app_message_protocol(enum app_message app_message)
{
	switch (app_message) {
	case APP_MESSAGE_HTTP_REQUEST:
	case APP_MESSAGE_HTTP_ANSWER:
	case APP_MESSAGE_HTTP_ERROR:
		return "HTTP";
	case APP_MESSAGE_CLIENT_HELLO:
	case APP_MESSAGE_SERVER_HELLO:
	case APP_MESSAGE_TLS_ALERT:
		return "TLS";
	case APP_MESSAGE_SSH:
		return "SSH";
	case APP_MESSAGE_AMQP:
		return "AMQP";
	case APP_MESSAGE_READY:
		return "SMTP or FTP";
	case APP_MESSAGE_GREETING:
		return "POP3, IMAP, NNTP, MySQL or RFB";
	case APP_MESSAGE_NOTHING:
	case APP_MESSAGE_OTHER:
	case APP_MESSAGE_REFUSAL:
	case APP_MESSAGE_COUNT:
		break;
	}
	return NULL;
}

/* A client greets nobody. */
bool app_message_is_other(enum app_message asked, enum app_message answered)
{
	const char *one = app_message_protocol(asked);
	const char *other = app_message_protocol(answered);

	return one && other && asked != APP_MESSAGE_GREETING &&
	       asked != APP_MESSAGE_READY && strcmp(one, other) != 0;
}

bool app_message_closes(enum app_message greeting, const struct packet *packet)
{
	return greeting == APP_MESSAGE_READY &&
	       (begins(packet, "421 ") || begins(packet, "421-"));
}

/* RFC 8446, 6, and RFC 5246, 7.2. */
const char *app_message_alert_name(uint8_t description)
{
	static const struct {
		uint8_t description;
		const char *name;
	} names[] = {
		{10, "unexpected message"},
		{20, "bad record MAC"},
		{21, "decryption failed"},
		{22, "record overflow"},
		{40, "handshake failure"},
		{42, "bad certificate"},
		{43, "unsupported certificate"},
		{44, "certificate revoked"},
		{45, "certificate expired"},
		{46, "certificate unknown"},
		{47, "illegal parameter"},
		{48, "unknown CA"},
		{49, "access denied"},
		{50, "decode error"},
		{51, "decrypt error"},
		{70, "protocol version"},
		{71, "insufficient security"},
		{80, "internal error"},
		{86, "inappropriate fallback"},
		{109, "missing extension"},
		{110, "unsupported extension"},
		{112, "unrecognized name"},
		{113, "bad certificate status response"},
		{115, "unknown PSK identity"},
		{116, "certificate required"},
		{120, "no application protocol"},
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].description == description)
			return names[i].name;
	return "alert";
}

/* The message of a PostgreSQL error: its fields are a letter and a text with a
 * zero behind it. */
static size_t postgres_start(const struct packet *packet)
{
	for (size_t i = 5; i + 1 < packet->payload_captured; i++)
		if (packet->payload[i] == 0 && packet->payload[i + 1] == 'M')
			return i + 2;
	return 5;
}

static size_t text_start(const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;

	if (bytes[0] == 'E' && bytes[1] == 0)
		return postgres_start(packet);
	if (packet->payload_captured > MYSQL_TEXT + MYSQL_STATE &&
		bytes[2] == 0 && bytes[3] == 0)
		return bytes[MYSQL_TEXT] == '#' ? MYSQL_TEXT + MYSQL_STATE
						: MYSQL_TEXT;
	return 0;
}

void app_message_text(const struct packet *packet, enum app_message app_message,
	char *text, size_t text_bytes)
{
	size_t start, length = 0;

	if (app_message == APP_MESSAGE_TLS_ALERT) {
		(void)snprintf(text, text_bytes, "TLS alert %u: %s",
			packet->payload[6],
			app_message_alert_name(packet->payload[6]));
		return;
	}
	start = packet->payload_captured > 1 ? text_start(packet) : 0;
	while (start + length < packet->payload_captured &&
		length + 1 < text_bytes) {
		uint8_t byte = packet->payload[start + length];

		if (byte == 0 || byte == '\r' || byte == '\n')
			break;
		text[length++] = (char)byte;
	}
	text[length] = 0;
}
