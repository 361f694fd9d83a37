/* When a recording goes on in another file, and its name: as tcpdump 4.99 was
 * seen to do it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/rotation.h"

static const int64_t SECOND_NS = 1000000000;

static void assert_name(const struct rotation *rotation, int64_t start_s,
	uint64_t number, const char *expected)
{
	struct rotation_file file = {.start_s = start_s, .number = number};
	char name[64];

	assert_true(rotation_name(rotation, &file, name, sizeof(name)));
	assert_string_equal(name, expected);
}

static void files_are_named_as_tcpdump_names_them(void **state)
{
	struct rotation size = {.path = "f%S", .largest_bytes = 1000000};
	struct rotation period = {.path = "f-%H%M%S", .period_s = 2};
	struct rotation both = {
		.path = "f-%S", .largest_bytes = 1000000, .period_s = 2};

	(void)state;
	assert_name(&size, 5, 0, "f%S");
	assert_name(&size, 5, 12, "f%S12");
	size.most_files = 10;
	assert_name(&size, 5, 0, "f%S0");
	size.most_files = 11;
	assert_name(&size, 5, 0, "f%S00");
	assert_name(&size, 5, 10, "f%S10");
	assert_name(&period, 3661, 0, "f-010101");
	assert_name(&period, 3661, 7, "f-010101");
	assert_name(&both, 24, 0, "f-24");
	assert_name(&both, 24, 1, "f-241");
	both.most_files = 12;
	assert_name(&both, 31, 0, "f-3100");
}

static void a_name_that_is_none_is_told(void **state)
{
	struct rotation rotation = {.path = "%%-%F-%T", .period_s = 1};
	struct rotation_file file = {0};
	char name[8];

	(void)state;
	assert_false(rotation_name(&rotation, &file, name, sizeof(name)));
	rotation.path = "";
	assert_false(rotation_name(&rotation, &file, name, sizeof(name)));
	rotation = (struct rotation){.path = "1234567", .largest_bytes = 1};
	assert_true(rotation_name(&rotation, &file, name, sizeof(name)));
	file.number = 1;
	assert_false(rotation_name(&rotation, &file, name, sizeof(name)));
}

static void a_file_above_the_size_is_followed_by_the_next(void **state)
{
	struct rotation rotation = {
		.path = "f", .largest_bytes = 1000, .most_files = 3};
	struct rotation_file file = {.start_s = 10};

	(void)state;
	assert_int_equal(rotation_step(&rotation, 11 * SECOND_NS, 1000, &file),
		ROTATION_STAYS);
	for (uint64_t next = 1; next <= 4; next++) {
		assert_int_equal(
			rotation_step(&rotation, 11 * SECOND_NS, 1001, &file),
			ROTATION_GOES_ON);
		assert_int_equal(file.number, next % 3);
	}
	assert_int_equal(file.start_s, 10);
}

static void a_period_ends_with_the_first_packet_after_it(void **state)
{
	struct rotation rotation = {
		.path = "f", .period_s = 5, .most_files = 2};
	struct rotation_file file = {.start_s = 100};

	(void)state;
	assert_int_equal(
		rotation_step(&rotation, 105 * SECOND_NS - 1, 1 << 30, &file),
		ROTATION_STAYS);
	assert_int_equal(rotation_step(&rotation, 90 * SECOND_NS, 0, &file),
		ROTATION_STAYS);
	assert_int_equal(file.start_s, 100);
	assert_int_equal(rotation_step(&rotation, 117 * SECOND_NS, 0, &file),
		ROTATION_GOES_ON);
	assert_int_equal(file.start_s, 117);
	assert_int_equal(rotation_step(&rotation, 122 * SECOND_NS, 0, &file),
		ROTATION_IS_FULL);
}

static void numbers_start_over_in_each_period(void **state)
{
	struct rotation rotation = {.path = "f",
		.largest_bytes = 1000,
		.period_s = 5,
		.most_files = 2};
	struct rotation_file file = {.start_s = 100};

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			rotation_step(&rotation, 101 * SECOND_NS, 1001, &file),
			ROTATION_GOES_ON);
	assert_int_equal(file.number, 1);
	for (int64_t now_s = 105; now_s < 200; now_s += 5) {
		assert_int_equal(rotation_step(&rotation, now_s * SECOND_NS,
					 1001, &file),
			ROTATION_GOES_ON);
		assert_int_equal(file.number, 0);
		assert_int_equal(file.start_s, now_s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_named_as_tcpdump_names_them),
		cmocka_unit_test(a_name_that_is_none_is_told),
		cmocka_unit_test(a_file_above_the_size_is_followed_by_the_next),
		cmocka_unit_test(a_period_ends_with_the_first_packet_after_it),
		cmocka_unit_test(numbers_start_over_in_each_period),
	};

	/* names are in local time */
	if (setenv("TZ", "UTC", 1) != 0)
		return 1;
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
