#include "probe/trial.h"

enum {
	HEAR_MS = 60,
	AGAIN_MS = 300, /* for the first to be sent again: it comes alone */
	AGAINS = 2,
	REPEAT_MS = 120, /* for what is missing to be sent again */
	PATIENCE = 4,	 /* silences without an acknowledgment */
	REPEATS = 2,	 /* of a window that nothing comes into */
};

static bool is_gone(const struct connection *connection)
{
	return connection->state != CONNECTION_OPENING &&
		connection->state != CONNECTION_OPEN;
}

static void end(
	struct trial *trial, enum stage stage, struct outbox *outbox)
{
	trial->stage = stage;
	if (trial->connection->state == CONNECTION_OPEN)
		connection_close(trial->connection, outbox);
}

/* Whether what came is more than a greeting that was sent before its time. */
static bool has_heard(const struct trial *trial)
{
	return trial->pieces > 0 &&
		connection_heard_bytes(trial->connection) >=
		trial->plain_bytes;
}

static void take_data(struct trial *trial, const struct event *event,
	struct outbox *outbox)
{
	const struct packet *packet = event->packet;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0)
		return;
	trial->is_merged = trial->is_merged || !event->is_one_segment;
	if (trial->connection->is_ignoring && !event->is_one_segment)
		outbox->wait_ms = AGAIN_MS;
	else
		trial->pieces++;
	if (!event->is_one_segment)
		return;
	if (packet->ip_bytes > trial->largest) {
		trial->largest = packet->ip_bytes;
		trial->is_halved = packet->payload_bytes ==
			trial->connection->offered_mss / 2;
		trial->is_cut = !(packet->tcp_flags & (TCP_PSH | TCP_FIN));
	}
	if (packet->ip_bytes >= trial->ip_bytes)
		end(trial, STAGE_ARRIVED, outbox);
	else if (trial->plain_bytes && !trial->is_cut &&
		connection_heard_bytes(trial->connection) > trial->plain_bytes)
		end(trial, STAGE_SHORT, outbox); /* that was all */
}

void trial_leave(struct trial *trial, struct outbox *outbox)
{
	end(trial, STAGE_SHORT, outbox);
}

/* The window opens for one segment. The rest has to follow before the first is
 * repeated: then nothing new is sent. Where checksums can't tell whether it is
 * one, it has to come again. */
static void open_window(struct trial *trial, struct outbox *outbox)
{
	trial->stage = STAGE_HEARING;
	trial->silences = 0;
	outbox->wait_ms = HEAR_MS;
	if (trial->connection->is_unsummed)
		connection_ignore(trial->connection);
	connection_allow(trial->connection, trial->connection->offered_mss,
		outbox);
}

void trial_speak(struct trial *trial, const struct speech *speech,
	unsigned collect_ms, struct outbox *outbox)
{
	struct connection *connection = trial->connection;

	if (trial->stage == STAGE_OPENING &&
		connection->state == CONNECTION_OPEN) {
		connection_allow(connection, 0, outbox);
		trial->stage = STAGE_SAYING;
	}
	if (trial->stage != STAGE_SAYING || trial->has_said ||
		!connection_is_heard(connection))
		return;
	if (speech->used > trial->said_bytes) {
		(void)connection_say(connection,
			speech->bytes + trial->said_bytes,
			(uint16_t)(speech->used - trial->said_bytes), outbox);
		trial->said_bytes = speech->used;
	}
	trial->has_said = speech->is_whole;
	trial->plain_bytes = speech->plain_bytes;
	if (trial->has_said) {
		trial->silences = 0;
		outbox->alarm_ms = collect_ms;
	}
}

void trial_hear(struct trial *trial, const struct event *event,
	const struct speech *speech, unsigned collect_ms,
	struct outbox *outbox)
{
	if (trial->stage >= STAGE_ARRIVED)
		return;
	if (is_gone(trial->connection)) {
		end(trial, STAGE_MUTE, outbox);
		return;
	}
	trial_speak(trial, speech, collect_ms, outbox);
	take_data(trial, event, outbox);
}

/* Words that should be acknowledged by now, and are not, are said again. */
void trial_alarm(struct trial *trial, const struct situation *situation,
	unsigned collect_ms, struct outbox *outbox)
{
	if (trial->stage != STAGE_SAYING || !trial->has_said)
		return;
	if (connection_is_heard(trial->connection) ||
		situation->round_trip_ms >= collect_ms)
		open_window(trial, outbox);
	else
		outbox->alarm_ms = collect_ms;
}

void trial_silence(struct trial *trial, struct outbox *outbox)
{
	struct connection *connection = trial->connection;

	switch (trial->stage) {
	case STAGE_OPENING:
	case STAGE_SAYING:
		if (is_gone(connection) || ++trial->silences > 2 * PATIENCE)
			end(trial, STAGE_MUTE, outbox);
		break;
	case STAGE_HEARING:
		if (trial->is_merged && connection->is_ignoring) {
			if (++trial->silences > AGAINS)
				end(trial, STAGE_SHORT, outbox);
			break;
		}
		connection_heed(connection);
		trial->stage = STAGE_WAITING;
		outbox->wait_ms = REPEAT_MS;
		connection_allow(connection, UINT16_MAX, outbox);
		break;
	case STAGE_WAITING:
		if (connection_has_gap(connection))
			end(trial, STAGE_MISSING, outbox);
		else if (has_heard(trial))
			end(trial, STAGE_SHORT, outbox);
		else if (++trial->silences > REPEATS)
			end(trial, STAGE_MUTE, outbox);
		else /* it may not have heard of the window */
			connection_allow(connection, UINT16_MAX, outbox);
		break;
	case STAGE_UNUSED:
	case STAGE_ARRIVED:
	case STAGE_MISSING:
	case STAGE_SHORT:
	case STAGE_MUTE:
		break;
	}
}
