/* How much memory an analysis may take: what is asked for, and what there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cli/memory.h"
#include "cli/spill_file.h"

static const uint64_t MEGA = 1000000;

static void sizes_have_units(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{"none", UINT64_MAX},
		{"0", UINT64_MAX},
		{"32M", 32000000},
		{"250m", 250000000},
		{"32000K", 32000000},
		{"2G", 2000000000},
		{"1T", 1000000000000},
		{"40000000", 40000000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct failure failure;
		uint64_t bytes = 0;

		assert_true(memory_parse(rows[i].text, &bytes, &failure));
		assert_int_equal(bytes, rows[i].bytes);
	}
}

static void what_is_no_size_is_refused(void **state)
{
	static const char *const texts[] = {"", "M", "31M", "12", "-5M", "5X",
		"64MB", "64M ", " 64M", "1.5G", "99999999999999T",
		"18446744073709551616", "NONE"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct failure failure = {.exit_code = EXIT_RAN};
		uint64_t bytes;

		assert_false(memory_parse(texts[i], &bytes, &failure));
		assert_int_equal(failure.exit_code, EXIT_USAGE);
		assert_non_null(strstr(failure.text, "--memory"));
	}
}

static void an_eighth_of_what_is_available(void **state)
{
	static const struct {
		const char *meminfo, *most, *used;
		uint64_t bytes;
	} rows[] = {
		{"MemTotal: 9 kB\nMemAvailable:   8000000 kB\n", NULL, NULL,
			1024000000},
		/* least and most */
		{"MemAvailable: 1000000 kB\n", NULL, NULL, 256000000},
		{"MemAvailable: 64000000 kB\n", NULL, NULL, 4000000000},
		/* of the control group, what is left of it */
		{"MemAvailable: 64000000 kB\n", "8000000000\n", NULL,
			1000000000},
		{"MemAvailable: 64000000 kB\n", "8000000000\n", "4000000000\n",
			500000000},
		{"MemAvailable: 64000000 kB\n", "1000000\n", "2000000\n",
			256000000},
		{"MemAvailable: 8000000 kB\n", "max\n", "5\n", 1024000000},
		{"MemAvailable: 8000000 kB\n", "9223372036854771712\n", "5\n",
			1024000000},
		/* nothing is known */
		{NULL, NULL, NULL, 256000000},
		{"nothing\n", NULL, NULL, 256000000},
		{NULL, "16000000000\n", "0\n", 2000000000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(memory_of(rows[i].meminfo, rows[i].most,
					 rows[i].used),
			rows[i].bytes);
	assert_in_range(memory_default(), 256 * MEGA, 4000 * MEGA);
}

static void what_is_spilled_comes_back(void **state)
{
	struct spill_file file = {0};
	const struct spill *spill = spill_file_open(&file);
	static const char words[] = "a connection, and another";
	char back[sizeof(words)];

	(void)state;
	if (!spill) { /* no file system here has files without a name */
		skip();
		return;
	}
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(spill->append(spill->context, words,
					 sizeof(words)),
			i * sizeof(words));
	assert_true(spill->read(spill->context, 999 * sizeof(words), back,
		sizeof(back)));
	assert_string_equal(back, words);
	/* behind its end there is nothing */
	assert_false(spill->read(spill->context, 1000 * sizeof(words), back,
		sizeof(back)));
	file.most_bytes = file.length + 1;
	assert_int_equal(spill->append(spill->context, words, sizeof(words)),
		UINT64_MAX);
	spill_file_close(&file);
	spill_file_close(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(an_eighth_of_what_is_available),
		cmocka_unit_test(what_is_spilled_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
