/* The list of formats: whoever asks for one gets one that can. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "report/format.h"

static const enum report_kind kinds[] = {REPORT_INCIDENTS, REPORT_PATH,
	REPORT_PACKETS, REPORT_COMPARISON, REPORT_WORDS};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void every_kind_has_a_usual_format_for_people(void **state)
{
	(void)state;
	for (unsigned i = 0; i < KINDS; i++) {
		const struct report_format *usual =
			report_format_usual(kinds[i]);

		assert_true(report_format_has(usual, kinds[i]));
		assert_true(usual->is_for_people);
	}
}

static void no_two_share_a_name_or_a_suffix(void **state)
{
	const struct report_format *one, *other;

	(void)state;
	for (unsigned i = 0; (one = report_format_at(i)) != NULL; i++)
		for (unsigned j = 0; j < i; j++) {
			other = report_format_at(j);
			assert_string_not_equal(one->name, other->name);
			if (one->suffix && other->suffix)
				assert_string_not_equal(
					one->suffix, other->suffix);
		}
}

static void a_format_that_is_listed_has_something_to_report(void **state)
{
	const struct report_format *format;

	(void)state;
	for (unsigned i = 0; (format = report_format_at(i)) != NULL; i++) {
		bool has_any = false;

		for (unsigned j = 0; j < KINDS; j++)
			has_any |= report_format_has(format, kinds[j]);
		assert_true(has_any);
	}
}

static void a_suffix_chooses_only_what_can(void **state)
{
	(void)state;
	assert_string_equal(
		report_format_of_file("a/b.csv", REPORT_PACKETS)->name, "csv");
	assert_string_equal(
		report_format_of_file("a/b.svg", REPORT_PACKETS)->name, "svg");
	assert_string_equal(
		report_format_of_file("a/b.png", REPORT_INCIDENTS)->name,
		"png");
	assert_null(report_format_of_file("a/b.svg", REPORT_COMPARISON));
	assert_null(report_format_of_file("b.csv.gz", REPORT_PACKETS));
	assert_null(report_format_of_file("csv", REPORT_PACKETS));
	assert_null(report_format_of_file(".json", REPORT_PATH));
	assert_null(report_format_of_file("a/.json", REPORT_PATH));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_usual_format_for_people),
		cmocka_unit_test(no_two_share_a_name_or_a_suffix),
		cmocka_unit_test(
			a_format_that_is_listed_has_something_to_report),
		cmocka_unit_test(a_suffix_chooses_only_what_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
