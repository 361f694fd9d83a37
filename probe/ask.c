#include "probe/experiment.h"

/* Below what a server's window is at least, so that stateful firewalls take
 * the segments for old and not for absurd. */
enum { MOST_OFFSET = 2048, UDP_PORT = 33434 };

uint32_t ask_least_bytes(uint8_t family, enum ruler ruler)
{
	uint32_t header = family == 4 ? 20 : 40;

	switch (ruler) {
	case RULER_TCP:
		return header + 20 + 8;
	case RULER_ECHO:
	case RULER_UDP:
		return header + 8 + 8;
	case RULER_COUNT:
		break;
	}
	return header;
}

enum ruler ruler_of(const struct asked *asked)
{
	if (asked->protocol == PROTOCOL_TCP)
		return RULER_TCP;
	return asked->protocol == PROTOCOL_UDP ? RULER_UDP : RULER_ECHO;
}

/* Old data: [send_next - offset - n, send_next - offset). No two segments
 * begin and end alike, so that a DSACK or a quote names one of them. */
static void ask_tcp(struct situation *situation, struct question *question)
{
	const struct connection *connection = situation->connection;
	uint32_t header = situation->family == 4 ? 40 : 60;

	question->kind = QUESTION_TCP;
	question->source_port = connection->own_port;
	question->target_port = connection->target_port;
	question->tcp_flags = TCP_ACK;
	question->window = UINT16_MAX;
	question->acknowledged = connection->receive_next;
	question->sequence = connection->send_next - situation->segment_offset -
		(question->ip_bytes - header);
	situation->segment_offset =
		(situation->segment_offset + 1) % MOST_OFFSET;
}

struct question *ask(struct situation *situation, enum ruler ruler,
	uint32_t ip_bytes, uint8_t ttl, struct outbox *outbox)
{
	struct question *question = outbox_add(outbox);
	uint32_t least = ask_least_bytes(situation->family, ruler);

	if (!question)
		return NULL;
	question->ip_bytes = ip_bytes > least ? ip_bytes : least;
	question->ttl = ttl;
	switch (ruler) {
	case RULER_TCP:
		ask_tcp(situation, question);
		break;
	case RULER_ECHO:
		question->kind = QUESTION_ECHO;
		question->source_port = situation->own_port;
		question->target_port = situation->echo_sequence++;
		break;
	case RULER_UDP:
	case RULER_COUNT:
		question->kind = QUESTION_UDP;
		question->source_port = situation->own_port;
		question->target_port = UDP_PORT;
		break;
	}
	return question;
}
