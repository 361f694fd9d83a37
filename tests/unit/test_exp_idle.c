/* Which connections the experiment idle leaves idle and asks, and what it comes
 * to know: every hop, time-outs up to minutes, servers of all kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/idle_talk.h"

enum { DISTANCE = 6, PERCENT = 5 };

static struct idle_talk talk_with(unsigned hop, double seconds)
{
	return (struct idle_talk){.distance = DISTANCE,
		.devices = {{.hop = hop, .lasts_ns = (int64_t)(seconds * 1e9)}},
		.idle = {.max_s = 360, .precision_percent = PERCENT}};
}

static double periods(const struct idle_talk *talk)
{
	return (double)(talk->now_ns - talk->began_ns) /
	       (double)talk->devices[0].lasts_ns;
}

/* The time-out is between the bounds, and the device at its hop. */
static void check_found(const struct idle_talk *talk)
{
	const struct idle_state *state = &talk->state;
	const struct idle_device *device = &talk->devices[0];

	assert_true(talk->is_over);
	assert_true(state->survived_ns <= device->lasts_ns);
	assert_true(state->died_ns >= device->lasts_ns);
	assert_false(
		idle_plan_is_wide(state->survived_ns, state->died_ns, PERCENT));
	assert_int_equal(state->hop_died, device->hop - 1);
	assert_int_equal(state->hop_lived, device->hop);
}

static void every_hop_is_found_in_about_one_time_out(void **state)
{
	static const double seconds[] = {4, 7.3, 12, 29, 60, 118, 240, 350};

	(void)state;
	for (unsigned hop = 1; hop < DISTANCE; hop++)
		for (unsigned i = 0; i < sizeof(seconds) / sizeof(seconds[0]);
			i++)
			for (unsigned how = 0; how < 3; how++) {
				struct idle_talk talk =
					talk_with(hop, seconds[i]);

				talk.devices[0].is_resetting = how == 1;
				talk.devices[0].is_mixing_up = how == 2;
				idle_talk_run(&talk);
				check_found(&talk);
				assert_true(periods(&talk) <
					    1.12 + 2 / seconds[i]);
				assert_true(talk.sent < 1200);
			}
}

/* By chance a NAT gives one its own port again, which lives, then: the other
 * one of that hop does not. */
static void one_that_got_its_own_port_again_shows_no_hop(void **state)
{
	(void)state;
	for (unsigned hop = 2; hop < DISTANCE; hop++) {
		struct idle_talk talk = talk_with(hop, 20);

		talk.devices[0].is_mixing_up = true;
		talk.devices[0].spared = hop - 1;
		idle_talk_run(&talk);
		assert_true(talk.is_over);
		assert_int_equal(talk.state.hop_lived, hop - 1);
		assert_int_equal(talk.state.hop_died, hop - 1);
	}
}

static void the_device_may_be_the_target(void **state)
{
	struct idle_talk talk = talk_with(DISTANCE, 20);

	(void)state;
	idle_talk_run(&talk);
	check_found(&talk);
}

static void sshd_gets_few_connections_at_once(void **state)
{
	static const double seconds[] = {4, 5, 9, 15, 20, 30};

	(void)state;
	for (unsigned hop = 1; hop < DISTANCE; hop++)
		for (unsigned i = 0; i < sizeof(seconds) / sizeof(seconds[0]);
			i++) {
			struct idle_talk talk = talk_with(hop, seconds[i]);

			talk.is_ssh = true;
			talk.closes_ns = INT64_C(120000000000);
			idle_talk_run(&talk);
			check_found(&talk);
			assert_true(talk.most_open <= IDLE_SSH_CONNECTIONS);
			assert_true(periods(&talk) < 2.6 + 3.1 / seconds[i]);
			assert_int_equal(talk.closed, 0);
		}
}

static void long_paths_take_another_round(void **state)
{
	(void)state;
	for (unsigned hop = 1; hop < 25; hop += 5) {
		struct idle_talk talk = talk_with(hop, 30);

		talk.distance = 25;
		idle_talk_run(&talk);
		check_found(&talk);
	}
}

/* An ACK of the connection's own that left after the server's last packet. */
static void a_rest_begins_with_the_last_packet_either_way(void **state)
{
	static const enum idle_stage stages[] = {
		IDLE_RESTING, IDLE_ALIVE, IDLE_ASKED};
	struct probe_context context = {.now_ns = 1100};
	struct connection connection = {
		.state = CONNECTION_OPEN, .sent_ns = 1070};
	struct tx_queue tx_queue = {0};

	(void)state;
	for (unsigned i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		struct idle_line line = {.connection = &connection,
			.stage = stages[i],
			.since_ns = 1000,
			.due_ns = 5000};

		idle_line_act(&line, &context, &tx_queue);
		assert_int_equal(line.since_ns,
			stages[i] == IDLE_ASKED ? 1000 : 1070);
		line.since_ns = 1080;
		idle_line_act(&line, &context, &tx_queue);
		assert_int_equal(line.since_ns, 1080);
	}
	assert_int_equal(tx_queue.count, 0);
}

static void what_survives_is_closed(void **state)
{
	struct idle_talk talk = talk_with(0, 1);

	(void)state;
	talk.idle.max_s = 120;
	idle_talk_run(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.state.died_ns, 0);
	assert_true(talk.state.survived_ns >= INT64_C(120000000000));
	assert_true(talk.now_ns < INT64_C(140000000000));
	assert_int_equal(talk.left_open, 0);
}

/* Those that were idle for longer than the time-out when it was found. */
static void few_connections_are_left(void **state)
{
	struct idle_talk talk = talk_with(2, 60);

	(void)state;
	idle_talk_run(&talk);
	assert_in_range(talk.left_open, 2, 9);
}

static void the_server_closes_first(void **state)
{
	struct idle_talk talk = talk_with(2, 300);

	(void)state;
	talk.closes_ns = INT64_C(60000000000);
	idle_talk_run(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.state.died_ns, 0);
	assert_true(talk.state.survived_ns > INT64_C(45000000000));
	assert_true(talk.now_ns < INT64_C(70000000000));
}

static void a_longer_one_behind_does_not_matter(void **state)
{
	struct idle_talk talk = talk_with(2, 10);

	(void)state;
	talk.devices[1] = (struct idle_device){
		.hop = 4, .lasts_ns = INT64_C(14000000000)};
	idle_talk_run(&talk);
	check_found(&talk);
}

static void lost_questions_are_asked_again(void **state)
{
	struct idle_talk talk = talk_with(3, 20);

	(void)state;
	talk.lost_one_in = 13;
	idle_talk_run(&talk);
	assert_true(talk.is_over);
	assert_true(talk.state.survived_ns <= talk.devices[0].lasts_ns);
	assert_true(talk.state.died_ns >= talk.devices[0].lasts_ns);
}

static void a_short_outage_is_no_death(void **state)
{
	struct idle_talk talk = talk_with(0, 1);

	(void)state;
	talk.idle.max_s = 20;
	talk.gone_ns = INT64_C(11000000000);
	talk.back_ns = INT64_C(12100000000);
	idle_talk_run(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.state.died_ns, 0);
	assert_true(talk.state.survived_ns >= INT64_C(20000000000));
}

static void a_keepalive_is_proved_for_longer_than_the_time_out(void **state)
{
	struct idle_talk talk = talk_with(3, 30), without = talk;

	(void)state;
	talk.idle.is_verified = true;
	idle_talk_run(&talk);
	idle_talk_run(&without);
	check_found(&talk);
	assert_true(talk.now_ns - without.now_ns > INT64_C(45000000000));
	assert_true(talk.now_ns - without.now_ns < INT64_C(60000000000));
}

/* Also where all others are idle for too long, or dead. */
static void there_is_a_connection_for_the_proof(void **state)
{
	static const double seconds[] = {3, 4, 7.3, 12, 29, 60, 118};

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof(seconds) / sizeof(seconds[0]); i++)
		for (unsigned hop = 1; hop < DISTANCE; hop++) {
			struct idle_talk talk = talk_with(hop, seconds[i / 2]);

			talk.idle.is_verified = true;
			talk.is_ssh = i % 2 && seconds[i / 2] < 30;
			talk.lost_one_in = i % 3 ? 0 : 20;
			idle_talk_run(&talk);
			assert_true(talk.is_over);
assert_int_not_equal(talk.state.proofs_begun, 0);
			if (talk.is_ssh)
				assert_true(talk.most_open <=
					    IDLE_SSH_CONNECTIONS);
		}
}

static void precision_costs_rounds(void **state)
{
	struct idle_talk talk = talk_with(3, 100);

	(void)state;
	talk.idle.precision_percent = 1;
	idle_talk_run(&talk);
	check_found(&talk);
	assert_false(idle_plan_is_wide(
		talk.state.survived_ns, talk.state.died_ns, 1));
	assert_true(periods(&talk) < 2.4);
}

static void a_step_over_a_known_time_out_ends_behind_it(void **state)
{
	const struct idle_grid grid = {.first_ns = 1000000000,
		.most_ns = INT64_C(360000000000),
		.factor = 10,
		.lines = 48};
	bool is_there = false;

	(void)state;
	for (unsigned i = 1; !idle_grid_is_past(&grid, i); i++) {
		int64_t span_ns = idle_grid_span_ns(&grid, i);

		assert_true(span_ns >= idle_grid_span_ns(&grid, i - 1));
		is_there = is_there || (span_ns > INT64_C(350000000000) &&
					       span_ns < INT64_C(354000000000));
	}
	assert_true(is_there);
	assert_int_equal(idle_grid_span_ns(&grid, 1000), grid.most_ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hop_is_found_in_about_one_time_out),
		cmocka_unit_test(one_that_got_its_own_port_again_shows_no_hop),
		cmocka_unit_test(the_device_may_be_the_target),
		cmocka_unit_test(sshd_gets_few_connections_at_once),
		cmocka_unit_test(long_paths_take_another_round),
		cmocka_unit_test(a_rest_begins_with_the_last_packet_either_way),
		cmocka_unit_test(what_survives_is_closed),
		cmocka_unit_test(few_connections_are_left),
		cmocka_unit_test(the_server_closes_first),
		cmocka_unit_test(a_longer_one_behind_does_not_matter),
		cmocka_unit_test(lost_questions_are_asked_again),
		cmocka_unit_test(a_short_outage_is_no_death),
		cmocka_unit_test(
			a_keepalive_is_proved_for_longer_than_the_time_out),
		cmocka_unit_test(there_is_a_connection_for_the_proof),
		cmocka_unit_test(precision_costs_rounds),
		cmocka_unit_test(a_step_over_a_known_time_out_ends_behind_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
