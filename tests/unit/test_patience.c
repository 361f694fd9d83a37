#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/engine/rto.h"

static const int64_t MS = 1000000;

static struct rto answered(int64_t rtt_ms, unsigned times)
{
	struct rto rto = {0};

	for (unsigned i = 0; i < times; i++)
		rto_take(&rto, rtt_ms * MS);
	return rto;
}

static void a_second_is_waited_before_anything_answers(void **state)
{
	struct rto rto = {0};

	(void)state;
	assert_int_equal(rto_ns(&rto), 1000 * MS);
	rto_take_late(&rto, 0, 400 * MS);
	assert_int_equal(rto_ns(&rto), 1000 * MS);
}

static void steady_answers_are_waited_for_a_little_longer(void **state)
{
	struct rto rto = answered(20, 100);

	(void)state;
	assert_in_range(rto_ns(&rto), 45 * MS, 51 * MS);
}

/* What came before all was read, and was not read, would be called silence. */
static void a_host_that_hands_over_late_waits_longer(void **state)
{
	struct rto rto = answered(1, 100);

	(void)state;
	for (int64_t ms = 20; ms <= 1000; ms *= 2) {
		rto_take_late(&rto, 5000 * MS, (5000 + ms) * MS);
		assert_in_range(rto_ns(&rto), 2 * ms * MS, 3000 * MS);
	}
}

/* It may have come at any time since. */
static void what_came_since_the_last_reading_is_not_late(void **state)
{
	struct rto rto = answered(1, 100);
	int64_t before = rto_ns(&rto);

	(void)state;
	rto_take_late(&rto, 5000 * MS, 4100 * MS);
	assert_int_equal(rto_ns(&rto), before);
}

static void a_host_that_was_late_once_forgets_it(void **state)
{
	struct rto rto = answered(1, 100);

	(void)state;
	rto_take_late(&rto, 0, 200 * MS);
	for (int i = 0; i < 300; i++)
		rto_take_late(&rto, 0, MS / 20);
	assert_in_range(rto_ns(&rto), 25 * MS, 28 * MS);
}

static void a_clock_that_was_set_says_nothing(void **state)
{
	struct rto rto = answered(1, 100);
	int64_t before = rto_ns(&rto);

	(void)state;
	rto_take_late(&rto, 0, 3600 * 1000 * MS);
	rto_take_late(&rto, 3600 * 1000 * MS, 0);
	assert_int_equal(rto_ns(&rto), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_is_waited_before_anything_answers),
		cmocka_unit_test(steady_answers_are_waited_for_a_little_longer),
		cmocka_unit_test(a_host_that_hands_over_late_waits_longer),
		cmocka_unit_test(what_came_since_the_last_reading_is_not_late),
		cmocka_unit_test(a_host_that_was_late_once_forgets_it),
		cmocka_unit_test(a_clock_that_was_set_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
