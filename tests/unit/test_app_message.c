/* First words in clear: each text is known by its first byte, as are TLS,
 * PostgreSQL and MySQL; what is one byte short is another text or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/observe/app_message.h"

static enum app_message of_bytes(const void *bytes, uint32_t count)
{
	struct packet packet = {
		.payload = bytes,
		.payload_bytes = count,
		.payload_captured = count,
	};

	return app_message_of(&packet);
}

static void every_text_is_known(void **state)
{
	enum app_message app_message;
	const char *text;
	unsigned count = 0;

	(void)state;
	for (; (text = app_message_begins(count, &app_message)); count++)
		assert_int_equal(
			of_bytes(text, (uint32_t)strlen(text)), app_message);
	assert_true(count > 30);
}

static void a_text_that_is_cut_is_not_known(void **state)
{
	enum app_message app_message;
	const char *text;

	(void)state;
	for (unsigned i = 0; (text = app_message_begins(i, &app_message)); i++)
		assert_int_not_equal(of_bytes(text, (uint32_t)strlen(text) - 1),
			app_message);
}

static void what_is_no_text_is_known(void **state)
{
	static const uint8_t hello[] = {22, 3, 1, 0, 80, 1, 0};
	static const uint8_t answer[] = {22, 3, 3, 0, 80, 2, 0};
	static const uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};
	static const uint8_t close_notify[] = {21, 3, 3, 0, 2, 1, 0};
	static const uint8_t fatal[] = "E\0\0\0\x20SFATAL\0C53300";
	static const uint8_t mysql[] = {5, 0, 0, 0, 0xff, 0x10, 4, '#', 'x'};
	static const uint8_t greeting[] = {5, 0, 0, 0, 10, '8', '.', '0', 0};

	(void)state;
	assert_int_equal(
		of_bytes(hello, sizeof(hello)), APP_MESSAGE_CLIENT_HELLO);
	assert_int_equal(
		of_bytes(answer, sizeof(answer)), APP_MESSAGE_SERVER_HELLO);
	assert_int_equal(of_bytes(alert, sizeof(alert)), APP_MESSAGE_TLS_ALERT);
	assert_int_equal(of_bytes(close_notify, sizeof(close_notify)),
		APP_MESSAGE_OTHER);
	assert_int_equal(of_bytes(fatal, sizeof(fatal)), APP_MESSAGE_REFUSAL);
	assert_int_equal(of_bytes(mysql, sizeof(mysql)), APP_MESSAGE_REFUSAL);
	assert_int_equal(
		of_bytes(greeting, sizeof(greeting)), APP_MESSAGE_GREETING);
	assert_int_equal(of_bytes("221 bye", 7), APP_MESSAGE_OTHER);
}

static void an_error_that_closes_is_one(void **state)
{
	static const char closes[] =
		"HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n";
	static const char stays[] = "HTTP/1.1 503 Busy\r\n\r\n";

	(void)state;
	assert_int_equal(
		of_bytes(closes, sizeof(closes) - 1), APP_MESSAGE_HTTP_ERROR);
	assert_int_equal(
		of_bytes(stays, sizeof(stays) - 1), APP_MESSAGE_HTTP_ANSWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_known),
		cmocka_unit_test(a_text_that_is_cut_is_not_known),
		cmocka_unit_test(what_is_no_text_is_known),
		cmocka_unit_test(an_error_that_closes_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
