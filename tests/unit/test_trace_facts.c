#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/trace_run.h"

static void a_fact_is_unknown_only_if_nothing_is_known_of_it(void **state)
{
	const struct incident incident = {
		.evidence_count = 2,
		.evidence = {{.fact = fact_word(FACT_IDLE_BEFORE),
				     .holds = TRUTH_YES},
			{.fact = fact_word(FACT_ICMP_ERROR),
				.holds = TRUTH_NO}},
	};
	const struct trace_truths truths = {
		.truth = {[FACT_IDLE_BEFORE] = TRUTH_YES,
			[FACT_ICMP_ERROR] = TRUTH_NO,
			[FACT_RESET_SEEN] = TRUTH_YES,
			[FACT_ICMP_SAYS_PORT_UNREACHABLE] = TRUTH_NO},
	};

	(void)state;
	assert_string_equal(
		trace_fact_found(&incident, &truths, FACT_IDLE_BEFORE), "yes");
	assert_string_equal(
		trace_fact_found(&incident, &truths, FACT_ICMP_ERROR), "no");
	assert_string_equal(
		trace_fact_found(&incident, &truths, FACT_RESET_SEEN),
		"not told");
	assert_string_equal(trace_fact_found(&incident, &truths,
				    FACT_ICMP_SAYS_PORT_UNREACHABLE),
		"not told");
	assert_string_equal(
		trace_fact_found(&incident, &truths, FACT_SSH_BANNER_LATE),
		"unknown");
}

/* The incidents of all traces: what they tell is what is known, and there are
 * facts that are known and not told. */
static void what_is_told_is_what_is_known(void **state)
{
	static const struct trace_manner manner = {.seed = 1};
	static struct trace_files files;
	static struct trace_verdict verdict;
	unsigned not_told = 0;

	(void)state;
	assert_int_equal(trace_files_read(&files), 0);
	for (unsigned i = 0; i < files.count; i++) {
		const struct trace *trace = files.file[i].trace;

		assert_true(trace_judge(trace->packets, trace->packet_count,
			&manner, &verdict));
		for (unsigned j = 0; j < verdict.count; j++)
			for (unsigned k = 0; k < FACT_COUNT; k++) {
				enum truth truth = verdict.truths[j].truth[k];
				const char *found = trace_fact_found(
					&verdict.incidents[j],
					&verdict.truths[j], (enum fact)k);

				not_told += strcmp(found, "not told") == 0;
				if (strcmp(found, "yes") == 0)
					assert_int_equal(truth, TRUTH_YES);
				if (strcmp(found, "no") == 0)
					assert_int_equal(truth, TRUTH_NO);
			}
	}
	assert_true(not_told > 0);
	trace_files_free(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_fact_is_unknown_only_if_nothing_is_known_of_it),
		cmocka_unit_test(what_is_told_is_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
