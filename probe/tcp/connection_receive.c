/* What a connection takes from the server's packets. */
#include <string.h>

#include "capture/checksum.h"
#include "capture/sequence.h"
#include "probe/protocol/probe_rules.h"
#include "probe/tcp/connection_segment.h"

enum { RESET_COPY_MS = 10 };

static void hear_opening(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue)
{
	if (!(packet->tcp_flags & TCP_ACK) ||
		packet->acknowledged != connection->send_next)
		return;
	if (packet->tcp_flags & TCP_RST) {
		connection->state = CONNECTION_REFUSED;
		return;
	}
	if (!(packet->tcp_flags & TCP_SYN))
		return;
	connection->receive_next = packet->sequence + 1;
	connection->receive_first = packet->sequence + 1;
	connection->has_sack = packet->options & OPTION_SACK_PERMITTED;
	connection->peer_mss = packet->options & OPTION_MSS ? packet->mss : 0;
	connection->peer_ttl = packet->ttl;
	connection->is_unsummed = !tcp_checksum_is_right(packet);
	connection->acknowledged = connection->send_next;
	connection->state = CONNECTION_OPEN;
	connection_segment_ack(connection, tx_queue);
	connection_segment_ask(connection, tx_queue);
}

static void hear_acknowledgment(
	struct connection *connection, uint32_t acknowledged)
{
	if (sequence_after(acknowledged, connection->acknowledged) &&
		!sequence_after(acknowledged, connection->send_next)) {
		connection->acknowledged = acknowledged;
		connection->is_confirmed = true;
	}
}

/* In as many segments as it may come. */
static void keep_greeting(
	struct connection *connection, const struct packet *packet)
{
	static const char dropbear[] = "SSH-2.0-dropbear";
	int32_t at =
		sequence_distance(connection->receive_first, packet->sequence);

	if (at < 0 || at > connection->greeting_bytes || !packet->payload)
		return;
	while (connection->greeting_bytes < CONNECTION_GREETING_KEPT &&
		(uint32_t)(connection->greeting_bytes - at) <
			packet->payload_captured) {
		connection->greeting[connection->greeting_bytes] =
			packet->payload[connection->greeting_bytes - at];
		connection->greeting_bytes++;
	}
	connection->has_greeting =
		connection->greeting_bytes >= CONNECTION_GREETING;
	connection->is_dropbear =
		connection->greeting_bytes == sizeof(dropbear) - 1 &&
		memcmp(connection->greeting, dropbear, sizeof(dropbear) - 1) ==
			0;
}

/* One range beyond a gap is kept, the first; adjacent data extends it. A FIN
 * beyond a gap is ignored: the server retransmits it. */
static void keep_beyond(
	struct connection *connection, uint32_t start, uint32_t end)
{
	struct sack_block *beyond = &connection->beyond;

	if (start == end)
		return;
	if (!connection_has_gap(connection))
		*beyond = (struct sack_block){start, end};
	else if (start == beyond->end)
		beyond->end = end;
	else if (end == beyond->start)
		beyond->start = start;
}

static void hear_data(struct connection *connection,
	const struct packet *packet, uint32_t length)
{
	uint32_t end = packet->sequence + length;

	if (sequence_after(packet->sequence, connection->receive_next)) {
		if (sequence_distance(connection->receive_next, end) <=
			CONNECTION_WINDOW)
			keep_beyond(connection, packet->sequence,
				packet->sequence + packet->payload_bytes);
		return;
	}
	if (!sequence_after(end, connection->receive_next))
		return;
	keep_greeting(connection, packet);
	connection->receive_next = end;
	if (packet->tcp_flags & TCP_FIN)
		connection->has_peer_closed = true;
	if (!connection_has_gap(connection) ||
		sequence_before(end, connection->beyond.start))
		return;
	if (sequence_after(connection->beyond.end, end))
		connection->receive_next = connection->beyond.end;
	connection->beyond = (struct sack_block){0, 0};
}

static void hear_ignoring(
	struct connection *connection, const struct packet *packet)
{
	uint32_t end = packet->sequence + packet->payload_bytes;
	bool is_first = packet->sequence == connection->receive_next;
	bool is_any = connection->ignored_end != connection->receive_next;

	connection->is_repeat =
		is_first && is_any &&
		packet->time_ns - connection->ignored_ns >=
			RETRANSMISSION_LEAST_MS * INT64_C(1000000);
	if (!is_any)
		connection->ignored_ns = packet->time_ns;
	if (sequence_after(end, connection->ignored_end) &&
		sequence_distance(connection->receive_next, end) <=
			CONNECTION_WINDOW)
		connection->ignored_end = end;
}

/* Devices repeat a reset at once: a copy is not the server's answer to the FIN
 * that was sent for the first one. */
static void hear_reset(struct connection *connection, int64_t now_ns)
{
	if (connection->state == CONNECTION_OPEN) {
		connection->state = CONNECTION_LOST;
		connection->lost_ns = now_ns;
	} else if (connection->lost_ns == 0 ||
		   now_ns - connection->lost_ns >=
			   RESET_COPY_MS * INT64_C(1000000)) {
		connection->state = CONNECTION_CLOSED;
	}
}

static void hear_open(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue)
{
	uint32_t length = packet_sequence_length(packet);

	if (connection->is_aborted) {
		if (packet->tcp_flags & TCP_ACK &&
			!(packet->tcp_flags & TCP_RST))
			connection_segment_reset(
				connection, packet->acknowledged, tx_queue);
		return;
	}

	/* Only the exact number is the other side's (RFC 5961, 3.2). */
	if (packet->tcp_flags & TCP_RST) {
		if (packet->sequence == connection->receive_next)
			hear_reset(connection, packet->time_ns);
		return;
	}
	if (packet->tcp_flags & TCP_SYN) { /* our ACK was lost */
		connection_segment_ack(connection, tx_queue);
		connection_segment_ask(connection, tx_queue);
		return;
	}
	if (packet->tcp_flags & TCP_ACK)
		hear_acknowledgment(connection, packet->acknowledged);
	if (packet->sack_count || length)
		connection->is_confirmed = true;
	if (!connection->is_confirmed && connection_is_confirming(connection)) {
		connection->plain_acks++;
		connection_segment_ask(connection, tx_queue);
	}
	if (length == 0) {
		/* It asks whether the window has opened (RFC 9293, 3.8.6.1). */
		if (packet->sequence == connection->receive_next - 1)
			connection_segment_ack(connection, tx_queue);
		return;
	}
	if (connection->is_ignoring) {
		hear_ignoring(connection, packet);
		return;
	}
	hear_data(connection, packet, length);
	connection_segment_ack(connection, tx_queue);
}

/* The server's FIN has to come as well: the kernel would answer later segments
 * with a reset once the probe has ended. */
static void hear_closing(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue)
{
	hear_open(connection, packet, tx_queue);
	if (connection->state == CONNECTION_CLOSING &&
		connection->has_peer_closed && connection_is_heard(connection))
		connection->state = CONNECTION_CLOSED;
}

void connection_receive(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue)
{
	switch (connection->state) {
	case CONNECTION_OPENING:
		hear_opening(connection, packet, tx_queue);
		break;
	case CONNECTION_OPEN:
	case CONNECTION_CLOSED: /* the server's FIN is acknowledged still */
		hear_open(connection, packet, tx_queue);
		break;
	case CONNECTION_CLOSING:
		hear_closing(connection, packet, tx_queue);
		break;
	case CONNECTION_IDLE:
	case CONNECTION_REFUSED:
	case CONNECTION_SILENT:
	case CONNECTION_LOST:
		break;
	}
}
