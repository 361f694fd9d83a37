/* A TCP connection that lives here and not in the kernel: it opens, takes what
 * the server says and acknowledges it, closes politely. It says nothing of its
 * own unless asked to (connection_send). What experiments put on the wire
 * beside it is old data (below what the server has acknowledged): a duplicate
 * to every TCP, never handed to an application, and answered at once. */
#ifndef PROBE_TCP_CONNECTION_H
#define PROBE_TCP_CONNECTION_H

#include "capture/packet.h"
#include "probe/engine/tx_queue.h"

enum { CONNECTION_GREETING = 4 };

enum connection_state {
	CONNECTION_IDLE,
	CONNECTION_OPENING,
	CONNECTION_OPEN,
	CONNECTION_REFUSED, /* a reset, or an ICMP error, answered the SYN */
	CONNECTION_SILENT,  /* nothing answered the SYN */
	CONNECTION_LOST,    /* reset, or closed by the server, while open */
	CONNECTION_CLOSING, /* our FIN is on its way, or the server's is */
	CONNECTION_CLOSED,
};

struct connection {
	enum connection_state state;
	const char *name; /* whose it is, for the recording */
	uint16_t own_port, target_port;
	uint16_t offered_mss;
	uint32_t first_sequence; /* of our SYN */
	uint32_t send_next, receive_next;
	uint32_t receive_first; /* of the server's data */
	/* what came beyond a gap; empty: nothing did */
	struct sack_block beyond;
	uint16_t window; /* bytes that the server may send */
	/* the first bytes that the server said, if it was as many */
	uint8_t greeting[CONNECTION_GREETING];
	bool has_greeting;
	bool is_unsummed; /* the server's packets come without checksums */
	bool is_ignoring; /* see connection_ack_withhold */
	uint32_t ignored_end;
	int64_t ignored_ns; /* when the first came; valid if any did */
	/* the last packet repeats the first that was ignored: one segment */
	bool is_repeat;
	uint32_t acknowledged; /* of ours, by the server */
	/* the last thing said, which ends at send_next; NULL: nothing */
	const uint8_t *said;
	uint16_t said_bytes;
	uint16_t peer_mss; /* of the SYN-ACK; 0: not said */
	bool has_sack;
	bool has_peer_closed;
	bool is_confirmed; /* the server has our ACK of its SYN-ACK: before, it
			      answers old data without naming it */
	uint8_t peer_ttl;  /* of the SYN-ACK */
	bool is_rejected; /* an ICMP error answered the SYN; if no SYN-ACK does,
			     it is true */
	bool is_unwanted; /* to be closed, but not open yet */
	unsigned tries;
};

void connection_open(struct connection *connection, struct tx_queue *tx_queue);
/* Takes a packet of this connection. */
void connection_receive(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue);
/* Nothing came for as long as it should have taken. */
void connection_silence(
	struct connection *connection, struct tx_queue *tx_queue);
/* Acknowledges again while the server may lack that. */
void connection_confirm(
	const struct connection *connection, struct tx_queue *tx_queue);
/* Sends bytes for the application, in segments that pass everywhere, and again
 * until they are acknowledged. The first segment is of one byte: a server
 * believes a smaller window only of a later segment than the one before (RFC
 * 9293, 3.10.7.4). They are not copied and have to stay as they
 * are. False when it is not open, or the last ones are not acknowledged yet. */
bool connection_send(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue);
/* Lets the server send as many bytes more, now and later, and says so, again
 * where it was said; with 0 said before
 * connection_send, it collects what it has to say. (The handshake's own
 * acknowledgment offers a wide window all the same: Linux never sends segments
 * of more than half the widest window that it has seen.) */
void connection_allow(struct connection *connection, uint16_t bytes,
	struct tx_queue *tx_queue);
/* Takes data from now on as if it had not come, until it closes or acknowledges
 * again. */
void connection_ack_withhold(struct connection *connection);
void connection_ack_resume(struct connection *connection);
/* One that is not open yet is closed by another call, when it is. */
void connection_close(struct connection *connection, struct tx_queue *tx_queue);

/* Of the server's data without a gap; its end counts as one. */
static inline uint32_t connection_received_bytes(
	const struct connection *connection)
{
	return connection->receive_next - connection->receive_first;
}
/* Whether it can measure: old data is named in what acknowledges it. */
static inline bool connection_is_measuring(const struct connection *connection)
{
	return connection->state == CONNECTION_OPEN && connection->has_sack &&
	       !connection->has_peer_closed;
}
/* Whether it is neither open nor opening. */
static inline bool connection_is_gone(const struct connection *connection)
{
	return connection->state != CONNECTION_OPENING &&
	       connection->state != CONNECTION_OPEN;
}
/* Whether data is missing below what came. */
bool connection_has_gap(const struct connection *connection);
/* Whether the server has acknowledged all that was said. */
bool connection_is_heard(const struct connection *connection);
/* Whether it waits for something: SYN, data or FIN unanswered. */
bool connection_is_waiting(const struct connection *connection);

#endif
