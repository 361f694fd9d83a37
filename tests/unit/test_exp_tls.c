/* What the experiment tls sends: a server that the talk simulates, with a clock
 * that it moves. No packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/experiments/registry.h"
#include "probe/protocol/tls_answer.h"

enum {
	OWN = 6,
	FIRST_PORT = 50001,
	STEPS = 20000,
	MOST_ASKED = 8,
	HELLO = 1,
	ALERT_40 = 2,
	ALERT_112 = 3,
	TEXT = 4,
	CLOSE = 5,
	SILENCE = 6,
};

/* Given, and kept. */
struct tls_server_talk {
	unsigned answer[TLS_PURPOSE_COUNT];
	const char *name;
	bool is_alone; /* and the run's own connection stays open so long */
	bool has_greeting;
	unsigned asked;
	enum tls_purpose purpose[MOST_ASKED];
	unsigned left_open, resets, most_open;
	int64_t took_ns;
	bool is_over;
};

struct tls_room {
	struct tls_server_talk *talk;
	struct probe_context context;
	struct tls_options options;
	struct connection run, own[OWN];
	uint32_t heard[OWN]; /* bytes of the client */
	bool is_open[OWN], is_answered[OWN];
	uint8_t said[OWN][4096];
	struct tx_queue *tx_queue;
	void *memory;
	int64_t now_ns, timer_ns;
};

static const uint8_t server_hello[] = {22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4};

static void tell(struct tls_room *room, const struct event *event)
{
	if (room->talk->is_over)
		return;
	room->context.now_ns = room->now_ns;
	room->talk->is_over = !experiment_tls.step(
		room->memory, &room->context, event, room->tx_queue);
}

static void hear(struct tls_room *room, unsigned line, uint16_t flags,
	const uint8_t *bytes, uint32_t count)
{
	struct connection *connection = &room->own[line];
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.target_port = connection->own_port,
		.tcp_flags = flags,
		.sequence = flags & TCP_SYN ? 8999 : connection->receive_next,
		.acknowledged =
			connection->first_sequence + 1 + room->heard[line],
		.options = flags & TCP_SYN ? OPTION_SACK_PERMITTED | OPTION_MSS
					   : 0,
		.mss = 1460,
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

/* A whole ClientHello is there. */
static void answer(struct tls_room *room, unsigned line)
{
	static const uint8_t text[] = "HTTP/1.1 400 Bad Request\r\n";
	uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};
	struct tls_server_talk *talk = room->talk;
	struct cursor random, name;
	enum tls_purpose purpose;

	if (room->is_answered[line] ||
		!tls_hello_read(
			room->said[line], room->heard[line], &random, &name) ||
		!connection_is_heard(&room->own[line]))
		return;
	assert_true(tls_rules_purpose(random.at, &purpose));
	room->is_answered[line] = true;
	assert_in_range(talk->asked, 0, MOST_ASKED - 1);
	talk->purpose[talk->asked++] = purpose;
	switch (talk->answer[purpose]) {
	case ALERT_112:
		alert[6] = 112;
		hear(room, line, TCP_ACK | TCP_PSH, alert, sizeof(alert));
		break;
	case ALERT_40:
		hear(room, line, TCP_ACK | TCP_PSH, alert, sizeof(alert));
		break;
	case TEXT:
		hear(room, line, TCP_ACK | TCP_PSH, text, sizeof(text) - 1);
		break;
	case CLOSE:
		hear(room, line, TCP_ACK | TCP_FIN, NULL, 0);
		break;
	case SILENCE:
		break;
	default:
		hear(room, line, TCP_ACK | TCP_PSH, server_hello,
			sizeof(server_hello));
	}
}

static void send_one(struct tls_room *room, const struct probe_packet *probe)
{
	unsigned line = (unsigned)probe->source_port - FIRST_PORT, open = 0;
	uint32_t at;

	assert_in_range(line, 0, OWN - 1);
	at = probe->sequence - room->own[line].first_sequence - 1;
	room->talk->resets += (probe->tcp_flags & TCP_RST) != 0;
	if (probe->tcp_flags & TCP_SYN) {
		room->is_open[line] = true;
		for (unsigned i = 0; i < OWN; i++)
			open += room->is_open[i];
		if (open > room->talk->most_open)
			room->talk->most_open = open;
		hear(room, line, TCP_SYN | TCP_ACK, NULL, 0);
	} else if (probe->tcp_flags & TCP_FIN) {
		if (!room->is_open[line])
			return;
		room->heard[line]++;
		room->is_open[line] = false;
		hear(room, line, TCP_FIN | TCP_ACK, NULL, 0);
	} else if (probe->payload_bytes && at == room->heard[line]) {
		memcpy(room->said[line] + at, probe->payload,
			probe->payload_bytes);
		room->heard[line] += probe->payload_bytes;
		hear(room, line, TCP_ACK, NULL, 0);
	}
}

static void set_up(struct tls_room *room)
{
	(void)strcpy(room->options.name, room->talk->name);
	room->run = (struct connection){.state = CONNECTION_OPEN,
		.greeting = "SSH-",
		.has_greeting = room->talk->has_greeting};
	for (unsigned i = 0; i < OWN; i++)
		room->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.offered_mss = 1460,
			.first_sequence = 7000};
	room->context = (struct probe_context){.connection = &room->run,
		.family = 4,
		.port = 443,
		.tls = &room->options,
		.is_alone = room->talk->is_alone,
		.own = room->own,
		.own_count = experiment_tls.connections};
	room->context.now_ns = room->now_ns = INT64_C(1000000000);
	assert_in_range(experiment_tls.connections, 1, OWN);
}

static void send_all(struct tls_room *room)
{
	const struct probe_packet *next;

	while ((next = tx_queue_take(room->tx_queue)) != NULL) {
		struct probe_packet probe = *next;

		send_one(room, &probe);
	}
	if (room->tx_queue->timer_ms)
		room->timer_ns = room->now_ns +
				 room->tx_queue->timer_ms * INT64_C(1000000);
	room->tx_queue->timer_ms = 0;
}

static void pass_time(struct tls_room *room)
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

static void play(struct tls_server_talk *talk)
{
	struct tls_room *room = calloc(1, sizeof(*room));

	assert_non_null(room);
	talk->name = talk->name ? talk->name : "www.example.org";
	room->talk = talk;
	room->tx_queue = calloc(1, sizeof(*room->tx_queue));
	room->memory = calloc(1, experiment_tls.state_bytes);
	assert_true(room->tx_queue && room->memory);
	set_up(room);
	talk->is_over = !experiment_tls.start(
		room->memory, &room->context, room->tx_queue);
	for (unsigned i = 0; i < STEPS && !talk->is_over; i++) {
		send_all(room);
		for (unsigned j = 0; j < OWN; j++)
			answer(room, j);
		if (!room->tx_queue->count)
			pass_time(room);
	}
	send_all(room);
	talk->took_ns = room->now_ns - INT64_C(1000000000);
	for (unsigned i = 0; i < OWN; i++)
		talk->left_open += room->is_open[i];
	assert_true(talk->is_over);
	assert_int_equal(talk->left_open, 0);
	assert_int_equal(talk->resets, 0);
	free(room->memory);
	free(room->tx_queue);
	free(room);
}

static void asks(struct tls_server_talk *talk, unsigned count,
	const enum tls_purpose *purposes)
{
	assert_int_equal(talk->asked, count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(talk->purpose[i], purposes[i]);
}
#define ASKS(talk, ...)                                                        \
	asks(talk,                                                             \
		sizeof((enum tls_purpose[]){__VA_ARGS__}) /                    \
			sizeof(enum tls_purpose),                              \
		(enum tls_purpose[]){__VA_ARGS__})

static void a_healthy_server_is_asked_three_times(void **state)
{
	struct tls_server_talk talk = {.name = NULL};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES, TLS_LARGE, TLS_OLD);
	assert_int_equal(talk.most_open, 1);
	assert_true(talk.took_ns < INT64_C(2000000000));
}

static void an_alert_makes_it_ask_for_more(void **state)
{
	struct tls_server_talk talk = {
		.answer = {[TLS_PHASES] = ALERT_40, [TLS_WIDE] = HELLO}};
	struct tls_server_talk all = {.answer = {[TLS_PHASES] = ALERT_40,
					      [TLS_WIDE] = ALERT_40,
					      [TLS_NAMELESS] = HELLO}};
	struct tls_server_talk ends = {.answer = {[TLS_PHASES] = CLOSE,
					       [TLS_WIDE] = CLOSE,
					       [TLS_NAMELESS] = CLOSE}};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES, TLS_WIDE);
	play(&all);
	ASKS(&all, TLS_PHASES, TLS_WIDE, TLS_NAMELESS);
	play(&ends);
	ASKS(&ends, TLS_PHASES, TLS_WIDE, TLS_NAMELESS);
}

static void a_name_that_is_refused_is_left_out(void **state)
{
	struct tls_server_talk talk = {
		.answer = {[TLS_PHASES] = ALERT_112, [TLS_NAMELESS] = HELLO}};
	struct tls_server_talk unnamed = {
		.answer = {[TLS_PHASES] = ALERT_112}, .name = ""};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES, TLS_NAMELESS);
	play(&unnamed);
	ASKS(&unnamed, TLS_PHASES);
}

static void another_protocol_is_asked_once(void **state)
{
	struct tls_server_talk talk = {.answer = {[TLS_PHASES] = TEXT}};
	struct tls_server_talk greets = {.has_greeting = true};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES);
	play(&greets);
	assert_int_equal(greets.asked, 0);
}

static void silence_is_awaited(void **state)
{
	struct tls_server_talk talk = {
		.answer = {[TLS_PHASES] = SILENCE, [TLS_NAMELESS] = SILENCE}};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES, TLS_NAMELESS);
	assert_true(
		talk.took_ns >= 2 * TLS_ANSWER_WAIT_S * INT64_C(1000000000));
	assert_true(talk.took_ns < 20 * INT64_C(1000000000));
}

static void the_run_s_own_is_closed_before(void **state)
{
	struct tls_server_talk talk = {.is_alone = true};

	(void)state;
	play(&talk);
	ASKS(&talk, TLS_PHASES, TLS_LARGE, TLS_OLD);
	assert_true(talk.took_ns >= 3 * INT64_C(1000000000));
	assert_true(experiment_tls.leaves_run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_server_is_asked_three_times),
		cmocka_unit_test(an_alert_makes_it_ask_for_more),
		cmocka_unit_test(a_name_that_is_refused_is_left_out),
		cmocka_unit_test(another_protocol_is_asked_once),
		cmocka_unit_test(silence_is_awaited),
		cmocka_unit_test(the_run_s_own_is_closed_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
