#include "probe/tcp/connection.h"

#include "probe/tcp/connection_segment.h"

enum {
	OPENING_TRIES = 4,
	OPENING_MORE_TRIES = 2, /* to a port that is open */
	CLOSING_TRIES = 5, /* what stays open counts against MaxStartups */
	SEND_TRIES = 4,
};

void connection_allow(struct connection *connection, uint16_t bytes,
	struct tx_queue *tx_queue)
{
	bool is_less = bytes < connection->window || bytes == 0;

	connection->window = bytes;
	if (!is_less)
		connection_segment_ack(connection, tx_queue);
}

void connection_open(struct connection *connection, struct tx_queue *tx_queue)
{
	connection->state = CONNECTION_OPENING;
	connection->send_next = connection->first_sequence + 1;
	connection->window = CONNECTION_WINDOW;
	connection->tries = 1;
	connection_segment_syn(connection, tx_queue);
}

void connection_confirm(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->state == CONNECTION_OPEN && !connection->is_confirmed)
		connection_segment_ack(connection, tx_queue);
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
	connection_segment_said(connection, tx_queue);
	return true;
}

bool connection_send_whole(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue)
{
	struct probe_packet *probe;

	if (connection->state != CONNECTION_OPEN ||
		!connection_is_heard(connection))
		return false;
	probe = connection_segment(
		connection, TCP_ACK | TCP_PSH, "say", tx_queue);
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
	connection_segment_said(connection, tx_queue);
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
	connection_segment_reset(connection, connection->send_next, tx_queue);
}

void connection_acknowledge_end(
	const struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->has_peer_closed)
		connection_segment_ack(connection, tx_queue);
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

int64_t connection_wait_ns(
	const struct connection *connection, int64_t rto_ns)
{
	static const int64_t most_ns = 1000000000;
	int64_t wait_ns = rto_ns;

	if (connection->state != CONNECTION_OPENING)
		return rto_ns;
	for (unsigned i = 1; i < connection->tries && wait_ns < most_ns; i++)
		wait_ns = 2 * wait_ns < most_ns ? 2 * wait_ns : most_ns;
	return wait_ns;
}

static unsigned opening_tries(const struct connection *connection)
{
	return connection->is_port_open ? OPENING_TRIES + OPENING_MORE_TRIES
					: OPENING_TRIES;
}

void connection_silence(
	struct connection *connection, struct tx_queue *tx_queue)
{
	if (connection->state == CONNECTION_OPENING) {
		if (connection->is_rejected)
			connection->state = CONNECTION_REFUSED;
		else if (connection->tries++ < opening_tries(connection) &&
			 !connection->is_unwanted)
			connection_segment_syn(connection, tx_queue);
		else
			connection->state = CONNECTION_SILENT;
	} else if (connection->state == CONNECTION_OPEN) {
		if (connection_is_confirming(connection)) {
			connection_segment_ack(connection, tx_queue);
			connection_segment_ask(connection, tx_queue);
		}
		if (connection->tries++ < SEND_TRIES)
			connection_segment_said(connection, tx_queue);
	} else if (connection->state == CONNECTION_CLOSING) {
		bool is_heard = connection_is_heard(connection);
		bool is_awaited = !is_heard || is_spared(connection);

		if (!is_awaited || connection->tries++ >= CLOSING_TRIES) {
			connection_abort(connection, tx_queue);
		} else if (!is_heard) {
			connection_segment_said(connection, tx_queue);
			connection_segment_fin(connection, tx_queue);
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
	connection->window = CONNECTION_WINDOW; /* its last data may come */
	/* The close does not wait for a gap: the server need not retransmit
	 * data to a peer that has closed. */
	if (connection_has_gap(connection))
		connection->receive_next = connection->beyond.end;
	if (connection->is_ignoring)
		connection->receive_next = connection->ignored_end;
	connection->is_ignoring = false;
	connection->beyond = (struct sack_block){0, 0};
	connection->send_next++;
	connection_segment_fin(connection, tx_queue);
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
