/* What a probe says to a TLS server, and how it reads the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/path/path_tls_reading.h"
#include "probe/tcp/tls_hello.h"

enum { ROOM = 2048, SMALL = 512 };

static const char name[] = "www.example.org";

static uint32_t hello(
	uint8_t bytes[ROOM], enum tls_purpose purpose, uint32_t least)
{
	struct byte_writer writer = {bytes, ROOM, 0, false};

	tls_hello_write(&writer, purpose, name, least);
	assert_false(writer.is_full);
	return (uint32_t)writer.used;
}

static void each_purpose_is_read_again(void **state)
{
	uint8_t bytes[ROOM];

	(void)state;
	for (int i = 0; i < TLS_PURPOSE_COUNT; i++) {
		uint32_t count = hello(bytes, (enum tls_purpose)i, 0);
		struct cursor random, found;
		enum tls_purpose purpose;

		assert_true(tls_hello_read(bytes, count, &random, &found));
		assert_true(tls_rules_purpose(random.at, &purpose));
		assert_int_equal(purpose, i);
		assert_int_equal(
			found.left, i == TLS_NAMELESS ? 0 : strlen(name));
		assert_memory_equal(found.at, name, found.left);
		assert_int_equal(count, 5 + (bytes[3] << 8 | bytes[4]));
		if (i != TLS_WIDE)
			assert_in_range(count, 200, SMALL);
	}
}

static void a_large_one_fills_a_segment(void **state)
{
	uint8_t bytes[ROOM];

	(void)state;
	assert_in_range(hello(bytes, TLS_LARGE, 1476), 1476, 1490);
}

static void one_without_room_is_full(void **state)
{
	uint8_t bytes[ROOM];

	(void)state;
	for (size_t room = 0; room < 300; room++) {
		struct byte_writer writer = {bytes, room, 0, false};

		tls_hello_write(&writer, TLS_WIDE, name, 0);
		assert_true(writer.is_full);
	}
}

/* A ServerHello of TLS 1.2, a certificate, a request and the end, in two
 * records that divide a message. */
static const uint8_t answer_12[] = {22, 3, 3, 0, 50, /* record */
	2, 0, 0, 38, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0,
	0xc0, 0x2f, 0,		 /* ServerHello */
	11, 0, 0, 8, 0, 0, 5, 0, /* of a certificate */
	22, 3, 3, 0, 12, 0, 2, 0x30, 0x00, 13, 0, 0, 0, 14, 0, 0, 0};

static void the_messages_of_tls_1_2_are_read(void **state)
{
	struct tls_answer answer;

	(void)state;
	tls_answer_read(&answer, answer_12, sizeof(answer_12));
	assert_int_equal(answer.kind, TLS_ANSWER_HELLO);
	assert_int_equal(answer.version, TLS_1_2);
	assert_int_equal(answer.suite, 0xc02f);
	assert_int_equal(answer.hello_end, 5 + 42);
	assert_int_equal(answer.certificate_end, 5 + 50 + 5 + 4);
	assert_int_equal(answer.certificate.left, 2);
	assert_int_equal(answer.request_end, sizeof(answer_12) - 4);
	assert_int_equal(answer.done_end, sizeof(answer_12));
	assert_true(tls_answer_is_whole(&answer));
}

/* Each part of it stands in memory of its own: reads behind it are noticed. */
static void every_length_and_bit_is_read(void **state)
{
	(void)state;
	for (uint32_t count = 0; count <= sizeof(answer_12); count++)
		for (uint32_t bit = 0; bit < 8 * count; bit++) {
			uint8_t *bytes = malloc(count);
			struct tls_answer answer;

			assert_non_null(bytes);
			memcpy(bytes, answer_12, count);
			tls_answer_read(&answer, bytes, count);
			assert_true(answer.hello_end <= count);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			tls_answer_read(&answer, bytes, count);
			(void)path_tls_is_certified(answer.certificate, name);
			free(bytes);
		}
}

static void what_is_no_tls_is_told(void **state)
{
	static const uint8_t alert[] = {21, 3, 1, 0, 2, 2, 70},
			     warning[] = {21, 3, 1, 0, 2, 1, 112},
			     text[] = "HTTP/1.1 400",
			     broken[] = {22, 9, 9, 9, 9};
	struct tls_answer answer;

	(void)state;
	tls_answer_read(&answer, alert, sizeof(alert));
	assert_int_equal(answer.kind, TLS_ANSWER_ALERT);
	assert_int_equal(answer.alert, 70);
	tls_answer_read(&answer, warning, sizeof(warning));
	assert_int_equal(answer.kind, TLS_ANSWER_NONE);
	tls_answer_read(&answer, text, sizeof(text));
	assert_int_equal(answer.kind, TLS_ANSWER_OTHER);
	tls_answer_read(&answer, broken, sizeof(broken));
	assert_int_equal(answer.kind, TLS_ANSWER_OTHER);
	tls_answer_read(&answer, alert, 0);
	assert_int_equal(answer.kind, TLS_ANSWER_NONE);
}

/* The extension alone: its name is found in whatever stands around it. */
static enum truth certified(const char *pattern, bool is_critical)
{
	uint8_t bytes[300] = {0x30, 0x82, 1, 2, 0x06, 0x03, 0x55, 0x1d, 0x11};
	struct byte_writer writer = {bytes, sizeof(bytes), 9, false};
	size_t length = strlen(pattern);

	if (is_critical)
		write_bytes(&writer, "\x01\x01\xff", 3);
	write_u8(&writer, 0x04);
	write_u8(&writer, (uint8_t)(length + 10));
	write_u8(&writer, 0x30);
	write_u8(&writer, (uint8_t)(length + 8));
	write_bytes(&writer, "\x87\x04\x0a\x00\x00\x01\x82", 7); /* address */
	write_u8(&writer, (uint8_t)length);
	write_bytes(&writer, pattern, length);
	write_zeros(&writer, 8);
	return path_tls_is_certified(
		cursor_on(bytes, (uint32_t)writer.used, (uint32_t)writer.used),
		name);
}

static void names_of_certificates_are_compared(void **state)
{
	(void)state;
	assert_int_equal(certified("WWW.example.org", true), TRUTH_YES);
	assert_int_equal(certified("*.example.org", false), TRUTH_YES);
	assert_int_equal(certified("example.org", false), TRUTH_NO);
	assert_int_equal(certified("*.org", false), TRUTH_NO);
	assert_int_equal(certified("*", false), TRUTH_NO);
	assert_int_equal(certified("*.", false), TRUTH_NO);
	assert_int_equal(
		path_tls_is_certified(cursor_on(answer_12, 9, 9), name),
		TRUTH_UNKNOWN);
}

static void suites_have_names_once(void **state)
{
	char text[TLS_SUITE_TEXT];

	(void)state;
	for (int i = 0; i < TLS_SUITES; i++)
		assert_ptr_equal(
			tls_suite_of(tls_suites[i].number), &tls_suites[i]);
	assert_true(tls_suite_is_usual(0x1301));
	assert_false(tls_suite_is_usual(0x0005));
	assert_false(tls_suite_is_usual(0xfafa));
	tls_suite_text(0xfafa, text);
	assert_string_equal(text, "0xfafa");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_purpose_is_read_again),
		cmocka_unit_test(a_large_one_fills_a_segment),
		cmocka_unit_test(one_without_room_is_full),
		cmocka_unit_test(the_messages_of_tls_1_2_are_read),
		cmocka_unit_test(every_length_and_bit_is_read),
		cmocka_unit_test(what_is_no_tls_is_told),
		cmocka_unit_test(names_of_certificates_are_compared),
		cmocka_unit_test(suites_have_names_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
