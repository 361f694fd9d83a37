/* Does the server heed a "too big"? (The idea is tbit's.) It is made to say
 * much; its first large segment is not acknowledged but answered with an ICMP
 * "fragmentation needed" or ICMPv6 "packet too big" that quotes it, from our
 * own address: an end of the path may say what it takes. A server that heeds
 * it sends the same bytes again in smaller segments.
 *
 * Servers keep the size for our address for a while (Linux: ten minutes), so
 * this is done only when it is asked for, and last. */
#include "probe/experiment.h"

#include <stdio.h>

#include "probe/lesson.h"

enum {
	CONNECTIONS = 2,
	LIMIT_BYTES = 1280, /* no less has to be heeded in IPv6 */
	COLLECT_MS = 450,
	WAIT_MS = 1000,
	WAITS = 9, /* Linux' tcp_mtu_probing begins at 6.5 s */
	MOST_TOLD = 3,
	LEAST_LIMIT = 600, /* Linux heeds none below 552 */
};

enum phase { PHASE_LESSON, PHASE_SAYING, PHASE_COLLECTING, PHASE_TELLING };

struct too_big_state {
	enum phase phase;
	struct lesson lesson;
	struct connection *connection;
	uint32_t limit;
	unsigned told, silences;
};

static bool begin(struct too_big_state *state, struct situation *situation,
	struct outbox *outbox)
{
	uint32_t size = situation->reverse_limit ? situation->reverse_limit
						 : situation->interface_mtu;

	state->limit = size > LIMIT_BYTES ? LIMIT_BYTES : size - size / 4;
	if (state->limit < LEAST_LIMIT ||
		(situation->family == 6 && state->limit < LIMIT_BYTES))
		return false;
	state->phase = PHASE_SAYING;
	state->silences = 0;
	state->connection = lesson_open(
		&state->lesson, situation, size, outbox);
	return state->connection != NULL;
}

static bool go_on(struct too_big_state *state, enum lesson_state lesson,
	struct situation *situation, struct outbox *outbox)
{
	switch (lesson) {
	case LESSON_GREETING:
	case LESSON_LISTENING:
		return true;
	case LESSON_LEARNED:
		return begin(state, situation, outbox);
	case LESSON_LOST:
		break;
	}
	return false;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	struct too_big_state *state = memory;

	outbox->wait_ms = COLLECT_MS;
	return go_on(state, lesson_begin(&state->lesson, situation, outbox),
		situation, outbox);
}

static void tell(struct too_big_state *state,
	const struct packet *packet, struct outbox *outbox)
{
	struct question *question = outbox_add(outbox);

	if (!question)
		return;
	question->kind = QUESTION_TOO_BIG;
	question->claimed_mtu = (uint16_t)state->limit;
	question->quote = (struct quotation){
		.family = packet->family,
		.protocol = PROTOCOL_TCP,
		.source = packet->source,
		.target = packet->target,
		.source_port = packet->source_port,
		.target_port = packet->target_port,
		.has_ports = true,
		.sequence = packet->sequence,
		.has_sequence = true,
		.acknowledged = packet->acknowledged,
		.tcp_flags = packet->tcp_flags,
		.has_acknowledged = true,
		.total_bytes = (uint16_t)packet->ip_bytes,
		.ip_id = packet->ip_id,
		.is_df = packet->is_df,
		.ttl = packet->ttl,
		.tos = packet->tos,
	};
	(void)snprintf(question->comment, sizeof(question->comment),
		"too-big: no more than %u", state->limit);
	state->told++;
}

/* False when the server has answered in one way or another. */
static bool take_data(struct too_big_state *state, const struct event *event,
	struct outbox *outbox)
{
	const struct packet *packet = event->packet;
	bool is_first = packet->sequence == state->connection->receive_next;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0 ||
		!is_first || !event->is_one_segment)
		return true;
	if (packet->family == 4 && !packet->is_df)
		return false; /* it lets others cut its packets */
	if (packet->ip_bytes <= state->limit)
		return state->told == 0;
	if (state->told < MOST_TOLD)
		tell(state, packet, outbox);
	return true;
}

static bool take_packet(struct too_big_state *state,
	const struct event *event, struct outbox *outbox)
{
	struct connection *connection = state->connection;

	if (connection->state != CONNECTION_OPENING &&
		connection->state != CONNECTION_OPEN)
		return false;
	if (state->phase == PHASE_SAYING &&
		connection->state == CONNECTION_OPEN && !connection->said) {
		connection_allow(connection, 0, outbox);
		(void)connection_say(connection, state->lesson.speech.bytes,
			state->lesson.speech.used, outbox);
	}
	if (state->phase == PHASE_SAYING && connection->said &&
		connection_is_heard(connection))
		state->phase = PHASE_COLLECTING;
	return state->phase != PHASE_TELLING ||
		take_data(state, event, outbox);
}

static bool take_silence(struct too_big_state *state, struct outbox *outbox)
{
	struct connection *connection = state->connection;

	if (state->phase == PHASE_COLLECTING) {
		state->phase = PHASE_TELLING;
		state->silences = 0;
		outbox->wait_ms = WAIT_MS;
		connection_ignore(connection);
		connection_allow(connection, UINT16_MAX, outbox);
		return true;
	}
	state->silences++;
	if (state->phase == PHASE_TELLING && state->told == 0)
		return state->silences <= 1;
	return state->silences < WAITS;
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct too_big_state *state = memory;
	bool goes_on = true;

	if (state->phase == PHASE_LESSON)
		return go_on(state,
			lesson_step(&state->lesson, situation, event, outbox),
			situation, outbox);
	if (event->kind == EVENT_SILENCE)
		goes_on = take_silence(state, outbox);
	else if (event->connection == state->connection)
		goes_on = take_packet(state, event, outbox);
	if (!goes_on)
		connection_close(state->connection, outbox);
	return goes_on;
}

const struct experiment experiment_too_big = {
	.name = "too-big",
	.asks = "whether the server heeds a \"too big\"",
	.state_bytes = sizeof(struct too_big_state),
	.most_packets = 200,
	.connections = CONNECTIONS,
	.is_late = true,
	.is_extra = true,
	.start = start,
	.step = step,
};
