/* What the experiment reset sends, and what it asks next, on a path with a
 * device that resets connections that show the trigger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/experiments/registry.h"
#include "probe/experiments/reset_state.h"
#include "probe/protocol/hop_distance.h"

enum {
	FIRST_PORT = 50001,
	SERVER_PORT = 22,
	DISTANCE = 6,
	TRIP_MS = 20,
	STEPS = 1000,
	SERVER_TTL = 59,
	FIRST_DATA = 9000, /* the server's */
	GREETING = 41, /* bytes */
	SHARED = 7,
	LINES = SHARED + LINE_COUNT,
	PENDING = 64,
};

/* A reset that the device has yet to send. */
struct pending {
	int64_t due_ns;
	unsigned line;
	uint32_t number;
	uint8_t ttl;
};

struct talk {
	/* given */
	unsigned hop;	  /* the device's; 0: none */
	bool is_copying;  /* the hop limit */
	bool is_dropping; /* the trigger */
	bool is_blocking; /* new connections */
	bool is_greeting; /* the server, just before the reset comes */
	bool is_sent;
	bool is_refused, is_silent; /* the port */
	uint32_t reset_number; /* the device's: of what it answers */
	int64_t turn_ns; /* SYNs of new connections wait until then */
	int64_t late_ns; /* the device's resets */
	unsigned shared, may_open; /* left open by others; 0: not limited */
	/* kept */
	unsigned sent, triggers, marks, strays;
	unsigned to_hop[HOP_LIMIT_WHOLE_WAY + 1]; /* triggers */
	unsigned opened, delivered;		  /* bytes to the application */
	int64_t took_ns;
	struct reset_state state;
	bool is_over;
	/* at work */
	struct probe_context context;
	struct connection run, own[LINES];
	uint32_t told[LINES]; /* the server's next number of ours */
	struct route_result route;
	struct tx_queue tx_queue;
	unsigned pending_count;
	struct pending pending[PENDING];
};

static struct reset_trigger trigger = {
	.name = "ssh", .count = 8, .bytes = "SSH-2.0-"};

static void tell(struct talk *talk, const struct event *event)
{
	if (!talk->is_over)
		talk->is_over = !experiment_reset.step(
			&talk->state, &talk->context, event, &talk->tx_queue);
}

static void hear(struct talk *talk, unsigned line, uint16_t flags, uint8_t ttl)
{
	struct connection *connection = &talk->own[line];
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.source_port = SERVER_PORT,
		.target_port = connection->own_port,
		.tcp_flags = flags,
		.ttl = ttl,
		.sequence = flags & TCP_SYN   ? FIRST_DATA - 1
			    : flags & TCP_RST ? talk->reset_number
					      : connection->receive_next,
		.payload_bytes = flags & TCP_PSH ? GREETING : 0,
		.acknowledged = connection->send_next,
		.sack_count = flags == TCP_ACK,
		.options = flags & TCP_SYN ? OPTION_SACK_PERMITTED : 0};
	struct event event = {.kind = EVENT_PACKET,
		.packet = &packet,
		.connection = connection};

	connection_receive(connection, &packet, &talk->tx_queue);
	tell(talk, &event);
}

/* What is left of a hop limit at the device, and then here. */
static uint8_t reset_ttl(const struct talk *talk, unsigned ttl)
{
	unsigned hops = talk->hop - 1;

	return (uint8_t)(talk->is_copying ? ttl > 2 * hops ? ttl - 2 * hops : 0
					  : 64 - hops);
}

/* Whether the device lets it pass. */
static bool passes(
	struct talk *talk, unsigned line, const struct probe_packet *probe)
{
	bool is_seen = talk->hop && probe->ttl >= talk->hop;

	if (is_seen && talk->is_blocking && probe->tcp_flags & TCP_SYN &&
		line >= LINE_NEW)
		return false;
	if (!is_seen || probe->payload_bytes != trigger.count)
		return true;
	talk->reset_number = probe->acknowledged;
	if (talk->is_greeting && talk->own[line].receive_next == FIRST_DATA)
		hear(talk, line, TCP_PSH | TCP_ACK, SERVER_TTL);
	if (reset_ttl(talk, probe->ttl) && talk->late_ns)
		talk->pending[talk->pending_count++] = (struct pending){
			.due_ns = talk->context.now_ns + talk->late_ns,
			.line = line,
			.number = talk->reset_number,
			.ttl = reset_ttl(talk, probe->ttl)};
	else if (reset_ttl(talk, probe->ttl))
		hear(talk, line, TCP_RST, reset_ttl(talk, probe->ttl));
	assert_true(talk->pending_count < PENDING);
	return !talk->is_dropping;
}

static void count(struct talk *talk, const struct probe_packet *probe)
{
	talk->sent++;
	talk->marks += probe->tos == RESET_MARK && probe->tcp_flags == TCP_SYN;
	talk->strays += probe->tos == RESET_MARK && probe->tcp_flags == TCP_ACK;
	if (probe->payload_bytes != trigger.count)
		return;
	assert_memory_equal(probe->payload, trigger.bytes, trigger.count);
	talk->triggers++;
	talk->to_hop[probe->ttl]++;
}

static void send_one(struct talk *talk, const struct probe_packet *probe)
{
	unsigned line = (unsigned)probe->source_port - FIRST_PORT;

	count(talk, probe);
	if (line < LINES && talk->own[line].syn_ns == 0)
		talk->own[line].syn_ns = talk->context.now_ns;
	if (line >= LINES || !passes(talk, line, probe) ||
		probe->ttl < DISTANCE)
		return;
	if (probe->tcp_flags & TCP_SYN) {
		talk->opened++;
		talk->told[line] = probe->sequence + 1;
		hear(talk, line, TCP_SYN | TCP_ACK, SERVER_TTL);
	} else if (probe->tcp_flags & TCP_FIN) {
		hear(talk, line, TCP_FIN | TCP_ACK, SERVER_TTL);
	} else if (probe->ip_bytes || probe->payload_bytes) {
		uint32_t end = probe->sequence + probe->payload_bytes;

		if ((int32_t)(end - talk->told[line]) > 0)
			talk->delivered += end - talk->told[line];
		hear(talk, line, TCP_ACK, SERVER_TTL);
	}
}

static void begin(struct talk *talk)
{
	talk->run = (struct connection){
		.state = talk->is_refused  ? CONNECTION_REFUSED
			 : talk->is_silent ? CONNECTION_SILENT
					   : CONNECTION_OPEN,
		.peer_ttl = SERVER_TTL};
	for (unsigned i = 0; i < LINES; i++)
		talk->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.target_port = SERVER_PORT,
			.first_sequence = 7000 + 5000 * i};
	trigger.is_sent = talk->is_sent;
	talk->route.distance = DISTANCE;
	talk->context = (struct probe_context){.connection = &talk->run,
		.family = 4,
		.port = SERVER_PORT,
		.max_ttl = 30,
		.round_trip_ms = TRIP_MS,
		.trigger = &trigger,
		.own = talk->own,
		.own_count = LINE_COUNT,
		.results = {.route = &talk->route}};
}

static bool waits_for_its_turn(
	const struct talk *talk, const struct probe_packet *probe)
{
	return probe->tcp_flags & TCP_SYN &&
	       probe->source_port >= FIRST_PORT + LINE_NEW &&
	       talk->context.now_ns < talk->turn_ns;
}

static void send_all(struct talk *talk)
{
	struct tx_queue *tx_queue = &talk->tx_queue;

	for (unsigned left = tx_queue->count; left > 0; left--) {
		struct probe_packet probe = tx_queue->probes[tx_queue->first];

		if (waits_for_its_turn(talk, &probe)) {
			tx_queue_postpone(tx_queue);
			continue;
		}
		(void)tx_queue_take(tx_queue); /* it is kept */
		send_one(talk, &probe);
		left = tx_queue->count + 1;
	}
}

/* Until the timer, which the resets that come before it may set anew. */
static void wait(struct talk *talk)
{
	int64_t *now_ns = &talk->context.now_ns, began_ns = *now_ns;
	int64_t timer_ns =
		began_ns + talk->tx_queue.timer_ms * INT64_C(1000000);

	for (unsigned i = 0; i < talk->pending_count; i++) {
		const struct pending *pending = &talk->pending[i];

		if (pending->due_ns <= began_ns || pending->due_ns > timer_ns)
			continue;
		*now_ns = pending->due_ns;
		talk->reset_number = pending->number;
		talk->tx_queue.timer_ms = 0;
		hear(talk, pending->line, TCP_RST, pending->ttl);
		if (talk->tx_queue.timer_ms)
			timer_ns = *now_ns +
				   talk->tx_queue.timer_ms * INT64_C(1000000);
	}
	*now_ns = timer_ns;
}

/* The runner's part: what is queued, SYNs without an answer, the timer. */
static void go_on(struct talk *talk)
{
	static const struct event timer = {.kind = EVENT_TIMER};

	send_all(talk);
	wait(talk);
	for (unsigned i = 0; i < LINES; i++)
		if (talk->own[i].state == CONNECTION_OPENING &&
			talk->own[i].syn_ns)
			connection_silence(&talk->own[i], &talk->tx_queue);
	tell(talk, &timer);
}

/* As another experiment has left them, at an SSH server. */
static void share(struct talk *talk)
{
	const struct probe_packet *next;

	if (talk->shared == 0)
		return;
	talk->context.shared = talk->own;
	talk->context.shared_count = SHARED;
	talk->context.own = talk->own + SHARED;
	talk->context.own_count = LINE_COUNT;
	talk->context.is_limited = true;
	talk->context.may_open = talk->may_open;
	talk->context.may_hold = LINE_COUNT;
	talk->context.chosen = probe_experiment_bit(EXPERIMENT_SSH);
	talk->is_over = true; /* not told yet */
	for (unsigned i = 0; i < talk->shared; i++)
		connection_open(&talk->own[i], &talk->tx_queue);
	while ((next = tx_queue_take(&talk->tx_queue)) != NULL) {
		struct probe_packet probe = *next;

		send_one(talk, &probe);
	}
	talk->opened = 0;
}

static void play(struct talk *talk)
{
	begin(talk);
	share(talk);
	talk->is_over = !experiment_reset.start(
		&talk->state, &talk->context, &talk->tx_queue);
	for (unsigned i = 0; i < STEPS && !talk->is_over; i++)
		go_on(talk);
	talk->took_ns = talk->context.now_ns;
	assert_true(talk->is_over);
	assert_in_range(talk->sent, 1, experiment_reset.most_packets);
}

static void a_path_without_a_device_sees_few_triggers(void **state)
{
	struct talk talk = {0};

	(void)state;
	play(&talk);
	assert_int_equal(talk.triggers, DISTANCE + 4);
	for (unsigned hop = 1; hop <= DISTANCE; hop++)
		assert_int_equal(talk.to_hop[hop], 1);
	assert_int_equal(talk.opened, 4);
	assert_int_equal(talk.delivered, 0);
	/* a second of them for devices that wait */
	assert_in_range(talk.took_ns, 0, INT64_C(2200000000));
}

/* Two more are the experiment ssh's, unless something was reset. */
static void shared_connections_are_used_first(void **state)
{
	struct talk talk = {.shared = 4, .may_open = 2},
		    few = {.shared = 2, .may_open = 2},
		    device = {.shared = 4, .may_open = 2, .hop = 3};

	(void)state;
	play(&talk);
	assert_int_equal(talk.opened, 0);
	assert_int_equal(talk.triggers, DISTANCE + 4);
	play(&few);
	assert_int_equal(few.opened, 0);
	assert_int_equal(few.triggers, DISTANCE + 2);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(few.own[i].state, CONNECTION_OPEN);
	play(&device);
	assert_in_range(device.opened, 1, 2);
	assert_int_equal(device.state.walked, 3);
	assert_in_range(device.to_hop[3], 2, 5);
	assert_int_equal(device.to_hop[HOP_LIMIT_WHOLE_WAY], 2);
	assert_in_range(device.took_ns, 0, INT64_C(5000000000));
}

/* A connection of the run's may have ended meanwhile: others are opened. */
static void ended_connections_are_no_lines(void **state)
{
	struct talk talk = {.shared = 0};

	(void)state;
	begin(&talk);
	talk.context.shared = talk.own;
	talk.context.shared_count = SHARED;
	talk.context.own = talk.own + SHARED;
	talk.context.own_count = LINE_COUNT;
	for (unsigned i = 0; i < SHARED; i++)
		talk.own[i].state = CONNECTION_CLOSED;
	talk.is_over = !experiment_reset.start(
		&talk.state, &talk.context, &talk.tx_queue);
	for (unsigned i = 0; i < STEPS && !talk.is_over; i++)
		go_on(&talk);
	assert_int_equal(talk.opened, 4);
	assert_int_equal(talk.triggers, DISTANCE + 4);
}

static void a_device_is_looked_for_once_more_at_its_hop(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * DISTANCE; i++) {
		unsigned hop = 1 + i / 2;
		struct talk talk = {.hop = hop,
			.is_dropping = hop % 2,
			.is_greeting = i % 2};

		play(&talk);
		assert_int_equal(talk.state.walked, hop);
		/* the walk, then four, of which the first may suffice */
		assert_in_range(talk.to_hop[hop], 2, 5);
		if (hop > 1)
			assert_int_equal(talk.to_hop[hop - 1], 5);
		assert_int_equal(talk.to_hop[RESET_LESSER_HOP_LIMIT], 2);
		assert_int_equal(talk.to_hop[HOP_LIMIT_WHOLE_WAY], 2);
		assert_int_equal(talk.delivered, 0);
		assert_in_range(talk.took_ns, 0, INT64_C(5000000000));
	}
}

static void a_device_that_waits_is_found_at_its_hop(void **state)
{
	static const int64_t waits_ms[] = {100, 200, 300, 450, 700, 900};

	(void)state;
	for (unsigned i = 0; i < sizeof(waits_ms) / sizeof(waits_ms[0]); i++)
		for (unsigned hop = 1; hop < DISTANCE; hop++) {
			struct talk talk = {
				.hop = hop, .late_ns = waits_ms[i] * 1000000};

			play(&talk);
			assert_int_equal(talk.state.delay_ms, waits_ms[i]);
			assert_in_range(talk.to_hop[hop], 5, 5);
			if (hop > 1)
				assert_int_equal(talk.to_hop[hop - 1], 5);
			assert_in_range(talk.took_ns, 0,
				3500000000 + waits_ms[i] * 1300000 * (hop + 3));
			assert_true(talk.took_ns < INT64_C(12500000000));
		}
}

/* Nobody watches for so long. */
static void a_device_that_waits_for_longer_is_not_found(void **state)
{
	struct talk talk = {.hop = 3, .late_ns = INT64_C(2500000000)};

	(void)state;
	play(&talk);
	assert_int_equal(talk.state.delay_ms, 0);
	assert_in_range(talk.took_ns, 0, INT64_C(2200000000));
}

static void a_device_that_copies_is_looked_for_where_its_resets_return(
	void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * (DISTANCE - 1); i++) {
		unsigned hop = 2 + i / 2;
		struct talk talk = {.hop = hop,
			.is_copying = true,
			.is_greeting = i % 2};
		unsigned nearest = 2 * hop - 1;

		play(&talk);
		assert_in_range(talk.to_hop[nearest], 1, 5);
		assert_in_range(talk.to_hop[nearest - 1], 4, 5);
	}
}

static void a_device_that_blocks_ends_it_in_time(void **state)
{
	struct talk talk = {.hop = 3, .is_blocking = true};

	(void)state;
	play(&talk);
	assert_int_equal(talk.to_hop[RESET_LESSER_HOP_LIMIT], 0);
	assert_in_range(talk.took_ns, INT64_C(4000000000), INT64_C(6000000000));
}

/* A server may have other connections to close first. */
static void who_waits_for_its_turn_is_not_blocked(void **state)
{
	enum { HOP = 3 };
	struct talk talk = {.hop = HOP, .turn_ns = INT64_C(6000000000)};

	(void)state;
	play(&talk);
	assert_int_equal(talk.to_hop[RESET_LESSER_HOP_LIMIT], 2);
	assert_in_range(talk.to_hop[HOP], 2, 5);
	assert_in_range(
		talk.took_ns, INT64_C(6000000000), INT64_C(11000000000));
}

static void only_the_user_s_word_delivers_the_trigger(void **state)
{
	struct talk talk = {.is_sent = true},
		    device = {.is_sent = true, .hop = 3};

	(void)state;
	play(&talk);
	assert_int_equal(talk.delivered, 2 * trigger.count);
	play(&device);
	assert_int_equal(device.delivered, 0);
}

static void a_refused_port_gets_marks_and_no_trigger(void **state)
{
	struct talk talk = {.is_refused = true};

	(void)state;
	play(&talk);
	assert_int_equal(talk.marks, 9);
	assert_int_equal(talk.strays, 0);
	assert_int_equal(talk.triggers, 0);
}

static void a_silent_port_gets_acks_of_no_connection_too(void **state)
{
	struct talk talk = {.is_silent = true};

	(void)state;
	play(&talk);
	assert_int_equal(talk.marks, 9);
	assert_int_equal(talk.strays, 3);
	assert_int_equal(talk.triggers, 0);
}

/* Its lines were never shared out. */
static void a_refused_port_s_reset_of_no_connection_is_no_line_s(void **state)
{
	struct talk talk = {.is_refused = true};
	struct packet packet = {.kind = PACKET_TCP, .tcp_flags = TCP_RST};
	struct event event = {.kind = EVENT_PACKET, .packet = &packet};

	(void)state;
	begin(&talk);
	assert_true(experiment_reset.start(
		&talk.state, &talk.context, &talk.tx_queue));
	tell(&talk, &event);
	assert_false(talk.is_over);
}

static void triggers_are_made_of_words(void **state)
{
	static const char *const wrong[] = {"http:", "tls:a b", "bytes:0",
		"bytes:", "bytes:zz", "bytes:00", "http:a\nb",
		("tls:0123456789012345678901234567890123456789"
		 "012345678901234567890123456789")};
	struct reset_trigger made = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(reset_trigger_make(&made, wrong[i]),
			RESET_TRIGGER_WRONG);
	assert_int_equal(
		reset_trigger_make(&made, "sshd.txt"), RESET_TRIGGER_OTHER);
	assert_int_equal(
		reset_trigger_make(&made, "bytes:00fF"), RESET_TRIGGER_MADE);
	assert_int_equal(made.count, 2);
	assert_memory_equal(made.bytes, "\x00\xff", 2);
	assert_string_equal(made.name, "bytes");
	assert_int_equal(
		reset_trigger_make(&made, "tls:lab.test"), RESET_TRIGGER_MADE);
	/* record and handshake say how long they are (RFC 8446, 5.1 and 4) */
	assert_int_equal(made.bytes[3] << 8 | made.bytes[4], made.count - 5);
	assert_int_equal(made.bytes[7] << 8 | made.bytes[8], made.count - 9);
	assert_non_null(memmem(made.bytes, made.count, "lab.test", 8));
	assert_true(reset_trigger_of_port(&made, 80, "lab.test"));
	assert_string_equal(made.name, "http:lab.test");
	assert_false(reset_trigger_of_port(&made, 2000, "lab.test"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_without_a_device_sees_few_triggers),
		cmocka_unit_test(shared_connections_are_used_first),
		cmocka_unit_test(ended_connections_are_no_lines),
		cmocka_unit_test(a_device_is_looked_for_once_more_at_its_hop),
		cmocka_unit_test(a_device_that_waits_is_found_at_its_hop),
		cmocka_unit_test(a_device_that_waits_for_longer_is_not_found),
		cmocka_unit_test(
			a_device_that_copies_is_looked_for_where_its_resets_return),
		cmocka_unit_test(a_device_that_blocks_ends_it_in_time),
		cmocka_unit_test(who_waits_for_its_turn_is_not_blocked),
		cmocka_unit_test(only_the_user_s_word_delivers_the_trigger),
		cmocka_unit_test(a_refused_port_gets_marks_and_no_trigger),
		cmocka_unit_test(a_silent_port_gets_acks_of_no_connection_too),
		cmocka_unit_test(
			a_refused_port_s_reset_of_no_connection_is_no_line_s),
		cmocka_unit_test(triggers_are_made_of_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
