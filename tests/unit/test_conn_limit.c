/* How many connections a server has at once, and which SYNs wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/engine/runner_state.h"

enum {
	OWN = 12,
	ROUND_TRIP_MS = 20,
	LATE_MS = 150, /* the server's FIN after ours, beside the way */
	NEVER_MS = 100000,
	COPY_MS = 10, /* a reset so soon may be a copy of the last one */
	FIRST_PORT = 40000,
	SHUT_AT = 5000, /* the server's sequence numbers */
	MS = 1000000,
};

static const struct experiment opener = {
	.id = EXPERIMENT_REVERSE,
	.connections = OWN,
	.provides = RESULT_COUNT,
};

/* A runner, whose packets reach a server that keeps a connection until it sends
 * its FIN. */
struct world {
	struct runner *runner;
	int64_t now_ns;
	int64_t fin_ns[OWN + 1]; /* when the server's FIN comes; 0: never */
	bool has_begun[OWN + 1], is_shut[OWN + 1];
	bool is_far; /* its SYN-ACKs do not come yet */
	int64_t late_ms;
	unsigned held, most; /* with the server */
};

static void set_up(struct world *world, uint16_t port, int64_t late_ms)
{
	static const struct route way = {.interface_mtu = 1500};
	struct runner *runner = calloc(1, sizeof(*runner));

	assert_non_null(runner);
	*world = (struct world){.runner = runner,
		.now_ns = MS,
		.late_ms = late_ms,
		.held = 1,
		.most = 1};
	world->has_begun[0] = true;
	runner->options = (struct runner_options){.route = &way,
		.family = 4,
		.port = port,
		.experiments = {&opener},
		.experiment_count = 1};
	runner->running[0].experiment = &opener;
	conn_slots_plan(runner);
	assert_int_equal(runner->slot_count, OWN + 1);
	for (unsigned i = 0; i < runner->slot_count; i++)
		runner->slots[i].guard.port = (uint16_t)(FIRST_PORT + i);
	conn_slots_set_up(runner, 1);
	rto_take(&runner->rto, ROUND_TRIP_MS * MS);
	runner->slots[0].since_ns = world->now_ns;
	runner->connections[0].state = CONNECTION_OPEN;
}

static void open_some(struct world *world, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++)
		connection_open(&world->runner->connections[i],
			&world->runner->running[0].tx_queue);
}

static void close_some(struct world *world, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++)
		connection_close(&world->runner->connections[i],
			&world->runner->running[0].tx_queue);
}

static void hear(struct world *world, unsigned slot, uint8_t flags)
{
	struct connection *connection = &world->runner->connections[slot];
	const struct packet packet = {.kind = PACKET_TCP,
		.tcp_flags = flags,
		.sequence = flags & TCP_SYN ? SHUT_AT - 1 : SHUT_AT,
		.acknowledged = connection->send_next,
		.options = OPTION_SACK_PERMITTED,
		.time_ns = world->now_ns};

	connection_receive(
		connection, &packet, &world->runner->running[0].tx_queue);
}

/* The server has the SYN at once, which is the worst. */
static void arrive(struct world *world, const struct probe_packet *probe)
{
	unsigned slot = (unsigned)(probe->source_port - FIRST_PORT);

	world->runner->slots[slot].since_ns = world->now_ns;
	if (probe->tcp_flags & TCP_SYN) {
		world->held += !world->has_begun[slot];
		world->has_begun[slot] = true;
		if (world->held > world->most)
			world->most = world->held;
		if (!world->is_far)
			hear(world, slot, TCP_SYN | TCP_ACK);
	} else if (probe->tcp_flags & TCP_FIN && !world->fin_ns[slot]) {
		hear(world, slot, TCP_ACK);
		world->fin_ns[slot] =
			world->now_ns + (ROUND_TRIP_MS + world->late_ms) * MS;
	}
}

static void server_closes(struct world *world)
{
	for (unsigned i = 0; i <= OWN; i++) {
		if (world->is_shut[i] || !world->fin_ns[i] ||
			world->fin_ns[i] > world->now_ns)
			continue;
		world->is_shut[i] = true;
		world->held--;
		hear(world, i, TCP_FIN | TCP_ACK);
	}
}

/* What is sent, and heard, in some milliseconds. */
static void pass(struct world *world, unsigned ms)
{
	for (unsigned i = 0; i < ms; i++, world->now_ns += MS) {
		server_closes(world);
		(void)conn_slots_timeouts(world->runner, world->now_ns);
		while (runner_has_probe(world->runner))
			arrive(world,
				tx_queue_take(
					&world->runner->running[0].tx_queue));
	}
}

static unsigned begun(const struct world *world)
{
	unsigned count = 0;

	for (unsigned i = 0; i <= OWN; i++)
		count += world->has_begun[i];
	return count;
}

/* Three that are closed, and seven that are opened in the same instant. */
static void three_then_seven(struct world *world)
{
	open_some(world, 1, 3);
	pass(world, 1);
	assert_int_equal(begun(world), 4);
	close_some(world, 1, 3);
	open_some(world, 4, 7);
	pass(world, 1);
}

static void no_more_than_eight_are_held_by_a_server_slow_to_close(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	three_then_seven(&world);
	assert_int_equal(begun(&world), 4 + 4);
	/* What waits makes nobody busy. */
	assert_false(runner_has_probe(world.runner));
	pass(&world, ROUND_TRIP_MS + LATE_MS);
	assert_int_equal(begun(&world), 4 + 7);
	assert_int_equal(world.most, SSH_USUAL_AT_ONCE);
	free(world.runner);
}

static void a_server_that_never_closes_is_not_waited_for_long(void **state)
{
	struct world world;
	int64_t wait_ns;

	(void)state;
	set_up(&world, 22, NEVER_MS);
	wait_ns = 5 * rto_ns(&world.runner->rto);
	three_then_seven(&world);
	pass(&world, (unsigned)(wait_ns / MS) - 1);
	assert_int_equal(begun(&world), 4 + 4);
	pass(&world, 5);
	assert_int_equal(begun(&world), 4 + 7);
	free(world.runner);
}

static void those_that_open_count_before_the_server_answers(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	open_some(&world, 1, 3);
	pass(&world, 1);
	close_some(&world, 1, 3);
	world.is_far = true;
	open_some(&world, 4, 7);
	pass(&world, 1);
	assert_int_equal(begun(&world), 4 + 4);
	free(world.runner);
}

/* How many are open is up to the experiments. */
static void nobody_waits_where_nothing_is_being_closed(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	open_some(&world, 1, OWN);
	pass(&world, 1);
	assert_int_equal(begun(&world), 1 + OWN);
	free(world.runner);
}

static void one_that_the_server_has_closed_is_not_held(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	open_some(&world, 1, 7);
	pass(&world, 1);
	hear(&world, 1, TCP_FIN | TCP_ACK);
	close_some(&world, 2, 1);
	open_some(&world, 8, 2);
	pass(&world, 1);
	assert_int_equal(begun(&world), 9);
	free(world.runner);
}

/* The reset may have been forged. */
static void one_that_was_reset_may_be_held_until_it_is_closed(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	open_some(&world, 1, 7);
	pass(&world, 1);
	hear(&world, 1, TCP_RST);
	assert_int_equal(conn_limit_held(world.runner), 7);
	close_some(&world, 2, 1);
	open_some(&world, 8, 1);
	pass(&world, 1);
	assert_int_equal(begun(&world), 8);
	close_some(&world, 1, 1);
	pass(&world, COPY_MS);
	hear(&world, 1, TCP_RST);
	assert_int_equal(conn_limit_held(world.runner), 8);
	pass(&world, 1);
	assert_int_equal(begun(&world), 9);
	free(world.runner);
}

static void what_was_sent_once_is_repeated(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	open_some(&world, 1, 8);
	pass(&world, 1);
	close_some(&world, 1, 1);
	pass(&world, 1);
	open_some(&world, 8, 1);
	assert_true(runner_has_probe(world.runner));
	free(world.runner);
}

static void what_nobody_needs_any_more_is_not_sent(void **state)
{
	(void)state;
	for (int is_over = 0; is_over < 2; is_over++) {
		struct world world;

		set_up(&world, 22, LATE_MS);
		three_then_seven(&world);
		world.runner->running[0].is_over = is_over;
		close_some(&world, 8, is_over ? 0 : 3);
		pass(&world, 2 * (ROUND_TRIP_MS + LATE_MS));
		assert_int_equal(begun(&world), 4 + 4);
		assert_int_equal(conn_limit_opened(world.runner), 4 + 4);
		assert_false(world.runner->connections[8].is_unwanted);
		free(world.runner);
	}
}

static void what_others_need_or_know_is_sent(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, 22, LATE_MS);
	three_then_seven(&world);
	world.runner->slots[8].owner = SHARED_OWNER;
	world.runner->slots[9].since_ns = MS; /* sent once */
	world.runner->running[0].is_over = true;
	pass(&world, ROUND_TRIP_MS + LATE_MS);
	assert_int_equal(begun(&world), 4 + 4 + 2);
	free(world.runner);
}

/* Neither those that other connections owe, nor SYNs meant for hops, nor stray
 * segments. */
static void other_packets_do_not_wait_behind_it(void **state)
{
	struct world world;
	struct tx_queue *tx_queue;
	struct probe_packet *probe;

	(void)state;
	set_up(&world, 22, LATE_MS);
	three_then_seven(&world);
	tx_queue = &world.runner->running[0].tx_queue;
	assert_int_equal(tx_queue->count, 3);
	connection_allow(&world.runner->connections[4], UINT16_MAX, tx_queue);
	probe = tx_queue_add(tx_queue);
	assert_non_null(probe);
	probe->kind = PROBE_PACKET_TCP;
	probe->tcp_flags = TCP_SYN;
	probe->source_port = FIRST_PORT - 1;
	world.runner->connections[11].is_stray = true;
	probe = tx_queue_add(tx_queue);
	assert_non_null(probe);
	probe->kind = PROBE_PACKET_TCP;
	probe->tcp_flags = TCP_ACK;
	probe->source_port = FIRST_PORT + 11;
	assert_true(runner_has_probe(world.runner));
	assert_int_equal(tx_queue_take(tx_queue)->tcp_flags, TCP_ACK);
	assert_true(runner_has_probe(world.runner));
	assert_int_equal(tx_queue_take(tx_queue)->source_port, FIRST_PORT - 1);
	assert_true(runner_has_probe(world.runner));
	assert_int_equal(tx_queue_take(tx_queue)->source_port, FIRST_PORT + 11);
	assert_false(runner_has_probe(world.runner));
	/* Those that wait keep their order. */
	pass(&world, ROUND_TRIP_MS + LATE_MS);
	assert_int_equal(begun(&world), 4 + 7);
	free(world.runner);
}

/* Of a greeting that is not SSH's, and on the ports of servers that listen
 * first, no limit is known. */
static void only_servers_that_may_count_are_waited_for(void **state)
{
	static const struct {
		const char *greeting;
		unsigned begun;
		uint16_t port;
	} cases[] = {
		{NULL, 4 + 4, 22},
		{NULL, 4 + 7, 80},
		{NULL, 4 + 7, 443},
		{NULL, 4 + 4, 2222},
		{"SSH-2.0-OpenSSH_", 4 + 4, 2222},
		{"220 mail.example", 4 + 7, 2222},
		{"SSH-2.0-dropbear", 4 + 1, 22},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world world;

		set_up(&world, cases[i].port, LATE_MS);
		if (cases[i].greeting) {
			struct connection *own = &world.runner->connections[0];

			memcpy(own->greeting, cases[i].greeting,
				CONNECTION_GREETING_KEPT);
			own->has_greeting = true;
			own->is_dropbear =
				own->greeting[8] == 'd'; /* see there */
			conn_slots_note_greeting(world.runner, 0);
		}
		three_then_seven(&world);
		assert_int_equal(begun(&world), cases[i].begun);
		free(world.runner);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			no_more_than_eight_are_held_by_a_server_slow_to_close),
		cmocka_unit_test(
			a_server_that_never_closes_is_not_waited_for_long),
		cmocka_unit_test(
			those_that_open_count_before_the_server_answers),
		cmocka_unit_test(nobody_waits_where_nothing_is_being_closed),
		cmocka_unit_test(one_that_the_server_has_closed_is_not_held),
		cmocka_unit_test(one_that_was_reset_may_be_held_until_it_is_closed),
		cmocka_unit_test(what_was_sent_once_is_repeated),
		cmocka_unit_test(what_nobody_needs_any_more_is_not_sent),
		cmocka_unit_test(what_others_need_or_know_is_sent),
		cmocka_unit_test(other_packets_do_not_wait_behind_it),
		cmocka_unit_test(only_servers_that_may_count_are_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
