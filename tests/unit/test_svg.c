/* Pictures: what may stand in a document, and that all of it fits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/svg.h"

/* How `text` stands in a document. */
static void becomes(const char *text, const char *expected)
{
	char *bytes = NULL;
	size_t count = 0;
	struct svg svg = {.out = open_memstream(&bytes, &count)};
	char between[128];

	assert_non_null(svg.out);
	svg_text(&svg, 0, 0, SVG_START, SVG_PLAIN, text);
	assert_int_equal(fclose(svg.out), 0);
	(void)snprintf(between, sizeof(between), ">%s</text>\n", expected);
	assert_true(count > strlen(between));
	assert_string_equal(bytes + count - strlen(between), between);
	assert_ptr_equal(strchr(bytes, '>'), bytes + count - strlen(between));
	free(bytes);
}

static void foreign_text_is_never_markup(void **state)
{
	(void)state;
	becomes("<script>&\"'", "&lt;script&gt;&amp;&quot;&#39;");
	becomes("]]>", "]]&gt;");
	becomes("a\033[1m\n\377", "a\\x1b[1m\\x0a\\xff");
}

static void what_xml_may_not_hold_is_escaped(void **state)
{
	(void)state;
	becomes("\xef\xbf\xbe", "\\xef\\xbf\\xbe"); /* U+FFFE */
	becomes("\xef\xbf\xbf", "\\xef\\xbf\\xbf");
	becomes("\xef\xbf\xbd", "\xef\xbf\xbd"); /* a character like others */
	becomes("\xf0\x9f\xbf\xbe", "\xf0\x9f\xbf\xbe"); /* U+1FFFE */
}

static void a_text_is_as_wide_as_its_characters(void **state)
{
	(void)state;
	int one = svg_text_width(SVG_PLAIN, "a");
	assert_true(one > 0);
	assert_int_equal(svg_text_width(SVG_PLAIN, "<&a\xc3\xa9"), 4 * one);
	/* a full-width character takes two places */
	assert_int_equal(svg_text_width(SVG_PLAIN, "\xe4\xb8\xad"), 2 * one);
	assert_int_equal(svg_text_width(SVG_PLAIN, "\n"), 4 * one);
	assert_true(svg_text_width(SVG_HEADLINE, "a") > one);
}

static void a_picture_has_the_size_of_what_it_shows(void **state)
{
	struct svg svg = {0};

	(void)state;
	svg_text(&svg, 100, 50, SVG_START, SVG_PLAIN, "abc");
	assert_int_equal(
		svg.width, 100 + svg_text_width(SVG_PLAIN, "abc") + SVG_MARGIN);
	assert_int_equal(svg.height, 50 + SVG_MARGIN);
	svg_text(&svg, 60, 10, SVG_END, SVG_PLAIN, "abc");
	assert_int_equal(svg.height, 50 + SVG_MARGIN);
	svg_arrow(&svg, SVG_BAD, 10, 300, 60);
	assert_int_equal(svg.width, 300 + SVG_MARGIN);
	assert_true(svg.height > 60 + SVG_MARGIN);
}

/* The lines of a paragraph, a bar after each. */
static void breaks(const char *text, unsigned columns, const char *expected)
{
	char *bytes = NULL, joined[128] = "";
	size_t count = 0;
	struct svg svg = {.out = open_memstream(&bytes, &count)};
	unsigned lines = 0;

	assert_non_null(svg.out);
	int y = svg_paragraph(&svg, 0, 0, columns, SVG_PLAIN, text);
	assert_int_equal(fclose(svg.out), 0);
	for (char *at = bytes; (at = strchr(at, '>')) != NULL; lines++) {
		size_t length = strcspn(++at, "<");

		assert_true(strlen(joined) + length + 2 < sizeof(joined));
		(void)strncat(joined, at, length);
		(void)strcat(joined, "|");
		at = strchr(at + length, '>') + 1;
	}
	assert_string_equal(joined, expected);
	for (const char *at = text; *at; at++)
		lines += at[0] == '\n' && at[1] == '\n'; /* empty: no text */
	assert_int_equal(y, (int)lines * SVG_LINE);
	free(bytes);
}

static void paragraphs_break_at_spaces_and_long_words_anywhere(void **state)
{
	(void)state;
	breaks("", 10, "");
	breaks("one two three", 7, "one two|three|");
	breaks("one two three", 100, "one two three|");
	breaks("abcdefghij", 4, "abcd|efgh|ij|");
	breaks("one\ntwo", 10, "one|two|");
	breaks("one\n\ntwo", 10, "one|two|");
	breaks("\xe4\xb8\xad\xe4\xb8\xad", 1, "\xe4\xb8\xad|\xe4\xb8\xad|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_text_is_never_markup),
		cmocka_unit_test(what_xml_may_not_hold_is_escaped),
		cmocka_unit_test(a_text_is_as_wide_as_its_characters),
		cmocka_unit_test(a_picture_has_the_size_of_what_it_shows),
		cmocka_unit_test(
			paragraphs_break_at_spaces_and_long_words_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
