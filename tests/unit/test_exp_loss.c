#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/probe_talk.h"

enum { MEASURED = 120 };

static unsigned sent_probe(
	struct talk_path path, enum connection_state state, bool is_confirmed)
{
	struct talk talk = {.path = path};

	talk.path.distance = 4;
	talk_begin(&talk, 4, 1500);
	talk.connection.state = state;
	talk.connection.is_confirmed = is_confirmed;
	assert_true(talk_run(&talk, &experiment_loss));
	return talk.sent_probe;
}

static void what_is_heard_is_measured_at_once(void **state)
{
	(void)state;
	assert_int_equal(
		sent_probe((struct talk_path){0}, CONNECTION_OPEN, true),
		MEASURED);
}

/* Echo is answered whatever the server has. */
static void a_server_that_may_lack_our_ack_is_measured_by_echo(void **state)
{
	struct talk talk = {.path = {.distance = 4, .deaf_rounds = 1000}};

	(void)state;
	talk_begin(&talk, 4, 1500);
	assert_true(talk_run(&talk, &experiment_loss));
	assert_int_equal(talk.sent_probe, MEASURED);
	assert_int_equal(talk.probes[0].kind, PROBE_PACKET_ECHO);
}

/* Nothing of hop 3 is known. */
static struct talk lossy(unsigned silent_hop)
{
	struct talk talk = {.path = {.distance = 4,
				    .silent_hop = silent_hop,
				    .lost_one_in = 4}};

	talk_begin(&talk, 4, 1500);
	talk.connection.is_confirmed = true;
	talk.route.distance = 4;
	talk.route.answering_hops = 3;
	talk.context.is_alone = true;
	assert_true(talk_run(&talk, &experiment_loss));
	return talk;
}

static void a_hop_that_the_route_missed_is_asked_all_the_same(void **state)
{
	(void)state;
	struct talk talk = lossy(0);

	assert_in_range(talk.to_hop[1], 30, 60);
	assert_int_equal(talk.to_hop[3], talk.to_hop[1]);
}

static void a_hop_that_never_answers_is_given_up(void **state)
{
	(void)state;
	struct talk talk = lossy(3);

	assert_in_range(talk.to_hop[1], 30, 60);
	assert_int_equal(talk.to_hop[3], 8);
}

static void without_a_connection_there_is_nothing_to_wait_for(void **state)
{
	(void)state;
	assert_int_equal(
		sent_probe((struct talk_path){0}, CONNECTION_REFUSED, false),
		MEASURED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_heard_is_measured_at_once),
		cmocka_unit_test(
			a_server_that_may_lack_our_ack_is_measured_by_echo),
		cmocka_unit_test(
			a_hop_that_the_route_missed_is_asked_all_the_same),
		cmocka_unit_test(a_hop_that_never_answers_is_given_up),
		cmocka_unit_test(
			without_a_connection_there_is_nothing_to_wait_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
