#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/probe_talk.h"

enum {
	FLOWS = 7,
	STRAYS = 11,
	MADE_UP = 4,
	FULL = 1500,
	DISTANCE = 6,
	HOLE_LINK = 3
};
enum { FIRST_PORT = 40000, FIRST_STRAY = 41000, APART = 16 };

/* A path on which some flows pass less: the larger packets vanish at
 * the third link. */
struct world {
	struct talk talk;
	struct connection own[FLOWS], strays[STRAYS];
	unsigned reset;		/* a set of strays that are answered, of */
	unsigned smaller_stray; /* those that pass less, and how many */
	unsigned strays_sent[STRAYS];
	uint32_t stray_starts[STRAYS]; /* of the last */
	unsigned smaller;	       /* a set of connections, and */
	uint32_t bytes;		       /* what those pass */
	bool is_run_smaller;
	bool is_telling; /* a router says so */
	bool is_dead;	 /* connections do not open */
	bool is_ssh;
	unsigned sent[FLOWS], ends[FLOWS], to_hops;
	struct tx_queue tx_queue;
};

static struct world begin(uint32_t path_mtu, uint32_t limit)
{
	struct world world = {.bytes = 1400};

	world.talk.path.distance = DISTANCE;
	talk_begin(&world.talk, 4, FULL);
	world.talk.forward.path_mtu = path_mtu;
	world.talk.forward.limit = limit;
	world.talk.route.distance = DISTANCE;
	world.talk.route.answering_hops = 0x1f;
	return world;
}

static int index_of(const struct world *world, uint16_t port)
{
	for (int i = 0; i < FLOWS; i++)
		if (world->own[i].own_port == port)
			return i;
	return -1;
}

static void open(struct world *world, struct connection *connection)
{
	if (world->is_dead) {
		connection->state = CONNECTION_SILENT;
		return;
	}
	connection->state = CONNECTION_OPEN;
	connection->has_sack = true;
	connection->is_confirmed = true;
}

/* Takes a stray segment: it belongs to no connection. */
static bool is_smaller_stray(
	struct world *world, const struct probe_packet *probe, unsigned stray)
{
	assert_int_equal(probe->tcp_flags, TCP_ACK);
	assert_int_equal(probe->acknowledged, ~probe->sequence);
	assert_true(world->strays_sent[stray]++ == 0 ||
		    world->stray_starts[stray] - probe->sequence >= APART);
	world->stray_starts[stray] = probe->sequence;
	return world->smaller_stray >> stray & 1;
}

static bool is_smaller(
	struct world *world, const struct probe_packet *probe, int flow)
{
	if (probe->source_port >= FIRST_STRAY &&
		probe->source_port < FIRST_STRAY + STRAYS)
		return is_smaller_stray(
			world, probe, probe->source_port - FIRST_STRAY);
	return flow < 0 ? world->is_run_smaller : world->smaller >> flow & 1;
}

static enum response_kind answer(const struct world *world, bool is_smaller,
	const struct sent_probe *sent_probe, struct packet *packet)
{
	unsigned stray = sent_probe->source_port - FIRST_STRAY;

	memset(packet, 0, sizeof(*packet));
	if (stray < STRAYS && !(world->reset >> stray & 1) &&
		sent_probe->ttl >= DISTANCE)
		return RESPONSE_NONE;
	if (is_smaller && sent_probe->ip_bytes > world->bytes &&
		sent_probe->ttl >= HOLE_LINK) {
		packet->icmp_mtu = world->bytes;
		return world->is_telling ? RESPONSE_TOO_BIG : RESPONSE_NONE;
	}
	return sent_probe->ttl < DISTANCE ? RESPONSE_EXPIRED : RESPONSE_ARRIVED;
}

static struct connection *connection_of(struct world *world, uint16_t port)
{
	int flow = index_of(world, port);

	if (port >= FIRST_STRAY && port < FIRST_STRAY + STRAYS)
		return &world->strays[port - FIRST_STRAY];
	return flow < 0 ? &world->talk.connection : &world->own[flow];
}

/* Takes one probe; false when the experiment is over. */
static bool take(
	struct world *world, void *memory, const struct probe_packet *probe)
{
	int flow = index_of(world, probe->source_port);
	struct sent_probe sent_probe = own_traffic_sent_probe(4, probe);
	struct packet packet;
	struct event event = {.kind = EVENT_RESPONSE,
		.is_first = true,
		.is_awaited = true,
		.sent_probe = &sent_probe,
		.packet = &packet,
		.connection = connection_of(world, probe->source_port)};

	if (probe->tcp_flags & TCP_SYN) {
		open(world, &world->own[flow]);
		return true;
	}
	if (flow >= 0) {
		world->sent[flow] += !(probe->tcp_flags & TCP_FIN);
		world->ends[flow] += (probe->tcp_flags & TCP_FIN) != 0;
	}
	world->to_hops += probe->ttl < DISTANCE;
	if (!sent_probe.payload_bytes)
		return true;
	event.answer = answer(
		world, is_smaller(world, probe, flow), &sent_probe, &packet);
	return event.answer == RESPONSE_NONE ||
	       experiment_flows.step(
		       memory, &world->talk.context, &event, &world->tx_queue);
}

/* Runs it to its end. */
static void run(struct world *world)
{
	static const struct event silence = {.kind = EVENT_TIMEOUT};
	void *memory = calloc(1, experiment_flows.state_bytes);
	struct probe_context *context = &world->talk.context;
	bool goes_on;

	assert_non_null(memory);
	context->connection = &world->talk.connection;
	for (int i = 0; i < FLOWS; i++)
		world->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.target_port = 22,
			.first_sequence = 7000,
			.is_ssh = world->is_ssh};
	for (int i = 0; i < STRAYS; i++)
		world->strays[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_STRAY + i),
			.target_port = 22,
			.first_sequence = 9000};
	context->own = world->strays;
	context->own_count = STRAYS;
	context->shared = world->own;
	context->shared_count = FLOWS;
	world->talk.final = UINT32_MAX;
	talk_grant(&world->talk, &experiment_flows);
	goes_on = experiment_flows.start(memory, context, &world->tx_queue);
	for (unsigned i = 0; i < TALK_ROUNDS && goes_on; i++) {
		unsigned count = talk_take(&world->talk, &world->tx_queue);

		for (unsigned j = 0; j < count && goes_on; j++)
			goes_on = take(world, memory, &world->talk.probes[j]);
		if (goes_on && world->tx_queue.count == 0)
			goes_on = experiment_flows.step(
				memory, context, &silence, &world->tx_queue);
	}
	assert_false(goes_on);
	while (world->tx_queue.count > 0)
		(void)take(world, memory, tx_queue_take(&world->tx_queue));
	free(memory);
}

static void healthy_connections_take_one_packet_each(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	run(&world);
	for (int i = 0; i < FLOWS; i++)
		assert_int_equal(world.sent[i], 1);
	assert_int_equal(world.to_hops, 0);
}

/* Those who share them close them. */
static void the_connections_are_left_open(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	run(&world);
	for (int i = 0; i < FLOWS; i++) {
		assert_int_equal(world.ends[i], 0);
		assert_int_equal(world.own[i].state, CONNECTION_OPEN);
	}
}

static unsigned opened(const struct world *world)
{
	unsigned count = 0;

	for (int i = 0; i < FLOWS; i++)
		count += world->own[i].state != CONNECTION_IDLE;
	return count;
}

/* Of those that the run may yet open at an SSH server, the experiment ssh gets
 * two. */
static void a_limited_run_opens_fewer(void **state)
{
	static const struct {
		unsigned may_open, may_hold;
		bool has_ssh;
		unsigned opened;
	} cases[] = {{7, 100, true, 5}, {7, 100, false, 7}, {9, 100, true, 7},
		{6, 4, true, 2}, {3, 100, true, 3}, {0, 100, true, 0},
		{4, 100, true, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world world = begin(FULL, 0);

		world.talk.context.is_limited = true;
		world.talk.context.may_open = cases[i].may_open;
		world.talk.context.may_hold = cases[i].may_hold;
		world.talk.context.chosen =
			cases[i].has_ssh ? probe_experiment_bit(EXPERIMENT_SSH)
					 : 0;
		run(&world);
		assert_int_equal(opened(&world), cases[i].opened);
	}
}

static void a_hole_that_all_meet_is_not_searched_again(void **state)
{
	(void)state;
	struct world world = begin(1400, 1400);

	world.smaller = 0x7f;
	world.is_run_smaller = true;
	run(&world);
	for (int i = 0; i < FLOWS; i++)
		assert_int_equal(world.sent[i], 5); /* 1400, and 1401 */
	assert_int_equal(world.to_hops, 0);
}

/* One of those that differ is searched, with its hops, and the other compared
 * with it. */
static void one_of_those_that_differ_is_searched(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.smaller = 1 << 2 | 1 << 5;
	run(&world);
	assert_int_equal(world.sent[0], 1);
	assert_in_range(world.sent[2], 40, 160);
	assert_in_range(world.sent[5], 4, 12);
	assert_true(world.to_hops > 0);
}

static void a_reported_limit_takes_few_packets(void **state)
{
	(void)state;
	struct world world = begin(1400, 1400);

	world.smaller = 0x7f;
	world.is_run_smaller = true;
	world.is_telling = true;
	run(&world);
	for (int i = 0; i < FLOWS; i++)
		assert_int_equal(world.sent[i], 2);
}

/* What passed on the run's connection passes no more: it is searched. */
static void a_change_is_searched_on_the_runs_connection(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.smaller = 0x7f;
	world.is_run_smaller = true;
	run(&world);
	for (int i = 0; i < FLOWS; i++)
		assert_in_range(world.sent[i], 4, 12);
}

static void servers_of_ssh_get_fewer_connections(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.talk.reverse.connections = 13;
	world.is_ssh = true;
	run(&world);
	assert_int_equal(opened(&world), 3);
}

static void connections_that_do_not_open_end_it(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.is_dead = true;
	run(&world);
	for (int i = 0; i < FLOWS; i++)
		assert_int_equal(world.sent[i], 0);
}

static void strays_on_a_healthy_path_take_two_packets_each(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.reset = 0x7ff;
	run(&world);
	for (int i = 0; i < STRAYS; i++)
		assert_int_equal(world.strays_sent[i], i < MADE_UP ? 2 : 0);
	assert_int_equal(world.to_hops, 0);
}

/* A firewall drops them: then they are not asked again. */
static void strays_that_nobody_resets_take_one(void **state)
{
	(void)state;
	struct world world = begin(1400, 1400);

	world.smaller = 0x7f;
	world.is_run_smaller = true;
	run(&world);
	for (int i = 0; i < STRAYS; i++)
		assert_int_equal(world.strays_sent[i], i < MADE_UP);
}

/* It may have been lost. */
static void a_stray_without_reset_is_sent_again_where_others_have_one(
	void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.reset = 0x7fb;
	run(&world);
	assert_int_equal(world.strays_sent[0], 2);
	assert_int_equal(world.strays_sent[2], 2);
}

static void a_stray_that_passes_less_is_searched(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.reset = 0x7ff;
	world.smaller_stray = 1 << 1 | 1 << 3;
	run(&world);
	assert_int_equal(world.strays_sent[0], 2);
	assert_in_range(world.strays_sent[1], 40, 160);
	assert_in_range(world.strays_sent[3], 4, 12);
	assert_true(world.to_hops > 0);
	for (int i = 0; i < FLOWS; i++)
		assert_int_equal(world.sent[i], 1);
}

/* All connections take the smaller of two routes, and no more may be opened. */
static void strays_pass_what_connections_lose(void **state)
{
	(void)state;
	struct world world = begin(1400, 1400);

	world.smaller = 0x7f;
	world.is_run_smaller = true;
	world.is_telling = true;
	world.reset = 0x7ff;
	run(&world);
	assert_in_range(world.strays_sent[0], 30, 160);
	for (int i = 1; i < MADE_UP; i++)
		assert_int_equal(world.strays_sent[i], 4);
}

/* As many as make twelve flows. */
static void strays_alone_are_compared(void **state)
{
	(void)state;
	struct world world = begin(FULL, 0);

	world.talk.context.is_limited = true;
	world.reset = 0x7ff;
	run(&world);
	assert_int_equal(opened(&world), 0);
	for (int i = 0; i < STRAYS; i++)
		assert_int_equal(world.strays_sent[i], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy_connections_take_one_packet_each),
		cmocka_unit_test(the_connections_are_left_open),
		cmocka_unit_test(a_limited_run_opens_fewer),
		cmocka_unit_test(a_hole_that_all_meet_is_not_searched_again),
		cmocka_unit_test(one_of_those_that_differ_is_searched),
		cmocka_unit_test(a_reported_limit_takes_few_packets),
		cmocka_unit_test(a_change_is_searched_on_the_runs_connection),
		cmocka_unit_test(servers_of_ssh_get_fewer_connections),
		cmocka_unit_test(connections_that_do_not_open_end_it),
		cmocka_unit_test(
			strays_on_a_healthy_path_take_two_packets_each),
		cmocka_unit_test(strays_that_nobody_resets_take_one),
		cmocka_unit_test(
			a_stray_without_reset_is_sent_again_where_others_have_one),
		cmocka_unit_test(a_stray_that_passes_less_is_searched),
		cmocka_unit_test(strays_pass_what_connections_lose),
		cmocka_unit_test(strays_alone_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
