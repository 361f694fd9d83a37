#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/tcp/connection.h"

struct scene {
	struct connection connection;
	struct tx_queue *tx_queue;
};

static int enter(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->tx_queue = calloc(1, sizeof(*scene->tx_queue));
	scene->connection = (struct connection){.own_port = 50000,
		.target_port = 22,
		.first_sequence = UINT32_MAX, /* the numbers wrap at once */
		.offered_mss = 1460};
	*state = scene;
	return 0;
}

static int leave(void **state)
{
	struct scene *scene = *state;

	free(scene->tx_queue);
	free(scene);
	return 0;
}

static struct packet heard(
	uint16_t flags, uint32_t sequence, uint32_t acknowledged)
{
	return (struct packet){.kind = PACKET_TCP,
		.tcp_flags = flags,
		.sequence = sequence,
		.acknowledged = acknowledged,
		.options = OPTION_MSS | OPTION_SACK_PERMITTED,
		.mss = 1400,
		.ttl = 60};
}

static void hear(struct scene *scene, struct packet packet)
{
	connection_receive(&scene->connection, &packet, scene->tx_queue);
}

static void open_it(struct scene *scene)
{
	connection_open(&scene->connection, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->tcp_flags, TCP_SYN);
	hear(scene, heard(TCP_SYN | TCP_ACK, 7000, 0));
	assert_int_equal(scene->connection.state, CONNECTION_OPEN);
	assert_int_equal(tx_queue_take(scene->tx_queue)->tcp_flags, TCP_ACK);
}

static void say(struct scene *scene, uint32_t sequence, const char *text)
{
	struct packet packet = heard(TCP_ACK, sequence, 0);

	packet.payload = (const uint8_t *)text;
	packet.payload_bytes = packet.payload_captured =
		(uint32_t)strlen(text);
	hear(scene, packet);
	while (tx_queue_take(scene->tx_queue))
		;
}

static void a_greeting_may_come_in_segments(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	say(scene, 7001, "S");
	assert_false(scene->connection.has_greeting);
	say(scene, 7002, "SH");
	say(scene, 7001, "SSH");
	assert_false(scene->connection.has_greeting);
	say(scene, 7004, "-2.0-Lab");
	assert_true(scene->connection.has_greeting);
	assert_memory_equal(scene->connection.greeting, "SSH-", 4);
}

static void a_handshake_takes_what_the_server_offers(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	assert_int_equal(scene->connection.peer_mss, 1400);
	assert_true(scene->connection.has_sack);
	assert_int_equal(scene->connection.send_next, 0);
	assert_int_equal(scene->connection.receive_next, 7001);
}

static unsigned questions(struct scene *scene)
{
	const struct probe_packet *probe;
	unsigned count = 0;

	while ((probe = tx_queue_take(scene->tx_queue)) != NULL)
		count += probe->payload_bytes == 1;
	return count;
}

/* Each of another byte, below what was sent. */
static void whether_the_handshake_is_complete_is_asked_until_it_is(void **state)
{
	struct scene *scene = *state;
	struct packet named = heard(TCP_ACK, 7001, 0);

	scene->connection.wants_confirmation = true;
	open_it(scene);
	assert_true(connection_is_confirming(&scene->connection));
	assert_int_equal(tx_queue_take(scene->tx_queue)->sequence, UINT32_MAX);
	assert_true(connection_is_waiting(&scene->connection));
	connection_silence(&scene->connection, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->payload_bytes, 0);
	assert_int_equal(
		tx_queue_take(scene->tx_queue)->sequence, UINT32_MAX - 1);
	named.sack_count = 1;
	hear(scene, named);
	assert_false(connection_is_confirming(&scene->connection));
	assert_int_equal(questions(scene), 0);
}

static void it_is_asked_twelve_times(void **state)
{
	struct scene *scene = *state;
	unsigned asked;

	scene->connection.wants_confirmation = true;
	open_it(scene);
	asked = questions(scene);
	for (int i = 0; i < 20; i++) {
		connection_silence(&scene->connection, scene->tx_queue);
		asked += questions(scene);
	}
	assert_int_equal(asked, 12);
	assert_false(connection_is_waiting(&scene->connection));
}

/* A server that lacks the ACK, or makes no DSACKs. */
static void it_is_asked_four_times_where_plain_acks_come(void **state)
{
	struct scene *scene = *state;
	unsigned asked;

	scene->connection.wants_confirmation = true;
	open_it(scene);
	asked = questions(scene);
	for (int i = 0; i < 20; i++) {
		hear(scene, heard(TCP_ACK, 7001, 0));
		asked += questions(scene);
	}
	assert_int_equal(asked, 4);
	assert_false(connection_is_confirming(&scene->connection));
}

static void a_stranger_s_answer_opens_nothing(void **state)
{
	struct scene *scene = *state;

	connection_open(&scene->connection, scene->tx_queue);
	hear(scene, heard(TCP_SYN | TCP_ACK, 7000, 5));
	hear(scene, heard(TCP_RST | TCP_ACK, 0, 5));
	hear(scene, heard(TCP_RST, 0, 0));
	assert_int_equal(scene->connection.state, CONNECTION_OPENING);
	hear(scene, heard(TCP_RST | TCP_ACK, 0, 0));
	assert_int_equal(scene->connection.state, CONNECTION_REFUSED);
}

static void silence_is_answered_four_times(void **state)
{
	struct scene *scene = *state;
	unsigned sent = 0;

	connection_open(&scene->connection, scene->tx_queue);
	for (int i = 0; i < 10; i++)
		connection_silence(&scene->connection, scene->tx_queue);
	while (tx_queue_take(scene->tx_queue))
		sent++;
	assert_int_equal(sent, 4);
	assert_int_equal(scene->connection.state, CONNECTION_SILENT);
}

static void an_open_port_is_sent_two_more_syns(void **state)
{
	struct scene *scene = *state;
	unsigned sent = 0;

	connection_open(&scene->connection, scene->tx_queue);
	scene->connection.is_port_open = true;
	for (int i = 0; i < 10; i++)
		connection_silence(&scene->connection, scene->tx_queue);
	while (tx_queue_take(scene->tx_queue))
		sent++;
	assert_int_equal(sent, 6);
	assert_int_equal(scene->connection.state, CONNECTION_SILENT);
}

static void each_syn_is_waited_for_longer(void **state)
{
	static const int64_t ms = 1000000;
	static const int64_t waits_ms[][4] = {
		{100, 200, 400, 800},
		{300, 600, 1000, 1000},
		{1000, 1000, 1000, 1000},
		{2000, 2000, 2000, 2000},
	};
	struct scene *scene = *state;
	struct connection *connection = &scene->connection;

	open_it(scene);
	connection->tries = 4;
	assert_int_equal(connection_wait_ns(connection, 100 * ms), 100 * ms);
	for (size_t i = 0; i < sizeof(waits_ms) / sizeof(*waits_ms); i++) {
		connection_open(connection, scene->tx_queue);
		for (int try = 0; try < 4; try++) {
			assert_int_equal(connection_wait_ns(connection,
						 waits_ms[i][0] * ms),
				waits_ms[i][try] * ms);
			connection_silence(connection, scene->tx_queue);
		}
		assert_int_equal(connection->state, CONNECTION_SILENT);
	}
}

static void data_is_acknowledged_in_order_only(void **state)
{
	struct scene *scene = *state;
	struct packet data = heard(TCP_ACK | TCP_PSH, 7001, 0);
	struct packet later = heard(TCP_ACK, 9000, 0);

	open_it(scene);
	data.payload_bytes = 20;
	later.payload_bytes = 20;
	hear(scene, later);
	assert_int_equal(tx_queue_take(scene->tx_queue)->acknowledged, 7001);
	hear(scene, data);
	assert_int_equal(tx_queue_take(scene->tx_queue)->acknowledged, 7021);
	hear(scene, data);
	assert_int_equal(tx_queue_take(scene->tx_queue)->acknowledged, 7021);
}

static void what_lies_beyond_a_gap_is_said(void **state)
{
	struct scene *scene = *state;
	struct packet later = heard(TCP_ACK | TCP_FIN, 7101, 0);
	struct packet first = heard(TCP_ACK, 7001, 0);
	const struct probe_packet *answer;

	open_it(scene);
	later.payload_bytes = 50;
	first.payload_bytes = 100;
	hear(scene, later);
	answer = tx_queue_take(scene->tx_queue);
	assert_int_equal(answer->acknowledged, 7001);
	assert_int_equal(answer->sack.start, 7101);
	assert_int_equal(answer->sack.end, 7151);
	assert_true(connection_has_gap(&scene->connection));
	hear(scene, first);
	answer = tx_queue_take(scene->tx_queue);
	assert_int_equal(answer->acknowledged, 7151);
	assert_int_equal(answer->sack.start, answer->sack.end);
	assert_false(scene->connection.has_peer_closed);
}

static void who_leaves_waits_for_nothing_that_is_missing(void **state)
{
	struct scene *scene = *state;
	struct packet later = heard(TCP_ACK, 7101, 0);

	open_it(scene);
	later.payload_bytes = 50;
	hear(scene, later);
	(void)tx_queue_take(scene->tx_queue);
	connection_close(&scene->connection, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->acknowledged, 7151);
}

static void the_window_is_as_wide_as_is_allowed(void **state)
{
	struct scene *scene = *state;
	static const uint8_t words[2] = {7, 7};

	open_it(scene);
	connection_allow(&scene->connection, 0, scene->tx_queue);
	assert_null(tx_queue_take(scene->tx_queue));
	assert_true(connection_send(
		&scene->connection, words, sizeof(words), scene->tx_queue));
	assert_int_equal(tx_queue_take(scene->tx_queue)->window, 0);
	assert_int_equal(tx_queue_take(scene->tx_queue)->window, 0);
	connection_allow(&scene->connection, 1460, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->window, 1460);
}

static void only_the_exact_reset_counts(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	hear(scene, heard(TCP_RST, 7002, 0));
	hear(scene, heard(TCP_RST, 7000, 0));
	hear(scene, heard(TCP_RST | TCP_ACK, 0, 0));
	assert_int_equal(scene->connection.state, CONNECTION_OPEN);
	hear(scene, heard(TCP_RST, 7001, 0));
	assert_int_equal(scene->connection.state, CONNECTION_LOST);
}

static struct packet reset_at(int64_t ms)
{
	struct packet packet = heard(TCP_RST, 7001, 0);

	packet.time_ns = 1000000000 + ms * 1000000;
	return packet;
}

/* A device sends several for one trigger; the server's answer to the FIN comes
 * later. The connection ends once. */
static void resets_that_repeat_end_it_once(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	hear(scene, reset_at(0));
	assert_int_equal(scene->connection.state, CONNECTION_LOST);
	connection_close(&scene->connection, scene->tx_queue);
	assert_int_equal(
		tx_queue_take(scene->tx_queue)->tcp_flags, TCP_FIN | TCP_ACK);
	hear(scene, reset_at(9));
	assert_int_equal(scene->connection.state, CONNECTION_CLOSING);
	for (int i = 0; i < 2; i++) {
		hear(scene, reset_at(10 + i));
		assert_int_equal(scene->connection.state, CONNECTION_CLOSED);
		connection_close(&scene->connection, scene->tx_queue);
		assert_null(tx_queue_take(scene->tx_queue));
	}
}

static void it_closes_with_a_fin_and_takes_the_other(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	connection_close(&scene->connection, scene->tx_queue);
	const struct probe_packet *fin = tx_queue_take(scene->tx_queue);
	assert_int_equal(fin->tcp_flags, TCP_FIN | TCP_ACK);
	assert_int_equal(fin->sequence, 0);
	hear(scene, heard(TCP_ACK, 7001, 1));
	assert_int_equal(scene->connection.state, CONNECTION_CLOSING);
	hear(scene, heard(TCP_FIN | TCP_ACK, 7001, 1));
	assert_int_equal(scene->connection.state, CONNECTION_CLOSED);
	assert_int_equal(tx_queue_take(scene->tx_queue)->acknowledged, 7002);
}

static void a_fin_that_nobody_acknowledges_is_sent_five_times(void **state)
{
	struct scene *scene = *state;
	unsigned sent = 1;

	open_it(scene);
	connection_close(&scene->connection, scene->tx_queue);
	assert_non_null(tx_queue_take(scene->tx_queue));
	while (scene->connection.state == CONNECTION_CLOSING) {
		const struct probe_packet *probe;

		connection_silence(&scene->connection, scene->tx_queue);
		probe = tx_queue_take(scene->tx_queue);
		sent += probe && probe->tcp_flags == (TCP_FIN | TCP_ACK);
	}
	assert_int_equal(sent, 5);
}

/* The server has sent that much, and acknowledged our FIN. */
static void close_after(struct scene *scene, uint16_t data_bytes)
{
	struct packet data = heard(TCP_ACK, 7001, 0);

	open_it(scene);
	data.payload_bytes = data_bytes;
	if (data_bytes) {
		hear(scene, data);
		(void)tx_queue_take(scene->tx_queue);
	}
	connection_close(&scene->connection, scene->tx_queue);
	(void)tx_queue_take(scene->tx_queue);
	hear(scene, heard(TCP_ACK, 7001 + data_bytes, 1));
}

/* Its kernel has acknowledged our FIN, and its process may be slow to close. */
static void assert_awaited(struct scene *scene)
{
	for (int i = 0; i < 4; i++) {
		connection_silence(&scene->connection, scene->tx_queue);
		assert_int_equal(scene->connection.state, CONNECTION_CLOSING);
		assert_null(tx_queue_take(scene->tx_queue));
	}
	connection_silence(&scene->connection, scene->tx_queue);
	assert_int_equal(scene->connection.state, CONNECTION_CLOSED);
}

static void an_ssh_server_that_stays_open_is_left(void **state)
{
	struct scene *scene = *state;

	scene->connection.is_ssh = true;
	close_after(scene, 20);
	assert_awaited(scene);
	assert_null(tx_queue_take(scene->tx_queue));
	assert_false(scene->connection.is_aborted);
}

static void a_server_that_stays_open_is_reset(void **state)
{
	struct scene *scene = *state;
	struct packet data = heard(TCP_ACK, 7021, 1);
	const struct probe_packet *reset;

	close_after(scene, 20);
	connection_silence(&scene->connection, scene->tx_queue);
	assert_int_equal(scene->connection.state, CONNECTION_CLOSED);
	reset = tx_queue_take(scene->tx_queue);
	assert_int_equal(reset->tcp_flags, TCP_RST);
	assert_int_equal(reset->sequence, 1);
	assert_true(reset->is_duty);
	/* it was lost, or data was under way: the next one is where the server
	 * says that it is */
	data.payload_bytes = 1000;
	data.acknowledged = 0;
	hear(scene, data);
	reset = tx_queue_take(scene->tx_queue);
	assert_int_equal(reset->tcp_flags, TCP_RST);
	assert_int_equal(reset->sequence, 0);
	hear(scene, heard(TCP_RST | TCP_ACK, 7021, 1));
	assert_null(tx_queue_take(scene->tx_queue));
}

static void a_server_of_which_nothing_is_known_is_waited_for(void **state)
{
	struct scene *scene = *state;

	close_after(scene, 0);
	assert_awaited(scene);
	assert_int_equal(
		tx_queue_take(scene->tx_queue)->tcp_flags, TCP_RST);
}

static void one_that_never_stops_is_reset_at_once(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	connection_abort(&scene->connection, scene->tx_queue);
	assert_int_equal(
		tx_queue_take(scene->tx_queue)->tcp_flags, TCP_RST);
	connection_abort(&scene->connection, scene->tx_queue);
	assert_null(tx_queue_take(scene->tx_queue));
}

static void one_that_has_closed_is_not_reset(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	hear(scene, heard(TCP_FIN | TCP_ACK, 7001, 0));
	(void)tx_queue_take(scene->tx_queue);
	connection_abort(&scene->connection, scene->tx_queue);
	assert_null(tx_queue_take(scene->tx_queue));
}

static void what_is_not_open_yet_is_closed_when_it_is(void **state)
{
	struct scene *scene = *state;

	connection_open(&scene->connection, scene->tx_queue);
	(void)tx_queue_take(scene->tx_queue);
	connection_close(&scene->connection, scene->tx_queue);
	assert_int_equal(scene->connection.state, CONNECTION_OPENING);
	hear(scene, heard(TCP_SYN | TCP_ACK, 7000, 0));
	connection_close(&scene->connection, scene->tx_queue);
	assert_int_equal(scene->connection.state, CONNECTION_CLOSING);
}

static void what_nobody_wants_is_not_asked_for_again(void **state)
{
	struct scene *scene = *state;

	connection_open(&scene->connection, scene->tx_queue);
	(void)tx_queue_take(scene->tx_queue);
	connection_close(&scene->connection, scene->tx_queue);
	connection_silence(&scene->connection, scene->tx_queue);
	assert_int_equal(scene->connection.state, CONNECTION_SILENT);
	assert_null(tx_queue_take(scene->tx_queue));
}

static void a_lost_acknowledgment_is_sent_again(void **state)
{
	struct scene *scene = *state;
	struct packet named = heard(TCP_ACK, 7001, 0);

	open_it(scene);
	connection_confirm(&scene->connection, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->tcp_flags, TCP_ACK);
	named.sack_count = 1;
	hear(scene, named);
	connection_confirm(&scene->connection, scene->tx_queue);
	assert_null(tx_queue_take(scene->tx_queue));
}

static void what_is_said_is_repeated_until_it_is_acknowledged(void **state)
{
	struct scene *scene = *state;
	static const uint8_t words[600] = {7};
	const struct probe_packet *piece;

	open_it(scene);
	assert_true(connection_send(
		&scene->connection, words, sizeof(words), scene->tx_queue));
	piece = tx_queue_take(scene->tx_queue);
	assert_int_equal(piece->sequence, 0);
	assert_int_equal(piece->payload_bytes, 1);
	piece = tx_queue_take(scene->tx_queue);
	assert_int_equal(piece->sequence, 1);
	assert_int_equal(piece->payload_bytes, 512);
	piece = tx_queue_take(scene->tx_queue);
	assert_int_equal(piece->sequence, 513);
	assert_int_equal(piece->payload_bytes, 87);
	assert_ptr_equal(piece->payload, words + 513);
	assert_true(connection_is_waiting(&scene->connection));
	assert_false(
		connection_send(&scene->connection, words, 1, scene->tx_queue));
	hear(scene, heard(TCP_ACK, 7001, 513));
	connection_silence(&scene->connection, scene->tx_queue);
	assert_int_equal(tx_queue_take(scene->tx_queue)->sequence, 513);
	assert_null(tx_queue_take(scene->tx_queue));
	hear(scene, heard(TCP_ACK, 7001, 600));
	assert_true(connection_is_heard(&scene->connection));
	assert_false(connection_is_waiting(&scene->connection));
	connection_silence(&scene->connection, scene->tx_queue);
	assert_null(tx_queue_take(scene->tx_queue));
}

static void nothing_is_acknowledged_that_was_not_said(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	hear(scene, heard(TCP_ACK, 7001, 5));
	hear(scene, heard(TCP_ACK, 7001, UINT32_MAX));
	assert_int_equal(scene->connection.acknowledged, 0);
	assert_false(scene->connection.is_confirmed);
}

static void what_is_ignored_comes_again(void **state)
{
	struct scene *scene = *state;
	struct packet data = heard(TCP_ACK, 7001, 0);

	open_it(scene);
	data.payload_bytes = 1400;
	connection_ack_withhold(&scene->connection);
	hear(scene, data);
	assert_false(scene->connection.is_repeat);
	data.time_ns += 1000000; /* a duplicate made on the way */
	hear(scene, data);
	assert_false(scene->connection.is_repeat);
	data.time_ns += 200000000;
	hear(scene, data);
	assert_true(scene->connection.is_repeat);
	data.sequence += 1400; /* not from the same beginning */
	data.time_ns += 200000000;
	hear(scene, data);
	assert_false(scene->connection.is_repeat);
	assert_null(
		tx_queue_take(scene->tx_queue)); /* nothing was acknowledged */
	connection_ack_resume(&scene->connection);
	data.sequence = 7001;
	hear(scene, data);
	assert_int_equal(scene->connection.receive_next, 8401);
	assert_false(scene->connection.is_repeat);
}

static void a_window_probe_is_answered(void **state)
{
	struct scene *scene = *state;

	open_it(scene);
	connection_allow(&scene->connection, 0, scene->tx_queue);
	hear(scene, heard(TCP_ACK, 7001, 0));
	assert_null(tx_queue_take(scene->tx_queue));
	hear(scene, heard(TCP_ACK, 7000, 0));
	const struct probe_packet *answer = tx_queue_take(scene->tx_queue);
	assert_int_equal(answer->window, 0);
	assert_int_equal(answer->acknowledged, 7001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_greeting_may_come_in_segments, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_handshake_takes_what_the_server_offers, enter, leave),
		cmocka_unit_test_setup_teardown(
			whether_the_handshake_is_complete_is_asked_until_it_is,
			enter, leave),
		cmocka_unit_test_setup_teardown(
			it_is_asked_twelve_times,
			enter, leave),
		cmocka_unit_test_setup_teardown(
			it_is_asked_four_times_where_plain_acks_come,
			enter, leave),
		cmocka_unit_test_setup_teardown(
			a_stranger_s_answer_opens_nothing, enter, leave),
		cmocka_unit_test_setup_teardown(
			silence_is_answered_four_times, enter, leave),
		cmocka_unit_test_setup_teardown(
			an_open_port_is_sent_two_more_syns, enter, leave),
		cmocka_unit_test_setup_teardown(
			each_syn_is_waited_for_longer, enter, leave),
		cmocka_unit_test_setup_teardown(
			data_is_acknowledged_in_order_only, enter, leave),
		cmocka_unit_test_setup_teardown(
			what_lies_beyond_a_gap_is_said, enter, leave),
		cmocka_unit_test_setup_teardown(
			who_leaves_waits_for_nothing_that_is_missing, enter,
			leave),
		cmocka_unit_test_setup_teardown(
			the_window_is_as_wide_as_is_allowed, enter, leave),
		cmocka_unit_test_setup_teardown(
			only_the_exact_reset_counts, enter, leave),
		cmocka_unit_test_setup_teardown(
			resets_that_repeat_end_it_once, enter, leave),
		cmocka_unit_test_setup_teardown(
			it_closes_with_a_fin_and_takes_the_other, enter, leave),
		cmocka_unit_test_setup_teardown(
			an_ssh_server_that_stays_open_is_left, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_server_that_stays_open_is_reset, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_server_of_which_nothing_is_known_is_waited_for, enter,
			leave),
		cmocka_unit_test_setup_teardown(
			a_fin_that_nobody_acknowledges_is_sent_five_times,
			enter, leave),
		cmocka_unit_test_setup_teardown(
			one_that_never_stops_is_reset_at_once, enter, leave),
		cmocka_unit_test_setup_teardown(
			one_that_has_closed_is_not_reset, enter, leave),
		cmocka_unit_test_setup_teardown(
			what_is_not_open_yet_is_closed_when_it_is, enter,
			leave),
		cmocka_unit_test_setup_teardown(
			what_nobody_wants_is_not_asked_for_again, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_lost_acknowledgment_is_sent_again, enter, leave),
		cmocka_unit_test_setup_teardown(
			what_is_said_is_repeated_until_it_is_acknowledged,
			enter, leave),
		cmocka_unit_test_setup_teardown(
			nothing_is_acknowledged_that_was_not_said, enter,
			leave),
		cmocka_unit_test_setup_teardown(
			what_is_ignored_comes_again, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_window_probe_is_answered, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
