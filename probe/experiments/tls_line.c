#include "probe/experiments/tls_line.h"

#include <string.h>

#include "probe/tcp/tls_hello.h"

enum {
	OPENING_WAIT_S = 30, /* longer than the SYN is repeated */
	USUAL_MSS = 536,     /* where the server names none (RFC 9293, 3.7.1) */
	/* beyond a full segment: the first one has one byte, and the last one
	 * is the rest */
	BESIDE_SEGMENT = 16,
};

static int64_t second(int64_t number)
{
	return number * 1000000000;
}

static void enter(struct tls_line *line, enum tls_stage stage, int64_t now_ns)
{
	line->stage = stage;
	line->since_ns = now_ns;
}

void tls_line_open(struct tls_line *line, struct connection *connection,
	enum tls_purpose purpose, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	*line = (struct tls_line){.connection = connection, .purpose = purpose};
	enter(line, TLS_OPENING, context->now_ns);
	if (purpose != TLS_LARGE)
		connection->offered_mss = TLS_SMALL_MSS;
	connection_open(connection, tx_queue);
}

/* The stream as far as it is known; packets come in any order. */
void tls_line_hear(struct tls_line *line, const struct event *event)
{
	const struct packet *packet = event->packet;
	uint32_t at = packet->sequence - line->connection->receive_first;

	if (packet->kind == PACKET_TCP && packet->payload &&
		at < TLS_STREAM_BYTES &&
		packet->payload_captured <= TLS_STREAM_BYTES - at)
		memcpy(line->heard + at, packet->payload,
			packet->payload_captured);
}

static uint32_t known_bytes(const struct tls_line *line)
{
	/* the end counts as a byte */
	uint32_t bytes = connection_received_bytes(line->connection) -
			 line->connection->has_peer_closed;

	return bytes < TLS_STREAM_BYTES ? bytes : TLS_STREAM_BYTES;
}

static uint16_t segment_of(const struct tls_line *line)
{
	const struct connection *connection = line->connection;
	uint16_t most = connection->peer_mss ? connection->peer_mss : USUAL_MSS;

	if (connection->offered_mss < most)
		most = connection->offered_mss;
	if (most < TLS_SMALL_MSS)
		most = TLS_SMALL_MSS; /* absurd: not so many packets */
	return most < TLS_MOST_SEGMENT ? most : TLS_MOST_SEGMENT;
}

/* Small ones go in one segment, as those of clients do, where they fit: devices
 * look for the name in the first. */
static void ask(struct tls_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct byte_writer writer = {line->said, sizeof(line->said), 0, false};
	bool is_large = line->purpose == TLS_LARGE, is_said = false;
	uint16_t segment = segment_of(line);

	tls_hello_write(&writer, line->purpose, context->tls->name,
		is_large ? (uint32_t)segment + BESIDE_SEGMENT : 0);
	if (is_large)
		line->connection->said_segment = segment;
	if (!writer.is_full && writer.used <= TLS_SMALL_MSS)
		is_said = connection_send_whole(line->connection, line->said,
			(uint16_t)writer.used, tx_queue);
	else if (!writer.is_full)
		is_said = connection_send(line->connection, line->said,
			(uint16_t)writer.used, tx_queue);
	enter(line, is_said ? TLS_ASKED : TLS_STALLED, context->now_ns);
}

/* What came so far; `is_last`: nothing more will. */
static void judge(struct tls_line *line, const struct probe_context *context,
	bool is_last)
{
	struct tls_answer answer;

	tls_answer_read(&answer, line->heard, known_bytes(line));
	if (!is_last && !tls_answer_is_whole(&answer))
		return;
	line->version = answer.version;
	line->alert = answer.alert;
	switch (answer.kind) {
	case TLS_ANSWER_HELLO:
		enter(line, TLS_ANSWERED, context->now_ns);
		break;
	case TLS_ANSWER_ALERT:
		enter(line, TLS_ALERTED, context->now_ns);
		break;
	case TLS_ANSWER_OTHER:
		enter(line, TLS_FOREIGN, context->now_ns);
		break;
	case TLS_ANSWER_NONE:
		break;
	}
}

static bool has_hello(const struct tls_line *line)
{
	struct tls_answer answer;

	tls_answer_read(&answer, line->heard, known_bytes(line));
	return answer.kind == TLS_ANSWER_HELLO;
}

static bool has_waited(struct tls_line *line, int64_t now_ns)
{
	if (known_bytes(line) != line->known) {
		line->known = known_bytes(line);
		line->known_ns = now_ns;
	}
	if (now_ns - line->since_ns >= second(TLS_ANSWER_WAIT_S))
		return true;
	return line->known &&
	       now_ns - line->known_ns >= second(TLS_REST_WAIT_S) &&
	       has_hello(line);
}

void tls_line_retreat(struct tls_line *line, struct tx_queue *tx_queue)
{
	if (!tls_line_is_over(line) && line->connection->said_segment)
		connection_send_smaller(line->connection, tx_queue);
}

void tls_line_act(struct tls_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct connection *connection = line->connection;
	bool is_gone;

	if (tls_line_is_over(line))
		return;
	if (connection->state == CONNECTION_REFUSED ||
		connection->state == CONNECTION_SILENT ||
		(connection->state == CONNECTION_OPENING &&
			context->now_ns - line->since_ns >=
				second(OPENING_WAIT_S))) {
		enter(line, TLS_SILENT, context->now_ns);
		return;
	}
	/* A server that greets speaks another protocol, and need not be told
	 * anything. */
	is_gone = connection_is_gone(connection) || connection->has_peer_closed;
	if (connection->state != CONNECTION_OPENING)
		judge(line, context, is_gone);
	if (tls_line_is_over(line))
		return;
	if (is_gone)
		enter(line, TLS_ENDED, context->now_ns);
	else if (line->stage == TLS_OPENING &&
		 connection->state == CONNECTION_OPEN)
		ask(line, context, tx_queue);
	else if (line->stage == TLS_ASKED && has_waited(line, context->now_ns))
		judge(line, context, true);
	else
		return;
	if (line->stage == TLS_ASKED && has_waited(line, context->now_ns))
		enter(line, TLS_STALLED, context->now_ns);
}
