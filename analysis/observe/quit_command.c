#include "analysis/observe/quit_command.h"

#include <string.h>
#include <strings.h>

#include "analysis/observe/observe_side.h"
#include "analysis/observe/payload_need.h"

static_assert((int)QUIT_COMMAND_BYTES <= (int)PAYLOAD_NEED_LEAST,
	"what is read is kept of every packet");

enum {
	/* RFC 4511, 4.1.1 and 4.3 (BER) */
	LDAP_MESSAGE = 0x30,
	LDAP_LONG_LENGTH = 0x84, /* four bytes of it follow */
	LDAP_INTEGER = 2,
	LDAP_UNBIND = 0x42,
	/* RFC 6455, 5.2: the last frame, of kind 8; from a client, masked */
	WEBSOCKET_CLOSE = 0x88,
	WEBSOCKET_MASKED = 0x80,
	WEBSOCKET_BYTES = 6, /* with the mask */
};

/* QUIT of SMTP (RFC 5321, 4.1.1.10), FTP (RFC 959, 4.1.1), POP3 (RFC 1939, 6)
 * and NNTP (RFC 3977, 5.4), alone; of Redis in its protocol; LOGOUT of IMAP
 * (RFC 9051, 6.1.3) behind its tag, and behind the DONE that ends IDLE. */
static bool is_line(const char *text, uint32_t length)
{
	static const char quit[] = "QUIT\r\n";
	static const char redis_quit[] = "*1\r\n$4\r\nQUIT\r\n";
	static const char logout[] = " LOGOUT\r\n";
	const uint32_t logout_length = sizeof(logout) - 1;

	if (length == sizeof(quit) - 1)
		return strncasecmp(text, quit, length) == 0;
	if (length == sizeof(redis_quit) - 1 &&
		strncasecmp(text, redis_quit, length) == 0)
		return true;
	return length > logout_length &&
	       strncasecmp(text + length - logout_length, logout,
		       logout_length) == 0;
}

/* An unbind request, with a message number of any length. */
static bool is_ldap_unbind(const uint8_t *bytes, uint32_t length)
{
	uint32_t at;

	if (length < 7 || bytes[0] != LDAP_MESSAGE)
		return false;
	at = bytes[1] == LDAP_LONG_LENGTH ? 6 : 2;
	return length > at + 4 && bytes[at] == LDAP_INTEGER &&
	       length == at + 4 + bytes[at + 1] &&
	       bytes[length - 2] == LDAP_UNBIND && bytes[length - 1] == 0;
}

/* Terminate of PostgreSQL, COM_QUIT of MySQL, DISCONNECT of MQTT (3.1.1, 3.14),
 * an unbind, a close frame. */
static bool is_binary(const uint8_t *bytes, uint32_t length)
{
	static const struct {
		uint8_t bytes[5];
		uint8_t length;
	} commands[] = {
		{{'X', 0, 0, 0, 4}, 5},
		{{1, 0, 0, 0, 1}, 5},
		{{0xe0, 0}, 2},
	};

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (length == commands[i].length &&
			memcmp(bytes, commands[i].bytes, length) == 0)
			return true;
	if (length >= WEBSOCKET_BYTES && bytes[0] == WEBSOCKET_CLOSE &&
		bytes[1] >= WEBSOCKET_MASKED)
		return length == WEBSOCKET_BYTES + (bytes[1] & 0x7fu);
	return is_ldap_unbind(bytes, length);
}

bool quit_command_is(const struct packet *packet)
{
	static const char teardown[] = "TEARDOWN "; /* RFC 7826, 13.7 */
	const uint8_t *bytes = packet->payload;
	uint32_t length = packet->payload_bytes;

	if (packet->payload_captured >= sizeof(teardown) - 1 &&
		length <= REPLY_BYTES &&
		memcmp(bytes, teardown, sizeof(teardown) - 1) == 0)
		return true;
	return length > 0 && length <= QUIT_COMMAND_BYTES &&
	       packet->payload_captured >= length &&
	       (is_line((const char *)bytes, length) ||
		       is_binary(bytes, length));
}
