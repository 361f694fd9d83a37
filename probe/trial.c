#include "probe/trial.h"

enum {
	HEAR_MS = 60,
	REPEAT_MS = 120, /* for what is missing to be sent again */
	PATIENCE = 4,	 /* silences without a word */
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

static void take_data(struct trial *trial, const struct event *event,
	struct outbox *outbox)
{
	const struct packet *packet = event->packet;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0)
		return;
	trial->has_heard = true;
	if (!event->is_one_segment)
		return;
	if (packet->ip_bytes > trial->largest) {
		trial->largest = packet->ip_bytes;
		trial->is_cut = !(packet->tcp_flags & (TCP_PSH | TCP_FIN));
	}
	if (packet->ip_bytes >= trial->ip_bytes)
		end(trial, STAGE_ARRIVED, outbox);
}

/* The window opens for one segment. The rest has to follow before the first is
 * repeated: then nothing new is sent. */
static void open_window(struct trial *trial, struct outbox *outbox)
{
	trial->stage = STAGE_HEARING;
	trial->silences = 0;
	outbox->wait_ms = HEAR_MS;
	connection_allow(trial->connection, trial->connection->offered_mss,
		outbox);
}

void trial_hear(struct trial *trial, const struct event *event,
	const struct speech *speech, const struct situation *situation,
	unsigned collect_ms, struct outbox *outbox)
{
	struct connection *connection = trial->connection;

	if (trial->stage >= STAGE_ARRIVED)
		return;
	if (is_gone(connection)) {
		end(trial, STAGE_MUTE, outbox);
		return;
	}
	if (trial->stage == STAGE_OPENING &&
		connection->state == CONNECTION_OPEN) {
		connection_allow(connection, 0, outbox);
		trial->stage = STAGE_SAYING;
		if (!connection_say(connection, speech->bytes, speech->used,
			    outbox))
			trial->stage = STAGE_MUTE;
	}
	if (trial->stage == STAGE_SAYING && connection_is_heard(connection)) {
		trial->stage = STAGE_COLLECTING;
		/* It has as long again until it hears of the window. */
		if (situation->round_trip_ms >= collect_ms)
			open_window(trial, outbox);
	}
	take_data(trial, event, outbox);
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
	case STAGE_COLLECTING:
		open_window(trial, outbox);
		break;
	case STAGE_HEARING:
		trial->stage = STAGE_WAITING;
		outbox->wait_ms = REPEAT_MS;
		connection_allow(connection, UINT16_MAX, outbox);
		break;
	case STAGE_WAITING:
		if (connection_has_gap(connection))
			end(trial, STAGE_MISSING, outbox);
		else if (trial->has_heard)
			end(trial, STAGE_SHORT, outbox);
		else if (++trial->silences > PATIENCE)
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
