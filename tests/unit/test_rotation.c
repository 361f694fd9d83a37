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

/* The name of the period that begins with a packet of this time. */
static void assert_next(const struct rotation *rotation, int64_t now_s,
	struct rotation_file *file, const char *expected)
{
	char name[64];

	assert_int_equal(rotation_step(rotation, now_s * SECOND_NS, 0, file),
		ROTATION_GOES_ON);
	assert_true(rotation_name(rotation, file, name, sizeof(name)));
	assert_string_equal(name, expected);
}

static void set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* Central Europe, 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC. */
static void names_of_the_hour_that_comes_twice_differ(void **state)
{
	static const int64_t CHANGE_S = 1792890000;
	struct rotation hours = {.path = "%Y%m%d-%H", .period_s = 3600};
	struct rotation minutes = {.path = "%H%M", .period_s = 1200};
	struct rotation offsets = {.path = "%H%z", .period_s = 3600};
	struct rotation days = {.path = "%Y%m%d", .period_s = 3600};
	struct rotation parts = {
		.path = "%H-", .period_s = 1800, .largest_bytes = 1000};
	struct rotation_file file = {.start_s = CHANGE_S - 5400};

	(void)state;
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_next(&hours, CHANGE_S - 1800, &file, "20261025-02");
	assert_next(&hours, CHANGE_S + 1800, &file, "20261025-02+0100");
	assert_next(&hours, CHANGE_S + 5400, &file, "20261025-03");
	file = (struct rotation_file){.start_s = CHANGE_S - 5400};
	assert_next(&hours, CHANGE_S - 1800, &file, "20261025-02");
	assert_next(&hours, CHANGE_S + 3500, &file, "20261025-02+0100");

	file = (struct rotation_file){.start_s = CHANGE_S - 4800};
	assert_next(&minutes, CHANGE_S - 3600, &file, "0200");
	assert_next(&minutes, CHANGE_S - 2400, &file, "0220");
	assert_next(&minutes, CHANGE_S - 1200, &file, "0240");
	assert_next(&minutes, CHANGE_S, &file, "0200+0100");
	assert_next(&minutes, CHANGE_S + 1200, &file, "0220+0100");
	assert_next(&minutes, CHANGE_S + 2459, &file, "0240+0100");
	assert_next(&minutes, CHANGE_S + 3660, &file, "0301");
	/* a day later it is a ring of files, as asked for */
	assert_next(&minutes, CHANGE_S + 86400, &file, "0200");

	file = (struct rotation_file){.start_s = CHANGE_S - 5400};
	assert_next(&offsets, CHANGE_S - 1800, &file, "02+0200");
	assert_next(&offsets, CHANGE_S + 1800, &file, "02+0100");

	file = (struct rotation_file){.start_s = CHANGE_S - 5400};
	assert_next(&parts, CHANGE_S - 3600, &file, "02-");
	assert_next(&parts, CHANGE_S - 1800, &file, "02-1");
	assert_next(&parts, CHANGE_S, &file, "02-+0100");
	assert_next(&parts, CHANGE_S + 1800, &file, "02-+01001");
	assert_next(&parts, CHANGE_S + 3600, &file, "03-");

	/* names of days: none of before the change comes again */
	file = (struct rotation_file){.start_s = CHANGE_S - 10800};
	assert_next(&days, CHANGE_S - 7200, &file, "20261025.1");
	assert_next(&days, CHANGE_S - 3600, &file, "20261025.2");
	assert_next(&days, CHANGE_S, &file, "20261025+0100");
	assert_next(&days, CHANGE_S + 3600, &file, "20261025+0100.1");
	assert_next(&days, CHANGE_S + 7200, &file, "20261025+0100.2");
	assert_next(&days, CHANGE_S + 86400, &file, "20261026");
	set_zone("UTC");
}

static void a_format_coarser_than_the_period_gets_numbers(void **state)
{
	struct rotation days = {.path = "%d.pcap", .period_s = 36000};
	struct rotation none = {.path = "f", .period_s = 10};
	struct rotation_file file = {.start_s = 0};

	(void)state;
	assert_next(&days, 36000, &file, "01.pcap.1");
	assert_next(&days, 72000, &file, "01.pcap.2");
	assert_next(&days, 108000, &file, "02.pcap");
	assert_next(&days, 144000, &file, "02.pcap.1");
	file = (struct rotation_file){.start_s = 0};
	assert_next(&none, 10, &file, "f");
	assert_next(&none, 20, &file, "f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_named_as_tcpdump_names_them),
		cmocka_unit_test(a_name_that_is_none_is_told),
		cmocka_unit_test(a_file_above_the_size_is_followed_by_the_next),
		cmocka_unit_test(a_period_ends_with_the_first_packet_after_it),
		cmocka_unit_test(numbers_start_over_in_each_period),
		cmocka_unit_test(names_of_the_hour_that_comes_twice_differ),
		cmocka_unit_test(a_format_coarser_than_the_period_gets_numbers),
	};

	/* names are in local time */
	if (setenv("TZ", "UTC", 1) != 0)
		return 1;
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
