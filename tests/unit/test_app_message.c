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
	static const uint8_t connect[] = {
		16, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 2};
	static const uint8_t long_connect[] = {
		16, 0x90, 1, 0, 6, 'M', 'Q', 'I', 's', 'd', 'p', 3};
	static const uint8_t connack[] = {32, 2, 0, 5};
	static const uint8_t accepted[] = {32, 2, 0, 0};
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
	assert_int_equal(
		of_bytes(connect, sizeof(connect)), APP_MESSAGE_HEARTBEATS);
	assert_int_equal(of_bytes(long_connect, sizeof(long_connect)),
		APP_MESSAGE_HEARTBEATS);
	assert_int_equal(
		of_bytes(connack, sizeof(connack)), APP_MESSAGE_REFUSAL);
	assert_int_equal(
		of_bytes(accepted, sizeof(accepted)), APP_MESSAGE_OTHER);
	assert_int_equal(of_bytes("CONNECT {}", 10), APP_MESSAGE_HEARTBEATS);
	assert_int_equal(
		of_bytes("CONNECT a:443", 13), APP_MESSAGE_HTTP_REQUEST);
	assert_int_equal(
		of_bytes("HTTP/1.1 101 S", 14), APP_MESSAGE_HEARTBEATS);
	assert_int_equal(
		of_bytes("HTTP/1.1 200 O", 14), APP_MESSAGE_HTTP_ANSWER);
	for (uint32_t cut = 1; cut < sizeof(connect) - 6; cut++)
		assert_int_equal(of_bytes(connect, cut), APP_MESSAGE_OTHER);
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

static bool is_last(const void *bytes, uint32_t count)
{
	struct packet packet = {
		.payload = bytes,
		.payload_bytes = count,
		.payload_captured = count,
	};

	return app_message_is_encrypted_alert(&packet);
}

static void an_encrypted_alert_is_a_record_alone(void **state)
{
	uint8_t alert[31] = {21, 3, 3, 0, 26};
	uint8_t data[24] = {23, 3, 3, 0, 19};
	uint8_t clear[7] = {21, 3, 3, 0, 2, 2, 40};

	(void)state;
	assert_true(is_last(alert, sizeof(alert)));
	assert_false(is_last(alert, sizeof(alert) - 1));
	assert_true(is_last(data, sizeof(data)));
	data[4] = 20;
	assert_false(is_last(data, sizeof(data)));
	assert_false(is_last(clear, sizeof(clear)));
	assert_false(is_last(alert, 5));
	alert[0] = 23;
	assert_false(is_last(alert, sizeof(alert)));
}

static void refusal_reads(
	const void *bytes, uint32_t count, const char *expected)
{
	struct packet packet = {
		.payload = bytes,
		.payload_bytes = count,
		.payload_captured = count,
	};
	char text[80];

	app_message_text(&packet, APP_MESSAGE_REFUSAL, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void a_code_is_told_in_words(void **state)
{
	static const uint8_t known[] = {32, 2, 0, 5};
	static const uint8_t unknown[] = {32, 2, 0, 77};

	(void)state;
	refusal_reads(known, sizeof(known), "CONNACK 5: not authorized");
	refusal_reads(unknown, sizeof(unknown), "CONNACK 77: refused");
	refusal_reads(
		"-ERR 'Stale Connection'\r\n", 25, "-ERR 'Stale Connection'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_known),
		cmocka_unit_test(a_text_that_is_cut_is_not_known),
		cmocka_unit_test(what_is_no_text_is_known),
		cmocka_unit_test(an_error_that_closes_is_one),
		cmocka_unit_test(an_encrypted_alert_is_a_record_alone),
		cmocka_unit_test(a_code_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
