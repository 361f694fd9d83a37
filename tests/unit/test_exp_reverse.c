#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/tcp/app_stimulus.h"
#include "reverse_talk.h"
#include "ssh_server.h"

enum {
	HEAD = 1129, /* as Debian's sshd says them to a stranger */
	REST = 1248,
	SURE = 3,
	SLOW_MS = 220, /* slower, and the rest comes when nobody listens */
};

static const uint32_t usual_sizes[] = {1400, 1420, 1450, 1480};

enum { USUAL = sizeof(usual_sizes) / sizeof(usual_sizes[0]) };

static struct reverse_talk measured(
	struct talk_server server, uint32_t forward_limit)
{
	struct reverse_talk talk = {.server = server};

	assert_true(talk_measure(&talk, forward_limit));
	return talk;
}

static struct talk_server behind_a_hole(int think_ms, uint32_t passes_bytes)
{
	struct app_stimulus stimulus;

	app_stimulus_begin(&stimulus, APP_STIMULUS_HTTP);
	return (struct talk_server){.port = 80,
		.words_bytes = stimulus.used,
		.head_bytes = HEAD,
		.rest_bytes = REST,
		.head_ms = 1,
		.rest_ms = think_ms,
		.passes_bytes = passes_bytes};
}

static struct reverse_talk assert_found(
	struct talk_server server, uint32_t forward_limit)
{
	struct reverse_talk talk = measured(server, forward_limit);
	uint32_t size = server.passes_bytes;

	if (talk.largest != size || talk.least_lost != size + 1 ||
		talk.lost_count < SURE)
		print_message("%d ms, %u: %u came back, %u did not, %u times\n",
			server.rest_ms, size, talk.largest, talk.least_lost,
			talk.lost_count);
	assert_int_equal(talk.largest, size);
	assert_int_equal(talk.least_lost, size + 1);
	assert_in_range(talk.lost_count, SURE, TALK_LINES);
	return talk;
}

/* On even and on odd ports. */
static struct reverse_talk assert_exact(
	struct talk_server server, uint32_t forward_limit)
{
	struct reverse_talk talk = assert_found(server, forward_limit);
	uint32_t size = server.passes_bytes;

	for (unsigned parity = 0; parity < 2; parity++) {
		assert_int_equal(talk.largest_on[parity], size);
		assert_int_equal(talk.least_lost_on[parity], size + 1);
	}
	return talk;
}

static void usual_sizes_are_found_to_the_byte_behind_slow_servers(void **state)
{
	(void)state;
	for (unsigned i = 0; i < USUAL; i++)
		for (int ms = 2; ms <= SLOW_MS; ms++)
			assert_exact(behind_a_hole(ms, usual_sizes[i]), 0);
}

/* Other work beside it may make any round of connections slow. */
static void sizes_that_were_tried_too_early_are_tried_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < USUAL; i++)
		for (unsigned line = 1; line < 9; line++)
			for (int ms = 51; ms <= SLOW_MS / 2; ms++) {
				struct talk_server server =
					behind_a_hole(10, usual_sizes[i]);

				server.slow_line = line;
				server.slow_count = 4;
				server.slow_times = (ms + 9) / 10;
				assert_exact(server, 0);
			}
}

static void a_limit_of_the_way_there_is_tried_behind_slow_servers(void **state)
{
	(void)state;
	for (uint32_t size = 1290; size < 1500; size += 11)
		for (int ms = 2; ms <= SLOW_MS; ms += 3)
			assert_exact(behind_a_hole(ms, size), size);
}

/* More passes than on the way there, or less. */
static void a_limit_of_echo_is_tried_too(void **state)
{
	(void)state;
	for (uint32_t size = 1401; size < 1500; size++) {
		struct talk_server server = behind_a_hole(10, size);

		server.echo_limit = size;
		assert_exact(server, 1400);
		if (size < 1490)
			assert_exact(server, 1491);
		for (; server.echo_ms < 1000; server.echo_ms += 10)
			assert_exact(server, 0);
	}
}

static void any_size_is_found_on_few_connections(void **state)
{
	enum { MOST = TALK_LINES - 1 };

	(void)state;
	for (uint32_t size = 1290; size < 1500; size++)
		assert_in_range(
			assert_exact(behind_a_hole(10, size), 0).opened, 1,
			MOST);
}

static void a_server_that_becomes_slow_is_given_more_time(void **state)
{
	(void)state;
	for (unsigned line = 1; line < TALK_LINES; line++)
		for (int times = 6; times < 20; times++) {
			struct talk_server server = behind_a_hole(10, 1420);

			server.slow_line = line;
			server.slow_count = TALK_LINES;
			server.slow_times = times;
			assert_exact(server, 0);
			assert_exact(server, 1420);
		}
}

/* The first segment has to come twice, alone. */
static void sizes_are_found_where_no_checksums_are_made(void **state)
{
	(void)state;
	for (uint32_t size = 1290; size < 1500; size += 11)
		for (int ms = 2; ms <= SLOW_MS; ms += 3) {
			struct talk_server server = behind_a_hole(ms, size);

			server.is_unsummed = true;
			assert_exact(server, size);
		}
}

/* Where the first is lost nothing new is sent once it has been sent again: the
 * wide window has to be open by then, whatever the others wait for. */
static void a_slow_connection_holds_no_other_up(void **state)
{
	(void)state;
	for (unsigned line = 1; line < 6; line++)
		for (unsigned count = 1; count < 10; count++)
			for (int times = 6; times < 20; times++) {
				struct talk_server server =
					behind_a_hole(10, 1301);

				server.is_unsummed = true;
				server.slow_line = line;
				server.slow_count = count;
				server.slow_times = times;
				assert_exact(server, 1301);
			}
}

/* It greets and offers algorithms unasked, and answers the key exchange. */
static struct talk_server sshd(
	int greet_ms, int think_ms, uint32_t passes_bytes)
{
	static uint8_t greeting[SSH_SERVER_ROOM];
	struct talk_server server = {.port = 22,
		.greeting = greeting,
		.head_bytes = ssh_server_says(
			greeting, "curve25519-sha256", "ssh-ed25519"),
		.head_ms = greet_ms,
		.rest_ms = think_ms,
		.passes_bytes = passes_bytes};
	struct app_stimulus stimulus;

	app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
	server.words_bytes = stimulus.used;
	assert_int_equal(
		ssh_kex_client_step(&stimulus, greeting, server.head_bytes),
		APP_STIMULUS_READY);
	server.words_bytes = stimulus.used;
	server.rest_bytes = HEAD + REST - server.head_bytes;
	return server;
}

static void sshd_is_waited_for_however_late_it_greets(void **state)
{
	(void)state;
	for (int greet_ms = 1; greet_ms < 1400; greet_ms += 7)
		assert_exact(sshd(greet_ms, 10, 1420), 0);
	for (int think_ms = 1; think_ms < 300; think_ms++)
		(void)assert_found(sshd(20, think_ms, 1420), 0);
	/* later, the few connections do not do for ports of both parities */
	for (int think_ms = 1; think_ms < 128; think_ms++)
		assert_exact(sshd(20, think_ms, 1420), 0);
}

/* Routers and load balancers choose by ports. */
static void assert_compared(struct talk_server server)
{
	enum { LIKELY = 2 }; /* no loss explains so many */
	struct reverse_talk talk = measured(server, 0);
	uint32_t least = server.passes_bytes < server.even_passes_bytes
				 ? server.passes_bytes
				 : server.even_passes_bytes;

	if (talk.least_lost > talk.largest || talk.lost_count < LIKELY)
		print_message("%d ms, %u or %u, slow %u: %u came back, %u did "
			      "not, %u times\n",
			server.rest_ms, server.passes_bytes,
			server.even_passes_bytes, server.slow_line,
			talk.largest, talk.least_lost, talk.lost_count);
	assert_in_range(talk.least_lost, least + 1, talk.largest);
	assert_in_range(talk.lost_count, LIKELY, TALK_LINES);
}

static void assert_both_compared(
	struct talk_server server, uint32_t one, uint32_t other)
{
	server.passes_bytes = one;
	server.even_passes_bytes = other;
	assert_compared(server);
	server.passes_bytes = other;
	server.even_passes_bytes = one;
	assert_compared(server);
}

static void connections_that_differ_are_compared(void **state)
{
	(void)state;
	for (int ms = 2; ms <= SLOW_MS; ms++)
		assert_both_compared(behind_a_hole(ms, 1500), 1500, 1400);
	for (unsigned line = 1; line < 9; line++)
		for (int times = 6; times <= SLOW_MS / 20; times++) {
			struct talk_server server = behind_a_hole(10, 1500);

			server.slow_line = line;
			server.slow_count = 4;
			server.slow_times = times;
			assert_both_compared(server, 1500, 1400);
		}
}

/* Both lose the interface's MTU, at first sight for the same reason. */
static void limits_that_differ_are_compared(void **state)
{
	(void)state;
	for (int ms = 2; ms <= SLOW_MS; ms++)
		assert_both_compared(behind_a_hole(ms, 1500), 1460, 1400);
	for (uint32_t one = 1300; one < 1500; one += 7)
		for (uint32_t other = 1300; other < one; other++)
			assert_both_compared(
				behind_a_hole(10, 1500), one, other);
}

static void what_comes_back_whole_is_seen_behind_slow_servers(void **state)
{
	(void)state;
	for (int ms = 2; ms <= SLOW_MS; ms++) {
		struct reverse_talk talk = measured(behind_a_hole(ms, 1500), 0);

		assert_int_equal(talk.largest, 1500);
		assert_int_equal(talk.lost_count, 0);
	}
}

static void who_has_few_words_is_not_waited_for_long(void **state)
{
	(void)state;
	struct talk_server server = behind_a_hole(1000, 1500);

	server.head_bytes = 100;
	server.rest_bytes = 0;
	assert_in_range(measured(server, 0).now_ms, 1, 500);
	server.rest_bytes = 200;
	for (server.rest_ms = 2; server.rest_ms <= SLOW_MS; server.rest_ms++)
		assert_in_range(measured(server, 0).now_ms, 1, 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			usual_sizes_are_found_to_the_byte_behind_slow_servers),
		cmocka_unit_test(
			sizes_that_were_tried_too_early_are_tried_again),
		cmocka_unit_test(
			a_limit_of_the_way_there_is_tried_behind_slow_servers),
		cmocka_unit_test(a_limit_of_echo_is_tried_too),
		cmocka_unit_test(any_size_is_found_on_few_connections),
		cmocka_unit_test(a_server_that_becomes_slow_is_given_more_time),
		cmocka_unit_test(sizes_are_found_where_no_checksums_are_made),
		cmocka_unit_test(a_slow_connection_holds_no_other_up),
		cmocka_unit_test(sshd_is_waited_for_however_late_it_greets),
		cmocka_unit_test(connections_that_differ_are_compared),
		cmocka_unit_test(limits_that_differ_are_compared),
		cmocka_unit_test(
			what_comes_back_whole_is_seen_behind_slow_servers),
		cmocka_unit_test(who_has_few_words_is_not_waited_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
