#include "probe/tcp/connection_segment.h"

#include <stdio.h>

#include "capture/sequence.h"

enum {
	SCALE = 0,
	SAID_SEGMENT = 512, /* fits a path of 576 bytes */
};

struct probe_packet *connection_segment(const struct connection *connection,
	uint16_t flags, const char *comment, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return NULL;
	probe->kind = PROBE_PACKET_TCP;
	probe->source_port = connection->own_port;
	probe->target_port = connection->target_port;
	probe->tcp_flags = flags;
	probe->sequence = connection->send_next;
	probe->acknowledged = flags & TCP_ACK ? connection->receive_next : 0;
	probe->window = connection->window;
	probe->is_duty = true;
	(void)snprintf(probe->comment, sizeof(probe->comment), "%s: %s",
		connection->name ? connection->name : "connection", comment);
	return probe;
}

void connection_segment_syn(
	struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		connection_segment(connection, TCP_SYN, "open", tx_queue);

	if (!probe)
		return;
	probe->sequence = connection->first_sequence;
	probe->mss = connection->offered_mss;
	probe->has_options = true;
	probe->window_scale = SCALE;
}

void connection_segment_ack(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = connection_segment(
		connection, TCP_ACK, "acknowledge", tx_queue);

	if (probe && connection->has_sack)
		probe->sack = connection->beyond;
}

/* Experiments' old data is longer than one byte, so the DSACK of this byte
 * names no other packet. */
void connection_segment_ask(
	struct connection *connection, struct tx_queue *tx_queue)
{
	static const uint8_t byte[1] = {0};
	struct probe_packet *probe;

	connection->asked++;
	if (!connection_is_confirming(connection))
		return;
	probe = connection_segment(
		connection, TCP_ACK, "is the handshake complete?", tx_queue);
	if (!probe)
		return;
	probe->sequence = connection->send_next - connection->asked;
	probe->payload = byte;
	probe->payload_bytes = sizeof(byte);
}

/* What the server has not acknowledged of it. */
void connection_segment_said(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	uint32_t end = connection->send_next -
		       (connection->state == CONNECTION_CLOSING);
	uint32_t left = sequence_after(end, connection->acknowledged)
				? end - connection->acknowledged
				: 0;
	uint32_t most = connection->said_segment ? connection->said_segment
						 : SAID_SEGMENT;

	while (left > 0 && left <= connection->said_bytes) {
		struct probe_packet *probe = connection_segment(
			connection, TCP_ACK | TCP_PSH, "say", tx_queue);
		uint32_t bytes = left < most ? left : most;

		if (left == connection->said_bytes)
			bytes = 1;

		if (!probe)
			return;
		probe->sequence = end - left;
		probe->payload =
			connection->said + (connection->said_bytes - left);
		probe->payload_bytes = (uint16_t)bytes;
		left -= bytes;
	}
}

void connection_segment_fin(
	struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = connection_segment(
		connection, TCP_FIN | TCP_ACK, "close", tx_queue);

	if (probe)
		probe->sequence = connection->send_next - 1;
}

/* The sequence number is the next one that the server expects: it ignores
 * resets with another (RFC 5961, 3.2). Resets of our kernel, which are not to
 * be, have a window of 0. */
void connection_segment_reset(struct connection *connection, uint32_t sequence,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		connection_segment(connection, TCP_RST, "abort", tx_queue);

	if (!probe)
		return;
	probe->sequence = sequence;
	probe->window = CONNECTION_WINDOW;
}
