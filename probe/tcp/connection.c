#include "probe/tcp/connection.h"

#include <stdio.h>
#include <string.h>

#include "capture/sequence.h"
#include "capture/checksum.h"
#include "probe/protocol/probe_rules.h"

enum {
	OPENING_TRIES = 4,
	CLOSING_TRIES = 5, /* what stays open counts against MaxStartups */
	SEND_TRIES = 4,
	RESET_COPY_MS = 10,
	WINDOW = 65535,
	SCALE = 0,
	SAID_SEGMENT = 512, /* fits a path of 576 bytes */
	MOST_ASKED = 12,    /* whether the handshake is complete */
	MOST_PLAIN_ACKS = 4,
};

static struct probe_packet *segment(const struct connection *connection,
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

static void send_syn(struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		segment(connection, TCP_SYN, "open", tx_queue);

	if (!probe)
		return;
	probe->sequence = connection->first_sequence;
	probe->mss = connection->offered_mss;
	probe->has_options = true;
	probe->window_scale = SCALE;
}

static void acknowledge(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		segment(connection, TCP_ACK, "acknowledge", tx_queue);

	if (probe && connection->has_sack)
		probe->sack = connection->beyond;
}

bool connection_has_gap(const struct connection *connection)
{
	return connection->beyond.start != connection->beyond.end;
}

void connection_allow(struct connection *connection, uint16_t bytes,
	struct tx_queue *tx_queue)
{
	bool is_less = bytes < connection->window || bytes == 0;

	connection->window = bytes;
	if (!is_less)
		acknowledge(connection, tx_queue);
}

bool connection_is_confirming(const struct connection *connection)
{
	return connection->wants_confirmation &&
	       connection->state == CONNECTION_OPEN && connection->has_sack &&
	       !connection->is_confirmed && !connection->has_peer_closed &&
	       connection->asked <= MOST_ASKED &&
	       connection->plain_acks < MOST_PLAIN_ACKS;
}

/* Experiments' old data is longer than one byte, so the DSACK of this byte
 * names no other packet. */
static void ask_whether_complete(
	struct connection *connection, struct tx_queue *tx_queue)
{
	static const uint8_t byte[1] = {0};
	struct probe_packet *probe;

	connection->asked++;
	if (!connection_is_confirming(connection))
		return;
	probe = segment(
		connection, TCP_ACK, "is the handshake complete?", tx_queue);
	if (!probe)
		return;
	probe->sequence = connection->send_next - connection->asked;
	probe->payload = byte;
	probe->payload_bytes = sizeof(byte);
}

void connection_open(struct connection *connection, struct tx_queue *tx_queue)
{
	connection->state = CONNECTION_OPENING;
	connection->send_next = connection->first_sequence + 1;
	connection->window = WINDOW;
	connection->tries = 1;
	send_syn(connection, tx_queue);
}

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
	acknowledge(connection, tx_queue);
	ask_whether_complete(connection, tx_queue);
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
	int32_t at = sequence_distance(
		connection->receive_first, packet->sequence);

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
		if (sequence_distance(connection->receive_next, end) <= WINDOW)
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
		sequence_distance(connection->receive_next, end) <= WINDOW)
		connection->ignored_end = end;
}

/* The sequence number is the next one that the server expects: it ignores
 * resets with another (RFC 5961, 3.2). Resets of our kernel, which are not to
 * be, have a window of 0. */
static void send_reset(struct connection *connection, uint32_t sequence,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		segment(connection, TCP_RST, "abort", tx_queue);

	if (!probe)
		return;
	probe->sequence = sequence;
	probe->window = WINDOW;
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
			send_reset(connection, packet->acknowledged, tx_queue);
		return;
	}

	/* Only the exact number is the other side's (RFC 5961, 3.2). */
	if (packet->tcp_flags & TCP_RST) {
		if (packet->sequence == connection->receive_next)
			hear_reset(connection, packet->time_ns);
		return;
	}
	if (packet->tcp_flags & TCP_SYN) { /* our ACK was lost */
		acknowledge(connection, tx_queue);
		ask_whether_complete(connection, tx_queue);
		return;
	}
	if (packet->tcp_flags & TCP_ACK)
		hear_acknowledgment(connection, packet->acknowledged);
	if (packet->sack_count || length)
		connection->is_confirmed = true;
	if (!connection->is_confirmed && connection_is_confirming(connection)) {
		connection->plain_acks++;
		ask_whether_complete(connection, tx_queue);
	}
	if (length == 0) {
		/* It asks whether the window has opened (RFC 9293, 3.8.6.1). */
		if (packet->sequence == connection->receive_next - 1)
			acknowledge(connection, tx_queue);
		return;
	}
	if (connection->is_ignoring) {
		hear_ignoring(connection, packet);
		return;
	}
	hear_data(connection, packet, length);
	acknowledge(connection, tx_queue);
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

void connection_confirm(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->state == CONNECTION_OPEN && !connection->is_confirmed)
		acknowledge(connection, tx_queue);
}

/* What the server has not acknowledged of it. */
static void send_said(
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
		struct probe_packet *probe =
			segment(connection, TCP_ACK | TCP_PSH, "say", tx_queue);
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

bool connection_send(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue)
{
	if (connection->state != CONNECTION_OPEN ||
		!connection_is_heard(connection))
		return false;
	connection->said = bytes;
	connection->said_bytes = count;
	connection->send_next += count;
	connection->tries = 1;
	send_said(connection, tx_queue);
	return true;
}

bool connection_send_whole(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue)
{
	struct probe_packet *probe;

	if (connection->state != CONNECTION_OPEN ||
		!connection_is_heard(connection))
		return false;
	probe = segment(connection, TCP_ACK | TCP_PSH, "say", tx_queue);
	if (!probe)
		return false;
	probe->payload = bytes;
	probe->payload_bytes = count;
	connection->said = bytes;
	connection->said_bytes = count;
	connection->send_next += count;
	connection->tries = 1;
	return true;
}

void connection_send_smaller(
	struct connection *connection, struct tx_queue *tx_queue)
{
	connection->said_segment = 0;
	connection->tries = 1;
	send_said(connection, tx_queue);
}

bool connection_has_given_up(const struct connection *connection)
{
	return connection->state == CONNECTION_OPEN &&
	       !connection_is_heard(connection) &&
	       connection->tries >= SEND_TRIES;
}

void connection_ack_withhold(struct connection *connection)
{
	connection->is_ignoring = true;
	connection->ignored_end = connection->receive_next;
}

void connection_ack_resume(struct connection *connection)
{
	connection->is_ignoring = false;
	connection->is_repeat = false;
}

bool connection_is_heard(const struct connection *connection)
{
	return connection->acknowledged == connection->send_next;
}

static void send_fin(struct connection *connection, struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		segment(connection, TCP_FIN | TCP_ACK, "close", tx_queue);

	if (probe)
		probe->sequence = connection->send_next - 1;
}

void connection_abort(struct connection *connection, struct tx_queue *tx_queue)
{
	bool is_begun = connection->state == CONNECTION_OPEN ||
			connection->state == CONNECTION_CLOSING;

	if (!is_begun)
		return;
	connection->state = CONNECTION_CLOSED;
	if (connection->is_ssh || connection->has_peer_closed)
		return;
	connection->is_aborted = true;
	send_reset(connection, connection->send_next, tx_queue);
}

void connection_acknowledge_end(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->has_peer_closed)
		acknowledge(connection, tx_queue);
}

/* An SSH server is not reset, nor what may be a slow one: nothing came of it,
 * nor was it told anything. Its process may need longer to close than its
 * kernel to acknowledge our FIN. */
static bool is_spared(const struct connection *connection)
{
	return connection->is_ssh ||
	       (!connection->said &&
		       connection->receive_next == connection->receive_first);
}

void connection_silence(
	struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->state == CONNECTION_OPENING) {
		if (connection->is_rejected)
			connection->state = CONNECTION_REFUSED;
		else if (connection->tries++ < OPENING_TRIES &&
			 !connection->is_unwanted)
			send_syn(connection, tx_queue);
		else
			connection->state = CONNECTION_SILENT;
	} else if (connection->state == CONNECTION_OPEN) {
		if (connection_is_confirming(connection)) {
			acknowledge(connection, tx_queue);
			ask_whether_complete(connection, tx_queue);
		}
		if (connection->tries++ < SEND_TRIES)
			send_said(connection, tx_queue);
	} else if (connection->state == CONNECTION_CLOSING) {
		bool is_heard = connection_is_heard(connection);
		bool is_awaited = !is_heard || is_spared(connection);

		if (!is_awaited || connection->tries++ >= CLOSING_TRIES) {
			connection_abort(connection, tx_queue);
		} else if (!is_heard) {
			send_said(connection, tx_queue);
			send_fin(connection, tx_queue);
		}
	}
}

void connection_close(struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->state == CONNECTION_OPENING)
		connection->is_unwanted = true;
	/* A reset may have been forged: a server that sent it answers the FIN
	 * with another, and one that did not is left no open connection. */
	if (connection->state != CONNECTION_OPEN &&
		connection->state != CONNECTION_LOST)
		return;
	connection->state = CONNECTION_CLOSING;
	connection->tries = 1;
	connection->window = WINDOW; /* its last data may come */
	/* The close does not wait for a gap: the server need not retransmit
	 * data to a peer that has closed. */
	if (connection_has_gap(connection))
		connection->receive_next = connection->beyond.end;
	if (connection->is_ignoring)
		connection->receive_next = connection->ignored_end;
	connection->is_ignoring = false;
	connection->beyond = (struct sack_block){0, 0};
	connection->send_next++;
	send_fin(connection, tx_queue);
}

bool connection_is_waiting(const struct connection *connection)
{
	return connection->state == CONNECTION_OPENING ||
	       connection->state == CONNECTION_CLOSING ||
	       connection_is_confirming(connection) ||
	       (connection->state == CONNECTION_OPEN &&
		       !connection_is_heard(connection) &&
		       connection->tries < SEND_TRIES);
}
