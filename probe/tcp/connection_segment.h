/* The segments that a connection puts into the queue; for the files of
 * connection.h only. */
#ifndef PROBE_TCP_CONNECTION_SEGMENT_H
#define PROBE_TCP_CONNECTION_SEGMENT_H

#include "probe/tcp/connection.h"

enum { CONNECTION_WINDOW = 65535 };

/* One with the next sequence number and no data, to be altered. NULL: the queue
 * is full. */
struct probe_packet *connection_segment(const struct connection *connection,
	uint16_t flags, const char *comment, struct tx_queue *tx_queue);
void connection_segment_syn(
	struct connection *connection, struct tx_queue *tx_queue);
/* Of all that came, with what came beyond a gap. */
void connection_segment_ack(
	const struct connection *connection, struct tx_queue *tx_queue);
/* One byte of old data, if it is still to be asked whether the handshake is
 * complete. */
void connection_segment_ask(
	struct connection *connection, struct tx_queue *tx_queue);
/* What the server has not acknowledged of the data sent last. */
void connection_segment_said(
	const struct connection *connection, struct tx_queue *tx_queue);
void connection_segment_fin(
	struct connection *connection, struct tx_queue *tx_queue);
void connection_segment_reset(struct connection *connection, uint32_t sequence,
	struct tx_queue *tx_queue);

#endif
