/* Command lines, right and wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "cli/options.h"

static const struct option_row rows[] = {
	{'i', "interface", "NAME", "listen there"},
	{'p', NULL, NULL, "not promiscuous"},
	{OPTION_FIRST_LONG, "filter", "EXPR", "only these"},
	{OPTION_FIRST_LONG + 1, "all-flows", NULL, "list"},
	{0},
};

enum { MOST_WORDS = 12 };

struct parsed {
	char line[256]; /* the words, zeros between them */
	char *words[MOST_WORDS + 1];
	int count;
	struct common common;
	struct option_walk walk;
	struct failure failure;
	const char *argument;
	int operand;
};

/* Splits a command line at its spaces and begins to walk it. */
static void begin_with(
	struct parsed *parsed, enum operand_order order, const char *line)
{
	memset(parsed, 0, sizeof(*parsed));
	assert_true(strlen(line) < sizeof(parsed->line));
	(void)strcpy(parsed->line, line);
	for (char *word = strtok(parsed->line, " "); word;
		word = strtok(NULL, " ")) {
		assert_true(parsed->count < MOST_WORDS);
		parsed->words[parsed->count++] = word;
	}
	option_walk_begin(&parsed->walk, rows, order, &parsed->common,
		parsed->count, parsed->words);
}

static void begin(struct parsed *parsed, const char *line)
{
	begin_with(parsed, OPERANDS_ANYWHERE, line);
}

static int next(struct parsed *parsed)
{
	return option_walk_next(&parsed->walk, &parsed->argument,
		&parsed->operand, &parsed->failure);
}

static void options_come_in_order_and_common_ones_are_kept_back(void **state)
{
	struct parsed parsed;

	(void)state;
	begin(&parsed, "capture -vi eth0 --json --filter=tcp -p -o out a.pcap");
	assert_int_equal(next(&parsed), 'i');
	assert_string_equal(parsed.argument, "eth0");
	assert_int_equal(next(&parsed), OPTION_FIRST_LONG);
	assert_string_equal(parsed.argument, "tcp");
	assert_int_equal(next(&parsed), 'p');
	assert_int_equal(next(&parsed), OPTION_END);
	assert_string_equal(parsed.words[parsed.operand], "a.pcap");
	assert_string_equal(parsed.common.format->name, "json");
	assert_int_equal(parsed.common.verbosity, 1);
	assert_string_equal(parsed.common.output_path, "out");
}

static void wrong(const char *line, const char *says)
{
	struct parsed parsed;
	int id;

	begin(&parsed, line);
	do
		id = next(&parsed);
	while (id >= 0);
	assert_int_equal(id, OPTION_WRONG);
	assert_int_equal(parsed.failure.exit_code, EXIT_USAGE);
	if (!strstr(parsed.failure.text, says))
		fail_msg("\"%s\" does not say \"%s\"", parsed.failure.text,
			says);
}

static void options_may_follow_operands(void **state)
{
	struct parsed parsed;

	(void)state;
	begin(&parsed, "capture a.pcap --json -p b.pcap");
	assert_int_equal(next(&parsed), 'p');
	assert_int_equal(next(&parsed), OPTION_END);
	assert_string_equal(parsed.common.format->name, "json");
	assert_string_equal(parsed.words[parsed.operand], "a.pcap");
	assert_string_equal(parsed.words[parsed.operand + 1], "b.pcap");
	wrong("capture a.pcap --fitler=x", "did you mean --filter?");
}

static void a_filter_ends_the_options(void **state)
{
	struct parsed parsed;

	(void)state;
	begin_with(&parsed, OPERANDS_LAST, "capture -p tcp and -1 < --json");
	assert_int_equal(next(&parsed), 'p');
	assert_int_equal(next(&parsed), OPTION_END);
	assert_int_equal(parsed.operand, 2);
	assert_null(parsed.common.format);
}

static void mistakes_are_named_and_near_misses_suggested(void **state)
{
	(void)state;
	wrong("capture --fitler=x", "did you mean --filter?");
	wrong("capture --jsno", "did you mean --json?");
	wrong("capture --csv --json",
		"--csv and --json choose twice: give one");
	wrong("capture -p --nonsense", "no option --nonsense");
	wrong("capture -Z", "no option -Z");
	wrong("capture -pZ", "no option -Z");
	wrong("capture -i", "needs an argument");
	wrong("capture --filter", "--filter needs an argument");
	wrong("capture --all-flows=3", "--all-flows takes no argument");
	wrong("capture --color=blue", "auto, always or never");
}

static void help_and_version_end_the_walk(void **state)
{
	struct parsed parsed;

	(void)state;
	begin(&parsed, "capture --help --nonsense");
	assert_int_equal(next(&parsed), OPTION_END);
	assert_true(parsed.walk.has_help);
	begin(&parsed, "capture --version");
	assert_int_equal(next(&parsed), OPTION_END);
	assert_true(parsed.walk.has_version);
}

static void numbers_are_whole_and_within_bounds(void **state)
{
	static const char *const bad[] = {"", "0", "11", "-1", "+1", " 1", "1x",
		"1.5", "99999999999999999999"};
	struct failure failure;
	uint64_t number;

	(void)state;
	assert_true(option_number("-c", "1", 1, 10, &number, &failure));
	assert_int_equal(number, 1);
	assert_true(option_number("-c", "18446744073709551615", 0, UINT64_MAX,
		&number, &failure));
	assert_true(number == UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(
			option_number("-c", bad[i], 1, 10, &number, &failure));
	assert_false(option_number("-c", "18446744073709551616", 0, UINT64_MAX,
		&number, &failure));
}

static void near_misses_are_slips_and_no_more(void **state)
{
	(void)state;
	assert_true(option_is_near_miss("analyse", "analyze"));
	assert_true(option_is_near_miss("timelin", "timeline"));
	assert_true(option_is_near_miss("injeted", "injected"));
	assert_false(option_is_near_miss("probe", "explain"));
	assert_false(option_is_near_miss("", "explain"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			options_come_in_order_and_common_ones_are_kept_back),
		cmocka_unit_test(options_may_follow_operands),
		cmocka_unit_test(a_filter_ends_the_options),
		cmocka_unit_test(mistakes_are_named_and_near_misses_suggested),
		cmocka_unit_test(help_and_version_end_the_walk),
		cmocka_unit_test(numbers_are_whole_and_within_bounds),
		cmocka_unit_test(near_misses_are_slips_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
