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
#include "tests/support/server_talk.h"

enum {
	SERVER_PORT = 443,
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
	unsigned most_open;
	int64_t took_ns;
	/* while it is played */
	bool is_answered[SERVER_TALK_OWN];
	uint8_t said[SERVER_TALK_OWN][4096];
};

static const uint8_t server_hello[] = {22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4};

static void data(struct server_talk *server, unsigned line, uint32_t at,
	const struct probe_packet *probe)
{
	struct tls_server_talk *talk = server->test;

	if (at != server->lines[line].heard)
		return;
	assert_true(at + probe->payload_bytes <= sizeof(talk->said[line]));
	memcpy(talk->said[line] + at, probe->payload, probe->payload_bytes);
	server->lines[line].heard += probe->payload_bytes;
	server_talk_say(server, line, TCP_ACK, NULL, 0);
}

static void answer(
	struct server_talk *server, unsigned line, enum tls_purpose purpose)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n";
	const struct tls_server_talk *talk = server->test;
	unsigned kind = talk->answer[purpose];
	uint8_t alert[] = {21, 3, 3, 0, 2, 2, kind == ALERT_112 ? 112 : 40};
	const uint8_t *bytes = server_hello;
	uint32_t count = sizeof(server_hello);

	if (kind == SILENCE)
		return;
	if (kind == CLOSE) {
		server_talk_say(server, line, TCP_ACK | TCP_FIN, NULL, 0);
		return;
	}
	if (kind == TEXT) {
		bytes = (const uint8_t *)text;
		count = sizeof(text) - 1;
	} else if (kind == ALERT_40 || kind == ALERT_112) {
		bytes = alert;
		count = sizeof(alert);
	}
	server_talk_say(server, line, TCP_ACK | TCP_PSH, bytes, count);
}

/* Once a whole ClientHello is there. */
static void speak(struct server_talk *server, unsigned line)
{
	struct tls_server_talk *talk = server->test;
	struct cursor random, name;
	enum tls_purpose purpose;

	if (talk->is_answered[line] ||
		!tls_hello_read(talk->said[line], server->lines[line].heard,
			&random, &name) ||
		!connection_is_heard(&server->own[line]))
		return;
	assert_true(tls_rules_purpose(random.at, &purpose));
	talk->is_answered[line] = true;
	assert_in_range(talk->asked, 0, MOST_ASKED - 1);
	talk->purpose[talk->asked++] = purpose;
	answer(server, line, purpose);
}

static void play(struct tls_server_talk *talk)
{
	static const struct server_talk_rules rules = {
		.data = data, .speak = speak};
	struct server_talk *server = calloc(1, sizeof(*server));
	struct tls_options options = {.name = ""};

	assert_non_null(server);
	*server = (struct server_talk){
		.experiment = &experiment_tls, .rules = &rules, .test = talk};
	server_talk_begin(server, SERVER_PORT);
	(void)strcpy(options.name, talk->name ? talk->name : "www.example.org");
	(void)strcpy((char *)server->run.greeting, "SSH-");
	server->run.has_greeting = talk->has_greeting;
	server->context.tls = &options;
	server->context.is_alone = talk->is_alone;
	server_talk_run(server);
	talk->took_ns = server->took_ns;
	talk->most_open = server->most_open;
	assert_true(server->is_over);
	assert_int_equal(server->left_open, 0);
	assert_int_equal(server->resets, 0);
	assert_int_equal(server->run_sent, 0);
	free(server);
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
