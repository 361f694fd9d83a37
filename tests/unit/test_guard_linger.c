/* How long a guarded port is needed, told by when packets come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <assert.h>
#include <cmocka.h>

#include "cli/guard_linger.h"

/* The count wraps in every test. */
static const uint32_t DROPPED_BEFORE = 0xfffffffe;

/* Of packets at such times, in order, the last second at which the port was
 * needed still. */
static unsigned last_second(const double *times_s, unsigned count)
{
	struct guard_linger stay = guard_linger_begin(DROPPED_BEFORE);
	uint32_t drops = DROPPED_BEFORE;

	for (unsigned now_s = 1, i = 0;; now_s++) {
		for (; i < count && times_s[i] <= now_s; i++)
			drops++;
		if (!guard_linger_goes_on(&stay, drops, now_s))
			return now_s;
	}
}

/* As Linux sends unacknowledged data: the times double up to two minutes, and
 * it gives up at the first timer after 924.6 s. */
static unsigned resent(double first_s, double *times_s, unsigned lost)
{
	double wait = 0.2, time = first_s;
	unsigned count = 0;

	for (unsigned sent = 1; time - first_s < 924.6; sent++) {
		if (sent != lost)
			times_s[count++] = time;
		time += wait;
		wait = wait < 60 ? 2 * wait : 120;
	}
	assert(count > 10);
	return count;
}

static void where_nothing_comes_ten_seconds_are_enough(void **state)
{
	(void)state;
	assert_int_equal(last_second(NULL, 0), 10);
}

static void an_answer_on_its_way_makes_it_little_longer(void **state)
{
	static const double times_s[] = {0.05, 0.3};

	(void)state;
	assert_int_equal(last_second(times_s, 2), 11);
}

static void who_sends_again_finds_the_port_guarded_to_the_end(void **state)
{
	static const double firsts_s[] = {0.0, 0.1, 0.9, 1.4, 6.6, 8.9};
	double times_s[64];

	(void)state;
	for (unsigned i = 0; i < sizeof(firsts_s) / sizeof(firsts_s[0]); i++)
		for (unsigned lost = 0; lost < 16; lost++) {
			unsigned count = resent(firsts_s[i], times_s, lost);
			unsigned last = last_second(times_s, count);

			assert_true(last > times_s[count - 1]);
			assert_true(last < times_s[count - 1] + 252);
		}
}

/* SYN-ACKs that nobody acknowledges, Linux' tcp_synack_retries. */
static void a_connection_half_open_is_waited_for(void **state)
{
	static const double times_s[] = {0.02, 1.02, 3.02, 7.02, 15.02, 31.02};

	(void)state;
	assert_true(last_second(times_s, 6) > 63);
	assert_true(last_second(times_s, 6) < 32 + 7 * 16 + 2);
}

static void nobody_makes_it_stay_for_ever(void **state)
{
	double times_s[4096];

	(void)state;
	for (unsigned i = 0; i < 4096; i++)
		times_s[i] = i;
	assert_int_equal(last_second(times_s, 4096), 1200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_nothing_comes_ten_seconds_are_enough),
		cmocka_unit_test(an_answer_on_its_way_makes_it_little_longer),
		cmocka_unit_test(
			who_sends_again_finds_the_port_guarded_to_the_end),
		cmocka_unit_test(a_connection_half_open_is_waited_for),
		cmocka_unit_test(nobody_makes_it_stay_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
