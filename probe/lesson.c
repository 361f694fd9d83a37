#include "probe/lesson.h"

#include <string.h>

enum {
	PATIENCE = 4,	     /* silences without a word */
	LEAST_BYTES = 576,   /* an interface with less is not asked on */
	LESSON_BYTES = 1280, /* passes nearly everywhere, and a KEXINIT fits */
	GREETING_MS = 25, /* for the server to greet and name algorithms */
};

struct connection *lesson_open(struct lesson *lesson,
	struct situation *situation, uint32_t ip_bytes, struct outbox *outbox)
{
	uint32_t header = situation->family == 4 ? 40 : 60;

	if (lesson->used >= situation->own_count)
		return NULL;
	struct connection *connection = &situation->own[lesson->used++];

	connection->offered_mss = (uint16_t)(ip_bytes - header);
	connection_open(connection, outbox);
	return connection;
}

static enum lesson_state choose(struct lesson *lesson,
	struct situation *situation, struct outbox *outbox)
{
	const struct connection *main = situation->connection;
	enum speech_kind kind = speech_of(situation->port,
		main->has_greeting ? main->greeting : NULL);

	if (kind == SPEECH_NONE)
		return main->has_greeting ? LESSON_LOST : LESSON_GREETING;
	speech_begin(&lesson->speech, kind);
	if (kind != SPEECH_SSH)
		return LESSON_LEARNED;
	lesson->silences = 0;
	lesson->teacher = lesson_open(lesson, situation,
		situation->interface_mtu < LESSON_BYTES
			? situation->interface_mtu
			: LESSON_BYTES,
		outbox);
	return lesson->teacher ? LESSON_LISTENING : LESSON_LOST;
}

static bool is_gone(const struct connection *connection)
{
	return connection->state != CONNECTION_OPENING &&
		connection->state != CONNECTION_OPEN;
}

enum lesson_state lesson_begin(struct lesson *lesson,
	struct situation *situation, struct outbox *outbox)
{
	lesson->state = is_gone(situation->connection) ||
			situation->interface_mtu < LEAST_BYTES
		? LESSON_LOST
		: choose(lesson, situation, outbox);
	return lesson->state;
}

/* The stream as far as it is known; packets come in any order. */
static void keep_heard(struct lesson *lesson, const struct packet *packet)
{
	uint32_t at = packet->sequence - lesson->teacher->receive_first;

	if (at < LESSON_HEARD && packet->payload_captured <= LESSON_HEARD - at)
		memcpy(lesson->heard + at, packet->payload,
			packet->payload_captured);
}

/* With no window the server has to keep its greeting until its algorithms are
 * there too: else those wait until we have acknowledged the greeting (RFC 9293,
 * 3.7.4). */
static void greet(struct lesson *lesson, struct outbox *outbox)
{
	connection_allow(lesson->teacher, 0, outbox);
	(void)connection_say(lesson->teacher, lesson->speech.bytes,
		lesson->speech.used, outbox);
	outbox->alarm_ms = GREETING_MS;
}

static enum lesson_state listen(struct lesson *lesson,
	const struct situation *situation, const struct event *event,
	struct outbox *outbox)
{
	struct connection *teacher = lesson->teacher;

	if (is_gone(situation->connection))
		return LESSON_LOST;
	/* Again after a silence: it may not have been heard. */
	if ((event->kind == EVENT_SILENCE || event->kind == EVENT_ALARM) &&
		teacher->state == CONNECTION_OPEN && teacher->said)
		connection_allow(teacher, UINT16_MAX, outbox);
	if (event->kind == EVENT_SILENCE)
		return ++lesson->silences > PATIENCE || is_gone(teacher)
			? LESSON_LOST
			: LESSON_LISTENING;
	if (event->connection != teacher)
		return LESSON_LISTENING;
	if (teacher->state == CONNECTION_OPEN && !teacher->said)
		greet(lesson, outbox);
	if (is_gone(teacher))
		return LESSON_LOST;
	if (event->packet->kind != PACKET_TCP ||
		event->packet->payload_captured == 0)
		return LESSON_LISTENING;
	keep_heard(lesson, event->packet);
	uint32_t known = connection_heard_bytes(teacher);
	if (!connection_is_heard(teacher))
		return LESSON_LISTENING;
	switch (speech_ssh(&lesson->speech, lesson->heard,
		known < LESSON_HEARD ? known : LESSON_HEARD)) {
	case SPEECH_WAITS:
		return teacher->has_peer_closed || known >= LESSON_HEARD
			? LESSON_LOST
			: LESSON_LISTENING;
	case SPEECH_READY:
		lesson->speech.plain_bytes = known;
		connection_close(teacher, outbox);
		return LESSON_LEARNED;
	case SPEECH_LOST:
		break;
	}
	return LESSON_LOST;
}

enum lesson_state lesson_step(struct lesson *lesson,
	struct situation *situation, const struct event *event,
	struct outbox *outbox)
{
	switch (lesson->state) {
	case LESSON_GREETING:
		lesson->state = lesson_begin(lesson, situation, outbox);
		if (lesson->state == LESSON_GREETING &&
			situation->connection->state == CONNECTION_OPEN &&
			event->kind == EVENT_SILENCE &&
			++lesson->silences > PATIENCE)
			lesson->state = LESSON_LOST;
		break;
	case LESSON_LISTENING:
		lesson->state = listen(lesson, situation, event, outbox);
		break;
	case LESSON_LEARNED:
	case LESSON_LOST:
		break;
	}
	return lesson->state;
}
