#include "tests/support/server_talk.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_PORT = SERVER_TALK_RUN_PORT + 1, STEPS = 100000 };

static const int64_t began_ns = 1000000000, trip_ns = 1000000;

void server_talk_begin(struct server_talk *talk, uint16_t server_port)
{
	assert(talk->experiment->connections <= SERVER_TALK_OWN);
	talk->run = (struct connection){.state = CONNECTION_OPEN,
		.own_port = SERVER_TALK_RUN_PORT,
		.target_port = server_port,
		.has_sack = true};
	for (unsigned i = 0; i < SERVER_TALK_OWN; i++)
		talk->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.target_port = server_port,
			.offered_mss = SERVER_TALK_MSS,
			.first_sequence = 7000,
		};
	talk->context = (struct probe_context){.connection = &talk->run,
		.family = 4,
		.port = server_port,
		.own = talk->own,
		.own_count = talk->experiment->connections};
	talk->context.now_ns = talk->now_ns = began_ns;
}

static void tell(struct server_talk *talk, const struct event *event)
{
	if (talk->is_over)
		return;
	talk->context.now_ns = talk->now_ns;
	talk->is_over = !talk->experiment->step(
		talk->memory, &talk->context, event, talk->tx_queue);
}

void server_talk_say(struct server_talk *talk, unsigned line, uint16_t flags,
	const uint8_t *bytes, uint32_t count)
{
	struct connection *connection = &talk->own[line];
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.source_port = connection->target_port,
		.target_port = connection->own_port,
		.tcp_flags = flags,
		.ttl = 60,
		.sequence = flags & TCP_SYN ? 8999 : connection->receive_next,
		.acknowledged = connection->first_sequence + 1 +
				talk->lines[line].heard,
		.options = flags & TCP_SYN ? OPTION_SACK_PERMITTED | OPTION_MSS
					   : 0,
		.mss = SERVER_TALK_MSS,
		.payload = bytes,
		.payload_bytes = count,
		.payload_captured = count};
	struct event event = {.kind = EVENT_PACKET,
		.packet = &packet,
		.connection = connection};

	talk->now_ns += trip_ns;
	connection_receive(connection, &packet, talk->tx_queue);
	tell(talk, &event);
}

void server_talk_close(struct server_talk *talk, unsigned line)
{
	talk->lines[line].is_open = false;
	server_talk_say(talk, line, TCP_FIN | TCP_ACK, NULL, 0);
}

unsigned server_talk_open(const struct server_talk *talk)
{
	unsigned open = 0;

	for (unsigned i = 0; i < SERVER_TALK_OWN; i++)
		open += talk->lines[i].is_open;
	return open;
}

static void accept_one(struct server_talk *talk, unsigned line)
{
	unsigned open;

	talk->lines[line] = (struct server_line){.is_open = true};
	talk->opened++;
	open = server_talk_open(talk);
	if (open > talk->most_open)
		talk->most_open = open;
	server_talk_say(talk, line, TCP_SYN | TCP_ACK, NULL, 0);
	if (talk->rules->accepted)
		talk->rules->accepted(talk, line);
}

static void send_one(struct server_talk *talk, const struct probe_packet *probe)
{
	unsigned line = (unsigned)probe->source_port - FIRST_PORT;

	talk->marked += probe->tos != 0;
	talk->resets += (probe->tcp_flags & TCP_RST) != 0;
	if (probe->source_port == SERVER_TALK_RUN_PORT) {
		talk->run_sent++;
		return;
	}
	assert(line < SERVER_TALK_OWN);
	if (probe->tcp_flags & TCP_SYN) {
		accept_one(talk, line);
	} else if (probe->tcp_flags & TCP_FIN) {
		if (!talk->lines[line].is_open)
			return;
		talk->lines[line].heard++;
		server_talk_close(talk, line);
	} else if (probe->payload_bytes) {
		talk->rules->data(talk, line,
			probe->sequence - talk->own[line].first_sequence - 1,
			probe);
	}
}

static void send_all(struct server_talk *talk)
{
	const struct probe_packet *next;

	while ((next = tx_queue_take(talk->tx_queue)) != NULL) {
		struct probe_packet probe = *next;

		send_one(talk, &probe);
	}
	if (talk->tx_queue->timer_ms)
		talk->timer_ns = talk->now_ns +
				 talk->tx_queue->timer_ms * INT64_C(1000000);
	talk->tx_queue->timer_ms = 0;
}

/* Nothing is on its way: silences for the connections, then time passes. */
static void pass_time(struct server_talk *talk)
{
	static const struct event timer = {.kind = EVENT_TIMER},
				  timeout = {.kind = EVENT_TIMEOUT};

	for (unsigned i = 0; i < SERVER_TALK_OWN; i++)
		if (connection_is_waiting(&talk->own[i]))
			connection_silence(&talk->own[i], talk->tx_queue);
	if (talk->tx_queue->count)
		return;
	tell(talk, &timeout);
	if (talk->timer_ns > talk->now_ns)
		talk->now_ns = talk->timer_ns;
	tell(talk, &timer);
}

void server_talk_run(struct server_talk *talk)
{
	talk->tx_queue = calloc(1, sizeof(*talk->tx_queue));
	talk->memory = calloc(1, talk->experiment->state_bytes);
	assert(talk->tx_queue && talk->memory);
	talk->is_over = !talk->experiment->start(
		talk->memory, &talk->context, talk->tx_queue);
	for (unsigned i = 0; i < STEPS && !talk->is_over; i++) {
		send_all(talk);
		for (unsigned j = 0; j < SERVER_TALK_OWN; j++)
			if (talk->lines[j].is_open)
				talk->rules->speak(talk, j);
		if (!talk->tx_queue->count)
			pass_time(talk);
	}
	talk->took_ns = talk->now_ns - began_ns;
	send_all(talk);
	talk->left_open = server_talk_open(talk);
	free(talk->memory);
	free(talk->tx_queue);
}
