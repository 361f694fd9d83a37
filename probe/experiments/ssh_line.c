#include "probe/experiments/ssh_line.h"

#include <string.h>

#include "probe/protocol/segment_size.h"
#include "probe/tcp/ssh_offer.h"

enum {
	USUAL_MSS = 536, /* where the server names none (RFC 9293, 3.7.1) */
	/* beyond a full segment: the first one has one byte, and the last one
	 * is the rest */
	BESIDE_SEGMENT = 16,
};

static int64_t second(int64_t number)
{
	return number * 1000000000;
}

static void enter(struct ssh_line *line, enum ssh_stage stage, int64_t now_ns)
{
	if (stage >= SSH_REFUSED)
		line->reached = line->stage;
	line->stage = stage;
	line->since_ns = now_ns;
}

void ssh_line_open(struct ssh_line *line, struct connection *connection,
	enum ssh_purpose purpose, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	line->connection = connection;
	line->purpose = purpose;
	line->banner_ns = 0;
	enter(line, SSH_OPENING, context->now_ns);
	if (purpose == SSH_PHASES)
		connection->offered_mss = SSH_SMALL_MSS;
	(void)probe_context_open( /* the caller has looked */
		context, connection, tx_queue);
}

/* The stream as far as it is known; packets come in any order. */
void ssh_line_hear(struct ssh_line *line, const struct event *event)
{
	const struct packet *packet = event->packet;
	uint32_t at = packet->sequence - line->connection->receive_first;

	if (packet->kind == PACKET_TCP && packet->payload &&
		at < SSH_HEARD_BYTES &&
		packet->payload_captured <= SSH_HEARD_BYTES - at)
		memcpy(line->heard + at, packet->payload,
			packet->payload_captured);
}

static uint32_t known_bytes(const struct ssh_line *line)
{
	uint32_t bytes = connection_received_bytes(line->connection);

	return bytes < SSH_HEARD_BYTES ? bytes : SSH_HEARD_BYTES;
}

static void introduce(struct ssh_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	const char *text = ssh_rules_identification(line->purpose);

	if (connection_send(line->connection, (const uint8_t *)text,
		    (uint16_t)strlen(text), tx_queue))
		enter(line, SSH_BANNER, context->now_ns);
}

static uint16_t segment_of(const struct ssh_line *line)
{
	const struct connection *connection = line->connection;
	uint16_t most = connection->peer_mss ? connection->peer_mss : USUAL_MSS;

	if (connection->offered_mss < most)
		most = connection->offered_mss;
	if (most < SSH_SMALL_MSS)
		most = SSH_SMALL_MSS; /* absurd: not so many packets */
	return most < SSH_MOST_SEGMENT ? most : SSH_MOST_SEGMENT;
}

static struct byte_writer writer_on(struct ssh_line *line)
{
	return (struct byte_writer){line->said, sizeof(line->said), 0, false};
}

static bool say(struct ssh_line *line, const struct byte_writer *writer,
	struct tx_queue *tx_queue)
{
	return !writer->is_full && connection_send(line->connection, line->said,
					   (uint16_t)writer->used, tx_queue);
}

/* The server's identification came: ours are the algorithms. */
static void offer(struct ssh_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	bool is_large = line->purpose == SSH_LARGE;
	struct byte_writer writer = writer_on(line);
	uint16_t segment = segment_of(line);

	if (line->banner_ns == 0)
		line->banner_ns = context->now_ns - line->since_ns;
	if (line->purpose == SSH_STARTUPS) {
		enter(line, SSH_DONE, context->now_ns);
		return;
	}
	if (!connection_is_heard(line->connection))
		return;
	if (is_large)
		line->connection->said_segment = segment;
	ssh_offer_write(&writer, &context->ssh->profile, is_large,
		is_large ? (uint32_t)segment + BESIDE_SEGMENT : 0);
	enter(line, say(line, &writer, tx_queue) ? SSH_ALGORITHMS : SSH_STALLED,
		context->now_ns);
}

static void exchange(struct ssh_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct byte_writer writer = writer_on(line);

	if (!connection_is_heard(line->connection))
		return; /* what is said stands where this would be written */
	switch (ssh_offer_answer(&writer, &context->ssh->profile,
		line->purpose == SSH_LARGE, line->heard, known_bytes(line))) {
	case SSH_WIRE_WAITS:
		break;
	case SSH_WIRE_READY:
		if (say(line, &writer, tx_queue))
			enter(line, SSH_REPLY, context->now_ns);
		break;
	case SSH_WIRE_LOST:
		enter(line, SSH_REFUSED, context->now_ns);
		break;
	}
}

/* Whether the message after the server's KEXINIT is there. */
static bool is_answered(const struct ssh_line *line)
{
	uint32_t known = known_bytes(line), next;
	uint32_t at = ssh_wire_identified(line->heard, known);
	uint8_t type;

	for (int i = 0; i < 2; i++) {
		if (ssh_wire_packet(line->heard, known, at, &type, &next) !=
			SSH_WIRE_READY)
			return false;
		at = next;
	}
	return true;
}

static bool has_waited(const struct ssh_line *line, int64_t now_ns)
{
	int64_t most_s = line->stage == SSH_BANNER ? SSH_BANNER_WAIT_S
						   : SSH_MESSAGE_WAIT_S;

	return now_ns - line->since_ns >= second(most_s);
}

static void advance(struct ssh_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	uint32_t known = known_bytes(line);

	switch (line->stage) {
	case SSH_OPENING:
		introduce(line, context, tx_queue);
		break;
	case SSH_BANNER:
		if (ssh_wire_identified(line->heard, known))
			offer(line, context, tx_queue);
		break;
	case SSH_ALGORITHMS:
		exchange(line, context, tx_queue);
		break;
	case SSH_REPLY:
		if (is_answered(line))
			enter(line, SSH_DONE, context->now_ns);
		break;
	case SSH_UNUSED:
	case SSH_DONE:
	case SSH_REFUSED:
	case SSH_STALLED:
	case SSH_SILENT:
		break;
	}
}

void ssh_line_retreat(struct ssh_line *line, struct tx_queue *tx_queue)
{
	if (!ssh_line_is_over(line) && line->connection->said_segment)
		connection_send_smaller(line->connection, tx_queue);
}

void ssh_line_act(struct ssh_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct connection *connection = line->connection;

	if (ssh_line_is_over(line))
		return;
	if (connection->state == CONNECTION_OPEN)
		advance(line, context, tx_queue);
	if (ssh_line_is_over(line))
		return;
	if (connection->state == CONNECTION_REFUSED ||
		connection->state == CONNECTION_SILENT)
		enter(line, SSH_SILENT, context->now_ns);
	else if (connection_is_gone(connection) || connection->has_peer_closed)
		enter(line, SSH_REFUSED, context->now_ns);
	else if (line->stage != SSH_OPENING &&
		 has_waited(line, context->now_ns))
		enter(line, SSH_STALLED, context->now_ns);
}
