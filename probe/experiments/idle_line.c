#include "probe/experiments/idle_line.h"

#include <stdio.h>

#include "probe/protocol/idle_rules.h"

enum {
	CONFIRM_TRIES = 4,
	SPACING_MS = 100, /* between questions, and two round trips */
	PACKET_MS = 5,	  /* that one packet takes, at 200 a second */
	SLOW_MS = 10,	  /* and at 100 */
	LOOK_MS = 100,	  /* how often a handshake is looked at */
};

static int64_t ms(int64_t number)
{
	return number * 1000000;
}

static int64_t spacing_ns(const struct probe_context *context)
{
	return ms(SPACING_MS + 2 * (int64_t)context->round_trip_ms);
}

/* One byte below the next number, of which the server has acknowledged all. */
static void send_question(const struct idle_line *line, unsigned number,
	unsigned ttl, const char *comment, struct tx_queue *tx_queue)
{
	static const uint8_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
	const struct connection *connection = line->connection;
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->source_port = connection->own_port;
	probe->target_port = connection->target_port;
	probe->tcp_flags = TCP_ACK;
	probe->sequence = connection->send_next - 1;
	probe->acknowledged = connection->receive_next;
	probe->window = connection->window;
	probe->payload = &numbers[number % sizeof(numbers)];
	probe->payload_bytes = 1;
	probe->ttl = (uint8_t)ttl;
	(void)snprintf(
		probe->comment, sizeof(probe->comment), "idle: %s", comment);
}

void idle_line_open(struct idle_line *line, struct connection *connection,
	int64_t now_ns, struct tx_queue *tx_queue)
{
	*line = (struct idle_line){
		.connection = connection,
		.stage = IDLE_OPENING,
		.opened_ns = now_ns,
		.since_ns = now_ns,
		.due_ns = now_ns + ms(LOOK_MS),
	};
	connection_open(connection, tx_queue);
}

static void ask_again(struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	char comment[PROBE_PACKET_COMMENT];

	if (line->stage == IDLE_CONFIRMING)
		(void)snprintf(comment, sizeof(comment), "does it answer? (%u)",
			line->tries + 1);
	else
		(void)snprintf(comment, sizeof(comment),
			"alive after %.1f s? (%u)",
			(double)line->idled_ns / 1e9, line->tries + 1);
	/* Behind what waits to be sent. */
	if (line->tries < 2)
		line->fatal_ns[line->tries] =
			context->now_ns - line->since_ns +
			ms((int64_t)PACKET_MS * tx_queue->count);
	line->due_ns = context->now_ns + spacing_ns(context) +
		       ms((int64_t)SLOW_MS * tx_queue->count);
	send_question(
		line, line->tries, HOP_LIMIT_WHOLE_WAY, comment, tx_queue);
	line->tries++;
	if (line->tries == IDLE_SILENT_TRIES - 1)
		line->due_ns += ms(IDLE_LATE_MS);
}

void idle_line_ask(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	line->stage = IDLE_ASKED;
	line->tries = 0;
	line->idled_ns = context->now_ns - line->since_ns;
	ask_again(line, context, tx_queue);
}

void idle_line_wake(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	line->stage = IDLE_CONFIRMING;
	line->tries = 0;
	line->duty = IDLE_NO_DUTY;
	ask_again(line, context, tx_queue);
}

void idle_line_refresh(struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	char comment[PROBE_PACKET_COMMENT];

	line->refreshed_ns = context->now_ns;
	if (line->duty != IDLE_HOP) {
		idle_line_ask(line, context, tx_queue);
		return;
	}
	(void)snprintf(comment, sizeof(comment), "refresh up to hop %u",
		line->hop_limit);
	send_question(line, 0, line->hop_limit, comment, tx_queue);
}

void idle_line_close(struct idle_line *line, struct tx_queue *tx_queue)
{
	line->stage = IDLE_OVER;
	connection_close(line->connection, tx_queue);
}

void idle_line_hear(struct idle_line *line, const struct event *event,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct connection *connection = line->connection;

	/* An ICMP error is no answer: the server did not send it. */
	if (event->packet->kind != PACKET_TCP || line->stage == IDLE_OVER)
		return;
	if (connection->has_peer_closed) {
		idle_line_close(line, tx_queue);
		return;
	}
	if (connection_is_gone(connection)) {
		if (line->stage != IDLE_DEAD)
			line->idled_ns = line->fatal_ns[0] =
				line->fatal_ns[1] =
					context->now_ns - line->since_ns;
		line->stage = line->stage == IDLE_OPENING ||
					      line->stage == IDLE_CONFIRMING
				      ? IDLE_OVER
				      : IDLE_DEAD;
		return;
	}
	/* With other numbers: ignored. Of a connection that a NAT has forgotten
	 * the question may reach another one at the server, which answers. */
	if (event->packet->tcp_flags & TCP_RST ||
		event->packet->acknowledged != connection->send_next ||
		connection->state != CONNECTION_OPEN)
		return;
	line->since_ns = context->now_ns;
	line->refreshed_ns = context->now_ns;
	switch (line->stage) {
	case IDLE_OPENING:
		line->stage = IDLE_CONFIRMING;
		ask_again(line, context, tx_queue);
		break;
	case IDLE_CONFIRMING:
		line->stage = IDLE_RESTING;
		break;
	case IDLE_ASKED:
	case IDLE_DEAD: /* the answer was late */
		line->stage = IDLE_ALIVE;
		break;
	case IDLE_RESTING:
	case IDLE_ALIVE:
	case IDLE_UNUSED:
	case IDLE_OVER:
		break;
	}
}

/* What the connection itself sends meanwhile ends its rest as well: the ACK of
 * a SYN-ACK that came twice may have waited for its turn. */
static void count_own(struct idle_line *line)
{
	if (idle_line_is_resting(line) &&
		line->connection->sent_ns > line->since_ns)
		line->since_ns = line->connection->sent_ns;
}

void idle_line_act(struct idle_line *line, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	count_own(line);
	if (!idle_line_is_pending(line) || context->now_ns < line->due_ns)
		return;
	if (line->stage == IDLE_OPENING) {
		if (connection_is_gone(line->connection))
			line->stage = IDLE_OVER;
		line->due_ns = context->now_ns + ms(LOOK_MS);
	} else if (line->stage == IDLE_CONFIRMING) {
		if (line->tries < CONFIRM_TRIES)
			ask_again(line, context, tx_queue);
		else
			idle_line_close(line, tx_queue);
	} else if (line->tries < IDLE_SILENT_TRIES) {
		ask_again(line, context, tx_queue);
	} else {
		line->stage = IDLE_DEAD;
	}
}
