#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/engine/probe_build.h"
#include "tests/support/probe_talk.h"

static struct talk measured(struct talk_path path, uint32_t interface_mtu)
{
	struct talk talk = {.path = path};

	talk_begin(&talk, 4, interface_mtu);
	assert_true(talk_run(&talk, &experiment_route));
	assert_int_equal(talk.route.distance, path.distance);
	assert_true(talk_run(&talk, &experiment_mtu));
	return talk;
}

static void every_size_is_found_to_the_byte(void **state)
{
	(void)state;
	for (uint32_t size = 1280; size < 1500; size++)
		for (int is_telling = 0; is_telling < 2; is_telling++) {
			struct talk talk =
				measured((struct talk_path){.distance = 6,
						 .hole_link = 3,
						 .hole_bytes = size,
						 .is_telling = is_telling},
					1500);

			assert_int_equal(talk.forward.path_mtu, size);
			assert_in_range(talk.sent_probe, 1, 400);
		}
}

/* A path that mends meanwhile lets large packets reach all routers, too. */
static void behind_the_last_router_the_target_is_asked_again(void **state)
{
	(void)state;
	for (unsigned distance = 1; distance <= 6; distance++) {
		struct talk talk = {
			.path = {.distance = distance,
				.hole_link = distance,
				.hole_bytes = 1400}};

		talk_begin(&talk, 4, 1500);
		assert_true(talk_run(&talk, &experiment_route));
		assert_true(talk_run(&talk, &experiment_mtu));
		assert_int_equal(talk.forward.path_mtu, 1400);
		assert_in_range(talk.dropped_since, 2, 100);
	}
}

static void jumbo_frames_are_narrowed_down(void **state)
{
	(void)state;
	for (uint32_t size = 300; size < 9000; size += 37) {
		struct talk talk = measured((struct talk_path){.distance = 4,
						    .hole_link = 2,
						    .hole_bytes = size},
			9000);

		assert_int_equal(talk.forward.path_mtu, size);
		assert_in_range(talk.sent_probe, 1, 400);
	}
}

static void a_healthy_path_takes_few_packets(void **state)
{
	(void)state;
	struct talk talk = measured((struct talk_path){.distance = 6}, 1500);

	assert_int_equal(talk.forward.path_mtu, 1500);
	assert_in_range(talk.sent_probe, 1, 60);
}

static void routers_are_asked_within_their_ration(void **state)
{
	(void)state;
	for (unsigned link = 1; link <= 6; link++) {
		struct talk talk = measured((struct talk_path){.distance = 6,
						    .hole_link = link,
						    .hole_bytes = 1400},
			1500);
		unsigned last_asked = 0;

		/* Six at once is what Linux answers; large ones that never
		 * arrive cost the routers behind the hole nothing. */
		for (unsigned hop = 1; hop < link; hop++)
			assert_in_range(talk.to_hop[hop], 1, 6);
		for (unsigned hop = link; hop < 6; hop++) {
			assert_in_range(talk.to_hop[hop], 4, 9);
			last_asked = hop;
		}
		assert_true(link == 6 || last_asked == 5);
	}
}

static void a_lying_router_does_not_mislead(void **state)
{
	(void)state;
	static const uint32_t claims[] = {1, 68, 576, 1399, 1401, 1499, 60000};

	for (unsigned i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct talk talk = measured((struct talk_path){.distance = 6,
						    .hole_link = 3,
						    .hole_bytes = 1400,
						    .is_telling = true,
						    .claim = claims[i]},
			1500);

		assert_int_equal(talk.forward.path_mtu, 1400);
	}
}

static void loss_is_not_taken_for_a_hole(void **state)
{
	(void)state;
	for (unsigned lost = 3; lost < 30; lost++) {
		struct talk talk = measured((struct talk_path){.distance = 6,
						    .hole_link = 4,
						    .hole_bytes = 1437,
						    .lost_one_in = lost},
			1500);

		assert_int_equal(talk.forward.path_mtu, 1437);
	}
}

static void a_lost_first_round_is_no_hole(void **state)
{
	(void)state;
	struct talk talk = measured(
		(struct talk_path){.distance = 6, .lost_at_first = 300}, 9000);

	assert_int_equal(talk.forward.path_mtu, 9000);
	assert_in_range(talk.sent_probe, 1, 200);
}

/* An answer for which silence was told is none to what was asked since: that
 * may not even be sent yet. */
static void late_answers_end_no_later_round(void **state)
{
	(void)state;
	for (unsigned late = 1; late < 8; late++) {
		struct talk talk = measured((struct talk_path){.distance = 6,
						    .back_bytes = 1372,
						    .late_rounds = late},
			1500);

		assert_int_equal(talk.forward.path_mtu, 1500);
		assert_int_equal(talk.forward.echo_limit, 1372);
	}
	struct talk talk = measured((struct talk_path){.distance = 6,
					    .hole_link = 3,
					    .hole_bytes = 1437,
					    .late_rounds = 4},
		1500);

	assert_int_equal(talk.forward.path_mtu, 1437);
	for (unsigned hop = 1; hop < 6; hop++)
		assert_in_range(talk.to_hop[hop], 3, 20);
}

static void without_a_connection_echo_measures(void **state)
{
	(void)state;
	struct talk talk = {
		.path = {.distance = 6, .hole_link = 3, .hole_bytes = 1333}};

	talk_begin(&talk, 4, 1500);
	talk.connection.state = CONNECTION_REFUSED;
	assert_true(talk_run(&talk, &experiment_route));
	assert_true(talk_run(&talk, &experiment_mtu));
	assert_int_equal(talk.forward.path_mtu, 1333);
}

static void without_dsack_echo_measures(void **state)
{
	(void)state;
	struct talk talk = measured((struct talk_path){.distance = 6,
					    .hole_link = 3,
					    .hole_bytes = 1400,
					    .has_no_dsack = true},
		1500);

	assert_int_equal(talk.forward.path_mtu, 1400);
	assert_int_equal(talk.forward.limit, 1400);
}

static void silence_to_everything_ends(void **state)
{
	(void)state;
	struct talk talk = {.path = {.distance = 60,
				    .has_no_echo = true,
				    .has_no_udp = true,
				    .lost_one_in = 1}};

	talk_begin(&talk, 4, 1500);
	talk.connection.state = CONNECTION_SILENT;
	assert_true(talk_run(&talk, &experiment_route));
	assert_true(talk_run(&talk, &experiment_mtu));
	assert_int_equal(talk.forward.path_mtu, 0);
	assert_in_range(talk.sent_probe, 1, 400);
}

static void old_data_is_never_new(void **state)
{
	(void)state;
	struct talk talk = {.path = {.distance = 6}};
	struct tx_queue *tx_queue = calloc(1, sizeof(*tx_queue));

	talk_begin(&talk, 4, 9000);
	/* The server has everything below send_next: no segment may reach
	 * beyond it, and no two may be alike. */
	for (uint32_t i = 0; i < 5000; i++) {
		const struct probe_packet *probe = probe_build(
			&talk.context, METHOD_TCP, 48 + i % 8900, 64, tx_queue);
		uint32_t end;

		assert_non_null(probe);
		end = probe->sequence + probe->ip_bytes - 40;
		assert_true((int32_t)(talk.connection.send_next - end) >= 0);
		assert_true((int32_t)(talk.connection.send_next - end) < 2048);
		assert_int_equal(probe->tcp_flags, TCP_ACK);
		(void)tx_queue_take(tx_queue);
	}
	free(tx_queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_is_found_to_the_byte),
		cmocka_unit_test(
			behind_the_last_router_the_target_is_asked_again),
		cmocka_unit_test(jumbo_frames_are_narrowed_down),
		cmocka_unit_test(a_healthy_path_takes_few_packets),
		cmocka_unit_test(routers_are_asked_within_their_ration),
		cmocka_unit_test(a_lying_router_does_not_mislead),
		cmocka_unit_test(loss_is_not_taken_for_a_hole),
		cmocka_unit_test(a_lost_first_round_is_no_hole),
		cmocka_unit_test(late_answers_end_no_later_round),
		cmocka_unit_test(without_a_connection_echo_measures),
		cmocka_unit_test(without_dsack_echo_measures),
		cmocka_unit_test(silence_to_everything_ends),
		cmocka_unit_test(old_data_is_never_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
