/* Foreign bytes must neither drive a terminal nor break a JSON string. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "capture/failure.h"
#include "capture/safe_text.h"

static void terminal_is(const char *bytes, size_t length, const char *expected)
{
	char text[256];

	assert_int_equal(safe_text_copy(text, sizeof(text), bytes, length),
		strlen(expected));
	assert_string_equal(text, expected);
}

/* Step by step, whether plain or not. */
static void json_is(const char *bytes, size_t length, const char *expected)
{
	char text[256];
	size_t at = 0;

	while (length > 0) {
		size_t step_bytes;
		size_t taken = safe_text_json_step(
			bytes, length, text + at, &step_bytes);

		at += step_bytes;
		bytes += taken;
		length -= taken;
	}
	text[at] = '\0';
	assert_string_equal(text, expected);
}

/* Every byte at every place of a text longer than a word: what is passed over
 * is what a step copies as it is, and nothing plain stops it. */
static void plain_json_ends_where_a_step_would_change_something(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char one = (char)byte, step[SAFE_STEP_BYTES];
		size_t bytes;
		bool is_plain =
			byte < 0x80 &&
			safe_text_json_step(&one, 1, step, &bytes) == 1 &&
			bytes == 1 && step[0] == one;

		for (size_t place = 0; place < 20; place++) {
			char text[20];

			memset(text, 'a', sizeof(text));
			text[place] = one;
			assert_int_equal(
				safe_text_json_plain(text, sizeof(text)),
				is_plain ? sizeof(text) : place);
			assert_int_equal(
				safe_text_json_plain(text, place), place);
		}
	}
}

static void plain_text_stays(void **state)
{
	(void)state;
	terminal_is("SSH-2.0-OpenSSH_9.2", 19, "SSH-2.0-OpenSSH_9.2");
	terminal_is("caf\xc3\xa9 \xe2\x86\x92", 9, "caf\xc3\xa9 \xe2\x86\x92");
	json_is("caf\xc3\xa9", 5, "caf\xc3\xa9");
}

static void escape_sequences_are_shown_and_not_obeyed(void **state)
{
	(void)state;
	terminal_is("\033[2J", 4, "\\x1b[2J");
	terminal_is("\r\n\t\0\x7f", 5, "\\x0d\\x0a\\x09\\x00\\x7f");
	/* C1's control sequence introducer, as UTF-8 and as a bare byte */
	terminal_is("\xc2\x9b", 2, "\\xc2\\x9b");
	terminal_is("\x9b", 1, "\\x9b");
	json_is("\033[2J", 4, "\\u001b[2J");
	json_is("\xc2\x9b", 2, "\\u009b");
}

static void bidirectional_controls_are_shown(void **state)
{
	(void)state;
	/* NOLINTBEGIN(misc-misleading-bidirectional): they are the test */
	terminal_is("a\xe2\x80\xae", 4, "a\\xe2\\x80\\xae"); /* U+202E */
	terminal_is("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");   /* U+2066 */
	terminal_is("\xd8\x9c", 2, "\\xd8\\x9c");	     /* U+061C */
	json_is("\xe2\x80\xae", 3, "\\u202e");
	json_is("\xd8\x9c", 2, "\\u061c");
	/* NOLINTEND(misc-misleading-bidirectional) */
}

static void what_is_not_utf8_is_marked_byte_by_byte(void **state)
{
	(void)state;
	terminal_is("\xc0\xaf", 2, "\\xc0\\xaf");	   /* not shortest */
	terminal_is("\xed\xa0\x80", 3, "\\xed\\xa0\\x80"); /* surrogate */
	terminal_is("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80");
	terminal_is("\xe2\x82", 2, "\\xe2\\x82"); /* cut */
	json_is("\xff\xe2\x82", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void json_strings_escape_what_rfc_8259_says(void **state)
{
	(void)state;
	json_is("\"\\\n\r\t\0", 6, "\\\"\\\\\\n\\r\\t\\u0000");
	json_is("/", 1, "/");
}

static void a_copy_never_ends_inside_a_character(void **state)
{
	char text[6];

	(void)state;
	assert_int_equal(
		safe_text_copy(text, sizeof(text), "abc\xe2\x86\x92", 6), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(safe_text_copy(text, sizeof(text), "abc\x01", 4), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(safe_text_copy(text, 0, "abc", 3), 0);
}

/* Whatever the bytes: no control character comes out, nothing is dropped. */
static void no_byte_sequence_gets_through(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		char bytes[8], text[128];
		size_t length = 1 + (size_t)round % sizeof(bytes);

		for (size_t i = 0; i < length; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = (char)(random >> 24);
		}
		size_t copied =
			safe_text_copy(text, sizeof(text), bytes, length);
		assert_true(copied >= length);
		for (size_t i = 0; i < copied; i++) {
			assert_true((unsigned char)text[i] >= 0x20);
			assert_true(text[i] != 0x7f);
		}
	}
}

static void a_failure_shows_no_name_that_drives_terminals(void **state)
{
	struct failure failure;
	char longest[FAILURE_BYTES];

	(void)state;
	assert_false(failure_set(&failure, EXIT_USAGE, "no file %s: %s",
		"\033[2J\xc2\x9b\x9b\xd8\x9c\n", "caf\xc3\xa9"));
	assert_string_equal(failure.text,
		"no file \\x1b[2J\\xc2\\x9b\\x9b\\xd8\\x9c\\x0a: caf\xc3\xa9");
	/* what is made longer by it is not cut for that */
	memset(longest, 0x9b, sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	(void)failure_set(&failure, EXIT_USAGE, "%s", longest);
	assert_int_equal(strlen(failure.text), 4 * (sizeof(longest) - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(escape_sequences_are_shown_and_not_obeyed),
		cmocka_unit_test(bidirectional_controls_are_shown),
		cmocka_unit_test(what_is_not_utf8_is_marked_byte_by_byte),
		cmocka_unit_test(json_strings_escape_what_rfc_8259_says),
		cmocka_unit_test(
			plain_json_ends_where_a_step_would_change_something),
		cmocka_unit_test(a_copy_never_ends_inside_a_character),
		cmocka_unit_test(no_byte_sequence_gets_through),
		cmocka_unit_test(a_failure_shows_no_name_that_drives_terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
