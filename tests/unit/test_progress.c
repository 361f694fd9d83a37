/* The line of a long run: what is not known is left out, and what is left is
 * told in the unit that fits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "cli/progress.h"

static void reads(struct progress_state state, const char *expected)
{
	char text[PROGRESS_TEXT];

	assert_string_equal(progress_text(text, &state), expected);
}

static void share_rate_and_time_left_are_told(void **state)
{
	(void)state;
	reads((struct progress_state){42, 100, 8400000, 2700},
		" 42 %  8,400,000 packets  3.1 million/s  4 s left");
	reads((struct progress_state){1, 100, 1000, 1500},
		"  1 %  1,000 packets  667/s  2 min left");
	reads((struct progress_state){1, 1000, 100000, 10000},
		"  0 %  100,000 packets  10 thousand/s  2 h 46 min left");
	reads((struct progress_state){100, 100, 5000, 1000},
		"100 %  5,000 packets  5000/s  0 s left");
}

static void what_is_not_known_is_left_out(void **state)
{
	(void)state;
	/* a pipe has no end in sight */
	reads((struct progress_state){42, 0, 20000, 2000},
		"20,000 packets  10 thousand/s");
	/* nothing yet */
	reads((struct progress_state){0, 100, 0, 1000},
		"  0 %  0 packets  0/s");
	reads((struct progress_state){0, 0, 0, 0}, "0 packets");
	/* a file that grows */
	reads((struct progress_state){300, 200, 20, 2000},
		"100 %  20 packets  10/s  0 s left");
}

static void the_largest_numbers_have_room(void **state)
{
	char text[PROGRESS_TEXT];
	struct progress_state most = {
		1, UINT64_MAX, UINT64_MAX, INT64_MAX / 1000000};

	(void)state;
	assert_true(progress_text(text, &most) == text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(share_rate_and_time_left_are_told),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(the_largest_numbers_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
