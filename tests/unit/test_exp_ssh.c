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

enum {
	OWN = 20,
	SHARED = 7,
	RUN_PORT = 50000,
	FIRST_PORT = 50001,
	SERVER_PORT = 22,
	STEPS = 100000,
	SMALL = 512,
	MSS = 1460,
};

/* Given, and kept. */
struct ssh_server_talk {
	unsigned at_once;
	bool is_grace_awaited;
	const char *banner; /* NULL: it says nothing */
	int64_t banner_ns;  /* after the client's */
	unsigned refuses_at; /* connections at once; 0: none */
	bool is_losing_large;
	int64_t grace_ns; /* 0: it waits for ever */
	unsigned shared, may_open; /* open already; 0: no limit */
	unsigned identified, most_open, opened, left_open, marked;
	unsigned large_sent, smaller_sent;
	int64_t took_ns;
	bool is_over;
};

struct line {
	bool is_open, has_spoken, is_refused;
	int64_t spoken_ns;
	uint32_t heard; /* bytes of the client without a gap */
	unsigned answers;
};

struct room {
	struct ssh_server_talk *talk;
	struct probe_context context;
	struct ssh_options options;
	struct connection run, own[OWN], shared[SHARED];
	struct line lines[OWN];
	struct tx_queue *tx_queue;
	void *memory;
	int64_t now_ns, timer_ns;
};

static void tell(struct room *room, const struct event *event)
{
	if (room->talk->is_over)
		return;
	room->context.now_ns = room->now_ns;
	room->talk->is_over = !experiment_ssh.step(
		room->memory, &room->context, event, room->tx_queue);
}

static void hear(struct room *room, unsigned line, uint16_t flags,
	const uint8_t *bytes, uint32_t count)
{
	struct connection *connection = &room->own[line];
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.source_port = SERVER_PORT,
		.target_port = connection->own_port,
		.tcp_flags = flags,
		.ttl = 60,
		.sequence = flags & TCP_SYN ? 8999 : connection->receive_next,
		.acknowledged = connection->first_sequence + 1 +
				room->lines[line].heard,
		.options = flags & TCP_SYN ? OPTION_SACK_PERMITTED | OPTION_MSS
					   : 0,
		.mss = MSS,
		.payload = bytes,
		.payload_bytes = count,
		.payload_captured = count};
	struct event event = {.kind = EVENT_PACKET,
		.packet = &packet,
		.connection = connection};

	room->now_ns += 1000000;
	connection_receive(connection, &packet, room->tx_queue);
	tell(room, &event);
}

static unsigned open_count(const struct room *room)
{
	unsigned open = 1; /* the run's own */

	for (unsigned i = 0; i < OWN; i++)
		open += room->lines[i].is_open;
	return open;
}

static void accept_one(struct room *room, unsigned line)
{
	struct ssh_server_talk *talk = room->talk;

	room->lines[line] = (struct line){.is_open = true};
	talk->opened++;
	if (open_count(room) > talk->most_open)
		talk->most_open = open_count(room);
	room->lines[line].is_refused =
		talk->refuses_at && open_count(room) > talk->refuses_at;
	hear(room, line, TCP_SYN | TCP_ACK, NULL, 0);
	if (!room->lines[line].is_refused)
		return;
	room->lines[line].is_open = false;
	hear(room, line, TCP_FIN | TCP_ACK, NULL, 0);
}

static void take_data(
	struct room *room, unsigned line, const struct probe_packet *probe)
{
	struct ssh_server_talk *talk = room->talk;
	struct line *known = &room->lines[line];
	uint32_t at = probe->sequence - room->own[line].first_sequence - 1;
	bool is_lost = talk->is_losing_large && probe->payload_bytes > SMALL;

	talk->large_sent += probe->payload_bytes > SMALL;
	talk->smaller_sent += talk->large_sent && known->heard < MSS &&
			      at > 0 && probe->payload_bytes <= SMALL &&
			      talk->is_losing_large;
	if (!is_lost && at <= known->heard &&
		at + probe->payload_bytes > known->heard)
		known->heard = at + probe->payload_bytes;
	if (!known->has_spoken) {
		known->has_spoken = true;
		known->spoken_ns = room->now_ns;
	}
	if (!is_lost && known->is_open)
		hear(room, line, TCP_ACK, NULL, 0);
}

static void send_one(struct room *room, const struct probe_packet *probe)
{
	unsigned line = (unsigned)probe->source_port - FIRST_PORT;

	room->talk->marked += probe->tos != 0;
	if (probe->source_port == RUN_PORT)
		return;
	assert_in_range(line, 0, OWN - 1);
	if (probe->tcp_flags & TCP_SYN) {
		accept_one(room, line);
	} else if (probe->tcp_flags & TCP_FIN) {
		if (room->lines[line].is_open)
			hear(room, line, TCP_FIN | TCP_ACK, NULL, 0);
		room->lines[line].is_open = false;
	} else if (probe->payload_bytes) {
		take_data(room, line, probe);
	}
}

/* What the server says when it is time: identification and algorithms, then
 * the reply to the key exchange. */
static void answer(struct room *room, unsigned line)
{
	struct ssh_server_talk *talk = room->talk;
	struct line *known = &room->lines[line];
	const struct connection *connection = &room->own[line];
	uint8_t bytes[SSH_SERVER_ROOM] = {0, 0, 0, 60, 4, 31};
	bool is_heard = connection_is_heard(connection) && known->heard > 40;

	if (!known->is_open || !known->has_spoken || !talk->banner)
		return;
	if (known->answers == 0 &&
		room->now_ns >= known->spoken_ns + talk->banner_ns) {
		known->answers++;
		talk->identified++;
		hear(room, line, TCP_ACK | TCP_PSH,
			(const uint8_t *)talk->banner,
			(uint32_t)strlen(talk->banner));
	} else if (known->answers == 1 && is_heard) {
		uint32_t count = ssh_server_says(
			bytes, "curve25519-sha256", "ssh-ed25519");

		known->answers++;
		hear(room, line, TCP_ACK | TCP_PSH, bytes + 28, count - 28);
	} else if (known->answers == 2 && is_heard) {
		known->answers++;
		hear(room, line, TCP_ACK | TCP_PSH, bytes, 64);
	}
	if (talk->grace_ns && known->is_open &&
		room->now_ns > known->spoken_ns + talk->grace_ns) {
		known->is_open = false;
		hear(room, line, TCP_FIN | TCP_ACK, NULL, 0);
	}
}

static void set_up(struct room *room)
{
	room->options = (struct ssh_options){
		.at_once = room->talk->at_once,
		.is_grace_awaited = room->talk->is_grace_awaited,
		.profile = {.list = {"curve25519-sha256", "ssh-ed25519",
				    "aes128-ctr", "hmac-sha2-256"}},
	};
	room->run = (struct connection){.state = CONNECTION_OPEN,
		.own_port = RUN_PORT,
		.has_sack = true};
	for (unsigned i = 0; i < OWN; i++)
		room->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.target_port = SERVER_PORT,
			.offered_mss = MSS,
			.is_ssh = true,
			.first_sequence = 7000,
		};
	room->context = (struct probe_context){.connection = &room->run,
		.family = 4,
		.port = SERVER_PORT,
		.ssh = &room->options,
		.own = room->own,
		.own_count = experiment_ssh.connections};
	for (unsigned i = 0; i < room->talk->shared; i++)
		room->shared[i].state = CONNECTION_OPEN;
	room->context.shared = room->shared;
	room->context.shared_count = SHARED;
	room->context.is_limited = room->talk->may_open > 0;
	room->context.may_open = room->talk->may_open;
	room->context.may_hold = 100;
	room->context.now_ns = room->now_ns = INT64_C(1000000000);
	assert_in_range(experiment_ssh.connections, 1, OWN);
}

static void send_all(struct room *room)
{
	const struct probe_packet *next;

	while ((next = tx_queue_take(room->tx_queue)) != NULL) {
		struct probe_packet probe = *next;

		send_one(room, &probe);
	}
	if (room->tx_queue->timer_ms)
		room->timer_ns = room->now_ns + room->tx_queue->timer_ms *
							INT64_C(1000000);
	room->tx_queue->timer_ms = 0;
}

/* Nothing is on its way: silences for the connections, then time passes. */
static void pass_time(struct room *room)
{
	static const struct event timer = {.kind = EVENT_TIMER},
				  timeout = {.kind = EVENT_TIMEOUT};

	for (unsigned i = 0; i < OWN; i++)
		if (connection_is_waiting(&room->own[i]))
			connection_silence(&room->own[i], room->tx_queue);
	if (room->tx_queue->count)
		return;
	tell(room, &timeout);
	if (room->timer_ns > room->now_ns)
		room->now_ns = room->timer_ns;
	tell(room, &timer);
}

static void play(struct ssh_server_talk *talk)
{
	struct room *room = calloc(1, sizeof(*room));

	assert_non_null(room);
	room->talk = talk;
	room->tx_queue = calloc(1, sizeof(*room->tx_queue));
	room->memory = calloc(1, experiment_ssh.state_bytes);
	assert_true(room->tx_queue && room->memory);
	set_up(room);
	talk->is_over = !experiment_ssh.start(
		room->memory, &room->context, room->tx_queue);
	for (unsigned i = 0; i < STEPS && !talk->is_over; i++) {
		send_all(room);
		for (unsigned j = 0; j < OWN; j++)
			answer(room, j);
		if (!room->tx_queue->count)
			pass_time(room);
	}
	talk->took_ns = room->now_ns - INT64_C(1000000000);
	send_all(room);
	talk->left_open = open_count(room) - 1;
	free(room->memory);
	free(room->tx_queue);
	free(room);
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
		cmocka_unit_test(one_is_left_until_the_server_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
