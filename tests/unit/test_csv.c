/* Comma separated values: a spreadsheet reads what was there, and runs none of
 * it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/csv.h"
#include "report/report_csv.h"
#include "tests/support/sample_incident.h"

static void expect_text(const char *text, const char *expected)
{
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	assert_non_null(out);
	csv_text(out, text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(written, expected);
	free(written);
}

static void texts_are_quoted_where_they_must_be(void **state)
{
	(void)state;
	expect_text("", "");
	expect_text("plain text", "plain text");
	expect_text("a,b", "\"a,b\"");
	expect_text("say \"no\"", "\"say \"\"no\"\"\"");
	expect_text("\"", "\"\"\"\"");
	expect_text("two\nlines\r", "two\\x0alines\\x0d");
}

static void formulas_are_texts(void **state)
{
	(void)state;
	expect_text("=1+1", "\"'=1+1\"");
	expect_text("+1", "\"'+1\"");
	expect_text("-1", "\"'-1\"");
	expect_text("@SUM(1)", "\"'@SUM(1)\"");
	expect_text("  =1", "\"'  =1\"");
	expect_text("\t=1", "\\x09=1");
	expect_text("=\"a\"", "\"'=\"\"a\"\"\"");
	expect_text("\xef\xbc\x9d"
		    "1",
		"\"'\xef\xbc\x9d"
		"1\"");
	expect_text("a=1", "a=1");
	expect_text("1-1", "1-1");
}

static void expect_seconds(int64_t time_ns, const char *expected)
{
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	assert_non_null(out);
	csv_seconds(out, time_ns);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(written, expected);
	free(written);
}

static void seconds_have_nine_decimals_and_one_sign(void **state)
{
	(void)state;
	expect_seconds(0, "0.000000000");
	expect_seconds(1700000000000000001, "1700000000.000000001");
	expect_seconds(-500000000, "-0.500000000");
	expect_seconds(-1500000000, "-1.500000000");
	expect_seconds(INT64_MIN, "-9223372036.854775808");
}

static void an_incident_is_a_line_below_the_names(void **state)
{
	struct sample sample = {.count = 2};
	struct report_source source = sample_source(&sample);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	report_csv(&source, out);
	assert_int_equal(fclose(out), 0);
	const char *names = "file,capture_point,frame,time,wall_time,"
			    "connection.client_ip,";
	const char *first = "\nb.pcap,,2,1700000352.000000000,"
			    "2023-11-14T22:19:12.000000Z,10.0.0.1,40000,"
			    "10.0.0.2,22,1:6ss4qdJ0A66GEUdTP+xe+3biIN4=,,,,"
			    "state-expired,server,nat-timeout,likely,4,";
	assert_memory_equal(text, names, strlen(names));
	assert_non_null(strstr(text, first));
	unsigned lines = 0;
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 3);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_quoted_where_they_must_be),
		cmocka_unit_test(formulas_are_texts),
		cmocka_unit_test(seconds_have_nine_decimals_and_one_sign),
		cmocka_unit_test(an_incident_is_a_line_below_the_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
