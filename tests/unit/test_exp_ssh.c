/* What the experiment ssh sends: a server that the talk simulates, with a clock
 * that it moves. No packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/experiments/registry.h"
#include "ssh_server.h"
#include "tests/support/server_talk.h"

enum {
	SHARED = 7,
	SERVER_PORT = 22,
	SMALL = 512,
};

struct line {
	bool has_spoken;
	int64_t spoken_ns;
	unsigned answers;
};

/* Given, and kept. */
struct ssh_server_talk {
	unsigned at_once;
	bool is_grace_awaited;
	const char *banner;  /* NULL: it says nothing */
	int64_t banner_ns;   /* after the client's */
	unsigned refuses_at; /* connections at once; 0: none */
	bool is_losing_large;
	int64_t grace_ns;	   /* 0: it waits for ever */
	unsigned shared, may_open; /* open already; 0: no limit */
	unsigned identified, most_open, opened, left_open, marked;
	unsigned large_sent, smaller_sent;
	int64_t took_ns;
	bool is_over;
	/* while it is played */
	struct line lines[SERVER_TALK_OWN];
	struct connection of_others[SHARED];
};

static unsigned with_run(unsigned open)
{
	return open + 1;
}

static void accepted(struct server_talk *server, unsigned line)
{
	struct ssh_server_talk *talk = server->test;

	talk->lines[line] = (struct line){.has_spoken = false};
	if (talk->refuses_at &&
		with_run(server_talk_open(server)) > talk->refuses_at)
		server_talk_close(server, line);
}

static void data(struct server_talk *server, unsigned line, uint32_t at,
	const struct probe_packet *probe)
{
	struct ssh_server_talk *talk = server->test;
	struct server_line *stream = &server->lines[line];
	struct line *known = &talk->lines[line];
	bool is_lost = talk->is_losing_large && probe->payload_bytes > SMALL;

	talk->large_sent += probe->payload_bytes > SMALL;
	talk->smaller_sent +=
		talk->large_sent && stream->heard < SERVER_TALK_MSS && at > 0 &&
		probe->payload_bytes <= SMALL && talk->is_losing_large;
	if (!is_lost && at <= stream->heard &&
		at + probe->payload_bytes > stream->heard)
		stream->heard = at + probe->payload_bytes;
	if (!known->has_spoken) {
		known->has_spoken = true;
		known->spoken_ns = server->now_ns;
	}
	if (!is_lost && stream->is_open)
		server_talk_say(server, line, TCP_ACK, NULL, 0);
}

/* What the server says when it is time: identification and algorithms, then
 * the reply to the key exchange. */
static void speak(struct server_talk *server, unsigned line)
{
	struct ssh_server_talk *talk = server->test;
	struct line *known = &talk->lines[line];
	uint8_t bytes[SSH_SERVER_ROOM] = {0, 0, 0, 60, 4, 31};
	bool is_heard = connection_is_heard(&server->own[line]) &&
			server->lines[line].heard > 40;

	if (!known->has_spoken || !talk->banner)
		return;
	if (known->answers == 0 &&
		server->now_ns >= known->spoken_ns + talk->banner_ns) {
		known->answers++;
		talk->identified++;
		server_talk_say(server, line, TCP_ACK | TCP_PSH,
			(const uint8_t *)talk->banner,
			(uint32_t)strlen(talk->banner));
	} else if (known->answers == 1 && is_heard) {
		uint32_t count = ssh_server_says(
			bytes, "curve25519-sha256", "ssh-ed25519");

		known->answers++;
		server_talk_say(server, line, TCP_ACK | TCP_PSH, bytes + 28,
			count - 28);
	} else if (known->answers == 2 && is_heard) {
		known->answers++;
		server_talk_say(server, line, TCP_ACK | TCP_PSH, bytes, 64);
	}
	if (talk->grace_ns &&
		server->now_ns > known->spoken_ns + talk->grace_ns)
		server_talk_close(server, line);
}

static void set_up(struct server_talk *server)
{
	struct ssh_server_talk *talk = server->test;

	server_talk_begin(server, SERVER_PORT);
	for (unsigned i = 0; i < SERVER_TALK_OWN; i++)
		server->own[i].is_ssh = true;
	memset(talk->of_others, 0, sizeof(talk->of_others));
	for (unsigned i = 0; i < talk->shared; i++)
		talk->of_others[i].state = CONNECTION_OPEN;
	server->context.shared = talk->of_others;
	server->context.shared_count = SHARED;
	server->context.is_limited = talk->may_open > 0;
	server->context.may_open = talk->may_open;
	server->context.may_hold = 100;
}

static void play(struct ssh_server_talk *talk)
{
	static const struct server_talk_rules rules = {
		.accepted = accepted, .data = data, .speak = speak};
	struct server_talk *server = calloc(1, sizeof(*server));
	struct ssh_options options = {
		.at_once = talk->at_once,
		.is_grace_awaited = talk->is_grace_awaited,
		.profile = {.list = {"curve25519-sha256", "ssh-ed25519",
				    "aes128-ctr", "hmac-sha2-256"}},
	};

	assert_non_null(server);
	*server = (struct server_talk){
		.experiment = &experiment_ssh, .rules = &rules, .test = talk};
	set_up(server);
	server->context.ssh = &options;
	server_talk_run(server);
	talk->is_over = server->is_over;
	talk->took_ns = server->took_ns;
	talk->opened = server->opened;
	talk->most_open = with_run(server->most_open);
	talk->left_open = server->left_open;
	talk->marked = server->marked;
	free(server);
}

static const char openssh[] = "SSH-2.0-OpenSSH_9.2p1\r\n";

static int64_t second(int64_t number)
{
	return number * 1000000000;
}

static void a_healthy_server_is_read_ten_times_at_most(void **state)
{
	struct ssh_server_talk talk = {.at_once = 8, .banner = openssh};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.identified, 9); /* and the run's own */
	assert_int_equal(talk.most_open, 8);
	assert_int_equal(talk.left_open, 0);
	assert_int_equal(talk.marked, SSH_MARKS * SSH_MARKED_TIMES);
	assert_true(talk.took_ns < second(2));
}

/* Others have left connections open, and few may be opened: those count, and
 * the two that talk stay open beside them. */
static void a_limited_run_holds_what_it_has(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 8, .banner = openssh, .shared = 4, .may_open = 2};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 2);
	assert_int_equal(talk.most_open, 3); /* the run's own, and these */
	assert_int_equal(talk.left_open, 0);
	assert_int_equal(talk.marked, SSH_MARKS * SSH_MARKED_TIMES);
	talk = (struct ssh_server_talk){
		.at_once = 8, .banner = openssh, .shared = 4, .may_open = 1};
	play(&talk);
	assert_int_equal(talk.opened, 1);
	talk = (struct ssh_server_talk){
		.at_once = 8, .banner = openssh, .shared = 5, .may_open = 20};
	play(&talk);
	assert_int_equal(talk.opened, 2); /* eight at once, with the shared */
}

static void no_more_are_opened_than_the_user_says(void **state)
{
	struct ssh_server_talk talk = {.at_once = 3, .banner = openssh};

	(void)state;
	play(&talk);
	assert_int_equal(talk.most_open, 3);
	assert_int_equal(talk.opened, 4);
	talk = (struct ssh_server_talk){.at_once = 13, .banner = openssh};
	play(&talk);
	assert_int_equal(talk.most_open, 13);
}

static void the_first_refusal_ends_it(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 8, .banner = openssh, .refuses_at = 4};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 2 + 3 + 1);
	assert_int_equal(talk.left_open, 0);
}

static void who_refuses_all_is_asked_twice(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 8, .banner = openssh, .refuses_at = 1};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 2);
	assert_int_equal(talk.marked, 0);
}

static void a_silent_server_is_waited_for(void **state)
{
	struct ssh_server_talk talk = {.at_once = 8};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 1);
	assert_in_range(talk.took_ns, second(SSH_BANNER_WAIT_S),
		second(SSH_BANNER_WAIT_S + 1));
}

static void a_slow_server_gets_no_more_connections(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 8, .banner = openssh, .banner_ns = second(5)};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 2);
}

static void large_segments_that_are_lost_are_sent_in_small_ones(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 2, .banner = openssh, .is_losing_large = true};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_in_range(talk.large_sent, 3, 5);
	assert_true(talk.smaller_sent >= 3);
	assert_int_equal(talk.left_open, 0);
}

static void dropbear_gets_five_at_once(void **state)
{
	struct ssh_server_talk talk = {
		.at_once = 8, .banner = "SSH-2.0-dropbear_2022.83\r\n"};

	(void)state;
	play(&talk);
	assert_int_equal(talk.most_open, 5);
	assert_int_equal(talk.left_open, 0);
}

static void one_is_left_until_the_server_ends_it(void **state)
{
	struct ssh_server_talk talk = {.at_once = 2,
		.banner = openssh,
		.is_grace_awaited = true,
		.grace_ns = second(120)};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_in_range(talk.took_ns, second(120), second(123));
	talk.grace_ns = 0;
	play(&talk);
	assert_in_range(talk.took_ns, second(SSH_GRACE_WAIT_S),
		second(SSH_GRACE_WAIT_S + 3));
}

/* As many are open as are polite: the run's own is waited for. */
static void the_run_s_own_is_left_where_no_other_may_be_opened(void **state)
{
	struct ssh_server_talk talk = {.at_once = 8,
		.banner = openssh,
		.shared = 5,
		.may_open = 20,
		.is_grace_awaited = true};

	(void)state;
	play(&talk);
	assert_true(talk.is_over);
	assert_int_equal(talk.opened, 2);
	assert_in_range(talk.took_ns, second(SSH_GRACE_WAIT_S),
		second(SSH_GRACE_WAIT_S + 3));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_server_is_read_ten_times_at_most),
		cmocka_unit_test(a_limited_run_holds_what_it_has),
		cmocka_unit_test(no_more_are_opened_than_the_user_says),
		cmocka_unit_test(the_first_refusal_ends_it),
		cmocka_unit_test(who_refuses_all_is_asked_twice),
		cmocka_unit_test(a_silent_server_is_waited_for),
		cmocka_unit_test(a_slow_server_gets_no_more_connections),
		cmocka_unit_test(
			large_segments_that_are_lost_are_sent_in_small_ones),
		cmocka_unit_test(dropbear_gets_five_at_once),
		cmocka_unit_test(
			the_run_s_own_is_left_where_no_other_may_be_opened),
		cmocka_unit_test(one_is_left_until_the_server_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
