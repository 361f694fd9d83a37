/* What ends a session, alone in its segment, is known in each protocol; what is
 * longer, shorter, not captured or something else is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/observe/quit_command.h"

struct said {
	const char *text;
	uint32_t length;
};

#define SAID(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const struct said commands[] = {
	SAID("QUIT\r\n"),
	SAID("quit\r\n"),
	SAID("*1\r\n$4\r\nQUIT\r\n"),
	SAID("a LOGOUT\r\n"),
	SAID("A0017 logout\r\n"),
	SAID("DONE\r\nd LOGOUT\r\n"),
	SAID("TEARDOWN rtsp://198.51.100.7/a/long/way/to/go RTSP/1.0\r\n\r\n"),
	SAID("X\x00\x00\x00\x04"),
	SAID("\x01\x00\x00\x00\x01"),
	SAID("\xe0\x00"),
	SAID("\x30\x05\x02\x01\x02\x42\x00"),
	SAID("\x30\x06\x02\x02\x01\x02\x42\x00"),
	SAID("\x30\x84\x00\x00\x00\x05\x02\x01\x02\x42\x00"),
	SAID("\x88\x80mask"),
	SAID("\x88\x82mask\x03\xe8"),
};

static const struct said others[] = {
	SAID("QUIT"),
	SAID("QUIT\r\n."),
	SAID("DATA\r\n"),
	SAID("RSET\r\nQUIT\r\n"),
	SAID("*1\r\n$4\r\nPING\r\n"),
	SAID(" LOGOUT\r\n"),
	SAID("a very long tag, which nobody has, LOGOUT\r\n"),
	SAID("TEARDOWNS"),
	SAID("X\x00\x00\x00\x05"),
	SAID("\x01\x00\x00\x00\x0e"),
	SAID("\xe0\x00\x00"),
	SAID("\x30\x05\x02\x01\x02\x50\x00"),
	SAID("\x30\x06\x02\x01\x02\x42\x00\x00"),
	SAID("\x30\x84\x00\x00\x00\x05\x02"),
	SAID("\x88\x02\x03\xe8"),
	SAID("\x88\x82mask\x03"),
	SAID("\x88\x02mask\x03\xe8"),
};

static struct packet packet_of(const struct said *said)
{
	return (struct packet){
		.payload = (const uint8_t *)said->text,
		.payload_bytes = said->length,
		.payload_captured = said->length,
	};
}

static void what_ends_a_session_is_known(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct packet packet = packet_of(&commands[i]);

		assert_true(quit_command_is(&packet));
		assert_true(packet.payload_bytes <= QUIT_COMMAND_BYTES ||
			    packet.payload[0] == QUIT_COMMAND_LONG);
	}
}

static void what_is_something_else_is_not(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct packet packet = packet_of(&others[i]);

		assert_false(quit_command_is(&packet));
	}
}

static void what_was_not_captured_is_not(void **state)
{
	static const uint32_t begun = sizeof("TEARDOWN ") - 1;

	(void)state;
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct packet packet = packet_of(&commands[i]);
		bool is_long = packet.payload[0] == QUIT_COMMAND_LONG;
		uint32_t needed = is_long ? begun : packet.payload_bytes;

		packet.payload_captured = needed;
		assert_true(quit_command_is(&packet));
		packet.payload_captured = needed - 1;
		assert_false(quit_command_is(&packet));
		packet.payload_captured = 0;
		packet.payload = NULL;
		assert_false(quit_command_is(&packet));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ends_a_session_is_known),
		cmocka_unit_test(what_is_something_else_is_not),
		cmocka_unit_test(what_was_not_captured_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
