#include "analysis/observe/app_message.h"

#include <stdio.h>
#include <string.h>

#include "analysis/observe/http_error.h"
#include "capture/numbers.h"

enum {
	ALERT_BYTES = 7, /* record header, level, description */
	MYSQL_ERROR = 0xff,
	MYSQL_TEXT = 7, /* length, number, mark, code */
	MYSQL_STATE = 6,
	MQTT_CONNECT = 0x10,
	MQTT_CONNACK = 0x20,
	MQTT_CONNACK_BYTES = 4,
	TLS_HEADER = 5,
	TLS_ALERT_CLEAR = 2, /* longer: it is encrypted */
	TLS_RECORD_DATA = 23,
	TLS_13_ALERT = 19, /* with its true type and a tag of 16 bytes */
};

static bool begins(const struct packet *packet, const char *text)
{
	size_t length = strlen(text);

	return packet->payload_captured >= length &&
	       memcmp(packet->payload, text, length) == 0;
}

/* Of a packet that begins with several of them, the first counts. */
static const struct {
	const char *text;
	enum app_message app_message;
} texts[] = {
	{"SSH-", APP_MESSAGE_SSH},
	{"GET /", APP_MESSAGE_HTTP_REQUEST},
	{"POST /", APP_MESSAGE_HTTP_REQUEST},
	{"HEAD /", APP_MESSAGE_HTTP_REQUEST},
	{"PUT /", APP_MESSAGE_HTTP_REQUEST},
	{"DELETE /", APP_MESSAGE_HTTP_REQUEST},
	{"OPTIONS ", APP_MESSAGE_HTTP_REQUEST},
	{"PATCH /", APP_MESSAGE_HTTP_REQUEST},
	{"CONNECT ", APP_MESSAGE_HTTP_REQUEST},
	{"GET http", APP_MESSAGE_HTTP_REQUEST},
	{"PRI * HTTP/2", APP_MESSAGE_HTTP_REQUEST},
	{"421 ", APP_MESSAGE_REFUSAL}, /* SMTP (RFC 5321), FTP (RFC 959) */
	{"421-", APP_MESSAGE_REFUSAL},
	{"554 ", APP_MESSAGE_REFUSAL}, /* SMTP */
	{"554-", APP_MESSAGE_REFUSAL},
	{"550 ", APP_MESSAGE_REFUSAL}, /* SMTP */
	{"530 ", APP_MESSAGE_REFUSAL}, /* FTP */
	{"400 ", APP_MESSAGE_REFUSAL}, /* NNTP (RFC 3977, 5.1.1) */
	{"502 ", APP_MESSAGE_REFUSAL},
	{"* BYE", APP_MESSAGE_REFUSAL},	   /* IMAP (RFC 9051, 7.1.5) */
	{"-ERR max", APP_MESSAGE_REFUSAL}, /* Redis */
	{"-DENIED", APP_MESSAGE_REFUSAL},
	{"HTTP/1.1 408", APP_MESSAGE_REFUSAL}, /* RFC 9110, 15.5.9 */
	{"HTTP/1.0 408", APP_MESSAGE_REFUSAL},
	{"HTTP/1.", APP_MESSAGE_HTTP_ANSWER},
	{"220 ", APP_MESSAGE_READY},
	{"220-", APP_MESSAGE_READY},
	{"AMQP", APP_MESSAGE_AMQP},
	{"200 ", APP_MESSAGE_GREETING}, /* NNTP */
	{"201 ", APP_MESSAGE_GREETING},
	{"+OK", APP_MESSAGE_GREETING},	/* POP3 */
	{"* OK", APP_MESSAGE_GREETING}, /* IMAP */
	{"RFB 00", APP_MESSAGE_GREETING},
	{"INFO {", APP_MESSAGE_HEARTBEATS},    /* NATS */
	{"CONNECT\n", APP_MESSAGE_HEARTBEATS}, /* STOMP 1.2 */
	{"CONNECT\r\n", APP_MESSAGE_HEARTBEATS},
	{"STOMP\n", APP_MESSAGE_HEARTBEATS},
	{"STOMP\r\n", APP_MESSAGE_HEARTBEATS},
	/* memcached (protocol.txt, "Error strings") */
	{"ERROR Too many open connections", APP_MESSAGE_REFUSAL},
	{"SERVER_ERROR ", APP_MESSAGE_REFUSAL},
};

enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

const char *app_message_begins(unsigned index, enum app_message *app_message)
{
	if (index >= TEXTS)
		return NULL;
	*app_message = texts[index].app_message;
	return texts[index].text;
}

/* RFC 8446, 5.1: a record's first bytes. */
static enum app_message tls_of(const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;

	if (packet->payload_captured < ALERT_BYTES || bytes[1] != 3 ||
		bytes[2] > 4)
		return APP_MESSAGE_OTHER;
	if (bytes[0] == TLS_RECORD_HANDSHAKE && bytes[5] == TLS_CLIENT_HELLO)
		return APP_MESSAGE_CLIENT_HELLO;
	if (bytes[0] == TLS_RECORD_HANDSHAKE && bytes[5] == TLS_SERVER_HELLO)
		return APP_MESSAGE_SERVER_HELLO;
	/* an alert that is encrypted is longer */
	if (bytes[0] == TLS_RECORD_ALERT && bytes[3] == 0 && bytes[4] == 2 &&
		bytes[6] != TLS_ALERT_CLOSE_NOTIFY &&
		bytes[6] != TLS_ALERT_USER_CANCELED)
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

/* A fatal error of PostgreSQL: a length stands behind the E. */
static bool is_postgres_fatal(const struct packet *packet)
{
	return packet->payload_captured > 12 && packet->payload[0] == 'E' &&
	       packet->payload[1] == 0 &&
	       memcmp(packet->payload + 5, "SFATAL", 6) == 0;
}

/* CONNECT, with the protocol's name behind a length of one or two bytes; and
 * the CONNACK that refuses it (MQTT 3.1.1, 3.1 and 3.2; 5.0, 3.2). */
static enum app_message mqtt_of(const struct packet *packet)
{
	static const uint8_t name[] = {0, 4, 'M', 'Q', 'T', 'T'};
	static const uint8_t old_name[] = {0, 6, 'M', 'Q', 'I', 's'};
	const uint8_t *bytes = packet->payload;
	size_t at;

	if (packet->payload_captured < MQTT_CONNACK_BYTES)
		return APP_MESSAGE_OTHER;
	at = bytes[1] & 0x80 ? 3 : 2;
	if (bytes[0] == MQTT_CONNACK)
		return bytes[1] + 2u == packet->payload_bytes &&
				       bytes[2] == 0 && bytes[3] != 0
			       ? APP_MESSAGE_REFUSAL
			       : APP_MESSAGE_OTHER;
	return packet->payload_captured >= at + sizeof(name) &&
			       (memcmp(bytes + at, name, sizeof(name)) == 0 ||
				       memcmp(bytes + at, old_name,
					       sizeof(old_name)) == 0)
		       ? APP_MESSAGE_HEARTBEATS
		       : APP_MESSAGE_OTHER;
}

static enum app_message known_of(const struct packet *packet)
{
	enum app_message app_message = APP_MESSAGE_OTHER;

	if (packet->payload[0] == MQTT_CONNECT ||
		packet->payload[0] == MQTT_CONNACK)
		return mqtt_of(packet);

	for (unsigned i = 0; i < TEXTS && app_message == APP_MESSAGE_OTHER; i++)
		if (begins(packet, texts[i].text))
			app_message = texts[i].app_message;
	if (app_message == APP_MESSAGE_HTTP_ANSWER && http_error_closes(packet))
		return APP_MESSAGE_HTTP_ERROR;
	if ((app_message == APP_MESSAGE_HTTP_ANSWER &&
		    begins(packet, "HTTP/1.1 101")) || /* RFC 6455, 4.2.2 */
		(app_message == APP_MESSAGE_HTTP_REQUEST &&
			begins(packet, "CONNECT {"))) /* NATS */
		return APP_MESSAGE_HEARTBEATS;
	if (app_message == APP_MESSAGE_OTHER && is_postgres_fatal(packet))
		return APP_MESSAGE_REFUSAL;
	return app_message;
}

/* Whether a record of TLS, a packet of MQTT, a fatal error of PostgreSQL or one
 * of `texts` begins with this byte: most first words are ruled out by that
 * alone. test_app_message.c compares it with the texts. */
static bool may_be_known(uint8_t first)
{
	switch (first) {
	case TLS_RECORD_ALERT:
	case TLS_RECORD_HANDSHAKE:
	case MQTT_CONNECT:
	case MQTT_CONNACK:
	case 'A':
	case 'S':
	case 'G':
	case 'P':
	case 'H':
	case 'I':
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
			packet->payload[0] == TLS_RECORD_ALERT ||
					packet->payload[0] ==
						TLS_RECORD_HANDSHAKE
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
	case APP_MESSAGE_HEARTBEATS:
	case APP_MESSAGE_TLS_END:
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
	if (greeting == APP_MESSAGE_READY)
		return begins(packet, "421 ") || begins(packet, "421-");
	if (greeting == APP_MESSAGE_HEARTBEATS)
		return begins(packet, "-ERR '") &&
		       !begins(packet, "-ERR 'Permissions ") &&
		       !begins(packet, "-ERR 'Invalid ");
	return is_postgres_fatal(packet);
}

bool app_message_is_encrypted_alert(const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;
	unsigned length;

	if (packet->payload_captured <= TLS_HEADER || bytes[1] != 3 ||
		bytes[2] > 4)
		return false;
	length = (unsigned)(bytes[3] << 8 | bytes[4]);
	return length + TLS_HEADER == packet->payload_bytes &&
	       ((bytes[0] == TLS_RECORD_ALERT && length > TLS_ALERT_CLEAR) ||
		       (bytes[0] == TLS_RECORD_DATA && length == TLS_13_ALERT));
}

bool app_message_may_go_on(const struct packet *packet)
{
	return begins(packet, "SERVER_ERROR ");
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

/* MQTT 3.1.1, table 3.1, and 5.0, 2.4. */
static const char *mqtt_reason(uint8_t code)
{
	static const struct {
		uint8_t code;
		const char *reason;
	} reasons[] = {
		{1, "unacceptable protocol version"},
		{2, "identifier rejected"},
		{3, "server unavailable"},
		{4, "bad user name or password"},
		{5, "not authorized"},
		{0x84, "unsupported protocol version"},
		{0x85, "client identifier not valid"},
		{0x86, "bad user name or password"},
		{0x87, "not authorized"},
		{0x88, "server unavailable"},
		{0x89, "server busy"},
		{0x8a, "banned"},
		{0x97, "quota exceeded"},
		{0x9f, "connection rate exceeded"},
	};

	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == code)
			return reasons[i].reason;
	return "refused";
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

	if (app_message == APP_MESSAGE_REFUSAL &&
		packet->payload[0] == MQTT_CONNACK) {
		(void)snprintf(text, text_bytes, "CONNACK %u: %s",
			packet->payload[3], mqtt_reason(packet->payload[3]));
		return;
	}
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
