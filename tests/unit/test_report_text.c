/* Reports for people: verdicts first, one entry for all of a kind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "report/layout.h"
#include "report/report_text.h"
#include "tests/support/sample_incident.h"

static const struct style plain = {.columns = 100, .times = TIMES_UTC};

static char *render(
	const struct report_source *source, const struct style *style)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	report_text(source, style, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" in:\n%s", part, text);
}

static unsigned lines(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void the_verdict_comes_first_with_what_decides(void **state)
{
	struct sample sample = {.count = 1};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "a.pcap and 1 more: 1,204,331 packets, 18,220 connections, "
		  "2 h 14 min, 2023-11-14 22:13:20 to\n2023-11-15 00:27:20 "
		  "UTC. 1 failed in 1 way.");
	has(text, " 1  IDLE TIMEOUT  likely");
	has(text, "351.0 s without packets");
	has(text, "> #2");
	has(text, "as always from the server");
	has(text, "idle 348.0 s or less: 44 of 44 survived");
	has(text, "351.0 s or more: 21 of 21 failed");
	has(text, "found 54 (#2), expected 54 (#10)");
	has(text, "Could also be: the server restarted");
	has(text, "Do:     ServerAliveInterval 115");
	has(text, "Prove:  port at the server: a capture at the server");
	assert_true(lines(text) <= 25); /* one screen for one incident */
	free(text);
}

static void a_thousand_deaths_of_a_kind_are_one_entry(void **state)
{
	struct sample sample = {.count = 1000};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "UTC. 1,000 failed in 1 way.");
	has(text, "1,000 connections, e.g. 10.0.0.1:40000");
	has(text, "and 996 more");
	assert_true(lines(text) <= 30);
	free(text);
}

static void what_a_group_has_in_common_and_how_far_it_spreads(void **state)
{
	struct sample sample = {.count = 42};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "    Spread: 10.0.0.0/24 → 10.0.0.0/24, 10.0.0.2:22, client "
		  "10.0.0.1, hop 4, 22:19:12 UTC");
	has(text, "    Grades: 42 likely");
	has_not(text, "Most:");
	has_not(text, "failure"); /* a table of one row says nothing more */
	free(text);
}

static void the_table_on_top_has_a_row_for_each_failure(void **state)
{
	struct sample sample = {.count = 60, .groups = 3};
	struct style quiet = {.columns = 100, .is_quiet = true};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "\n   #  failure       culprit          grade   from      "
		  "to (UTC)  where\n"
		  "  60  idle timeout  NAT or firewall  likely  22:19:12  "
		  "22:19:12  in 3 groups\n\n 1  IDLE TIMEOUT");
	free(text);
	text = render(&source, &quiet);
	has_not(text, "failure");
	assert_int_equal(lines(text), 4); /* the recording, and three groups */
	free(text);
}

static void at_most_twenty_kinds_are_told_unless_asked(void **state)
{
	/* two of each: a tenth of its silence's each */
	struct sample sample = {.count = 60, .groups = 3, .paths = 10};
	struct style verbose = {.columns = 100, .verbosity = 1};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "\n20  IDLE TIMEOUT");
	has_not(text, "\n21  IDLE TIMEOUT");
	has(text, "and 10 more groups");
	free(text);
	text = render(&source, &verbose);
	has(text, "\n30  IDLE TIMEOUT");
	free(text);
}

static void times_since_the_beginning_have_no_day(void **state)
{
	struct sample sample = {.count = 1};
	struct report_source source = sample_source(&sample);
	struct style relative = plain;
	char *text;

	(void)state;
	relative.times = TIMES_RELATIVE;
	text = render(&source, &relative);
	has(text, "18,220 connections, 2 h 14 min. 1 failed in 1 way.");
	has_not(text, "2023-11");
	free(text);
}

static void nothing_that_died_is_said_in_words(void **state)
{
	struct sample sample = {.count = 0};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has(text, "none failed");
	has(text, "No connection was reset, stalled or refused.");
	free(text);
	source.totals.benign_resets = 3;
	text = render(&source, &plain);
	has_not(text, "No connection was reset, stalled or refused.");
	has(text, "3 resets were benign");
	free(text);
}

static void what_limits_the_verdicts_is_counted(void **state)
{
	struct sample sample = {.count = 0};
	struct report_source source = sample_source(&sample);

	(void)state;
	source.is_cut = true;
	source.totals.skipped[SKIP_ARP] = 12;
	source.totals.evicted_flows = 5;
	source.totals.lost_packets = 1;
	source.totals.duplicates = 2;
	source.totals.clock_steps = 1;
	char *text = render(&source, &plain);
	has(text, "not read to its end");
	has(text, "Not decoded: 12 ");
	has(text, "5 connections were evicted");
	has(text, "1 packet at least was acknowledged and never captured");
	has(text, "2 packets were captured twice");
	has(text, "1 backward step of the capture clock");
	free(text);
}

static void colour_comes_only_when_asked_for(void **state)
{
	struct sample sample = {.count = 1};
	struct style colored = {.columns = 100, .is_colored = true};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &plain);

	(void)state;
	has_not(text, "\033");
	free(text);
	text = render(&source, &colored);
	has(text, "\033[1;31mIDLE TIMEOUT");
	free(text);
}

static void lines_keep_to_the_width_of_the_page(void **state)
{
	struct sample sample = {.count = 2};
	struct style narrow = {.columns = 80};
	struct report_source source = sample_source(&sample);
	char *text = render(&source, &narrow);

	(void)state;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (layout_columns(line) > 80)
			fail_msg("%u columns: %s", layout_columns(line), line);
	free(text);
}

static void numbers_and_durations_carry_units(void **state)
{
	char text[COUNT_TEXT];

	(void)state;
	assert_string_equal(count_text(text, 0), "0");
	assert_string_equal(count_text(text, 999), "999");
	assert_string_equal(count_text(text, 1000), "1,000");
	assert_string_equal(
		count_text(text, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(duration_text(text, 20300000), "20.3 ms");
	assert_string_equal(duration_text(text, 351200000000), "351.2 s");
	assert_string_equal(duration_text(text, 8040000000000), "2 h 14 min");
	assert_string_equal(duration_text(text, 500000), "0.500 ms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_verdict_comes_first_with_what_decides),
		cmocka_unit_test(a_thousand_deaths_of_a_kind_are_one_entry),
		cmocka_unit_test(
			what_a_group_has_in_common_and_how_far_it_spreads),
		cmocka_unit_test(the_table_on_top_has_a_row_for_each_failure),
		cmocka_unit_test(at_most_twenty_kinds_are_told_unless_asked),
		cmocka_unit_test(times_since_the_beginning_have_no_day),
		cmocka_unit_test(nothing_that_died_is_said_in_words),
		cmocka_unit_test(what_limits_the_verdicts_is_counted),
		cmocka_unit_test(colour_comes_only_when_asked_for),
		cmocka_unit_test(lines_keep_to_the_width_of_the_page),
		cmocka_unit_test(numbers_and_durations_carry_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
