/* A TCP connection in user space: it opens, receives and acknowledges the
 * server's data, and closes with a FIN. It sends data only on connection_send.
 * Experiments additionally send already acknowledged data (below the server's
 * ACK): every TCP treats it as a duplicate, acknowledges it at once, and never
 * delivers it to the application. */
#ifndef PROBE_TCP_CONNECTION_H
#define PROBE_TCP_CONNECTION_H

#include "capture/packet.h"
#include "probe/engine/tx_queue.h"

enum {
	CONNECTION_GREETING = 4,
	CONNECTION_GREETING_KEPT = 16,
	CONNECTION_MOST_ASKED = 12, /* whether the handshake is complete */
	CONNECTION_MOST_PLAIN_ACKS = 4,
};

enum connection_state {
	CONNECTION_IDLE,
	CONNECTION_OPENING,
	CONNECTION_OPEN,
	CONNECTION_REFUSED, /* a reset, or an ICMP error, answered the SYN */
	CONNECTION_SILENT,  /* nothing answered the SYN */
	CONNECTION_LOST,    /* reset, or closed by the server, while open */
	CONNECTION_CLOSING, /* our FIN or the server's is in flight */
	CONNECTION_CLOSED,
};

struct connection {
	enum connection_state state;
	/* It is never opened: what is sent on its port are stray segments. */
	bool is_stray;
	const char *name; /* whose it is, for the recording */
	uint16_t own_port, target_port;
	uint16_t offered_mss;
	uint32_t first_sequence; /* of our SYN */
	uint32_t send_next, receive_next;
	uint32_t receive_first; /* of the server's data */
	/* what came beyond a gap; empty: nothing did */
	struct sack_block beyond;
	uint16_t window; /* bytes that the server may send */
	/* the server's first bytes */
	uint8_t greeting[CONNECTION_GREETING_KEPT];
	uint8_t greeting_bytes;
	bool has_greeting; /* CONNECTION_GREETING of them came */
	bool is_dropbear; /* it says so in its greeting */
	bool is_unsummed; /* the server's packets come without checksums */
	bool is_ignoring; /* see connection_ack_withhold */
	uint32_t ignored_end;
	int64_t ignored_ns; /* when the first came; valid if any did */
	/* the last packet retransmits the first withheld one: one segment */
	bool is_repeat;
	uint32_t acknowledged; /* of ours, by the server */
	/* the data sent last, which ends at send_next; NULL: none */
	const uint8_t *said;
	uint16_t said_bytes;
	uint16_t said_segment; /* at most so long; 0: below any path MTU */
	uint16_t peer_mss; /* of the SYN-ACK; 0: no option */
	bool has_sack;
	bool has_peer_closed;
	bool is_confirmed; /* the server has our ACK of its SYN-ACK: before, it
			      sends no DSACK */
	uint8_t peer_ttl;  /* of the SYN-ACK */
	bool is_port_open; /* others to that port were opened: a lost SYN or
			      SYN-ACK explains the silence, and more are sent */
	bool is_rejected; /* an ICMP error answered the SYN; if no SYN-ACK does,
			     it is true */
	bool is_unwanted; /* to be closed, but not open yet */
	/* an SSH server logs how connections end, and is never reset */
	bool is_ssh;
	bool is_aborted; /* by our reset */
	unsigned tries;
	int64_t syn_ns;	 /* when its SYN left; 0: it waits for its turn */
	int64_t sent_ns; /* when its last packet left that can reach the target;
			    0: none did */
	int64_t lost_ns; /* when a reset ended it while open; 0: none did */
	bool wants_confirmation; /* asks whether the server has our ACK */
	unsigned asked;		 /* so often */
	unsigned plain_acks; /* with no word of a duplicate, to that question */
};

void connection_open(struct connection *connection, struct tx_queue *tx_queue);
/* Takes a packet of this connection. */
void connection_receive(struct connection *connection,
	const struct packet *packet, struct tx_queue *tx_queue);
/* How long nothing may come before connection_silence, in ns, where an answer
 * takes `rto_ns` at most. A SYN waits twice as long each time (RFC 6298, 5.5),
 * up to a second: where the SYN-ACK was lost, Linux answers repeated SYNs only
 * every half second, and retransmits its SYN-ACK after one. */
int64_t connection_wait_ns(
	const struct connection *connection, int64_t rto_ns);
/* Nothing came for as long as it should have taken. */
void connection_silence(
	struct connection *connection, struct tx_queue *tx_queue);
/* Whether it still asks if the handshake is complete. A server that lacks our
 * ACK answers old data without a DSACK or not at all, so the data would look
 * lost. The question is the ACK once more and one byte of old data, repeated
 * until a DSACK, data, or an ACK of ours comes; so often at most, and fewer
 * times where a server answers without DSACKs. */
static inline bool connection_is_confirming(const struct connection *connection)
{
	return connection->wants_confirmation &&
	       connection->state == CONNECTION_OPEN && connection->has_sack &&
	       !connection->is_confirmed && !connection->has_peer_closed &&
	       connection->asked <= CONNECTION_MOST_ASKED &&
	       connection->plain_acks < CONNECTION_MOST_PLAIN_ACKS;
}
/* Retransmits the ACK while the server may not have it. */
void connection_confirm(
	const struct connection *connection, struct tx_queue *tx_queue);
/* Sends bytes to the application, in segments below any path MTU, and
 * retransmits them until they are acknowledged. The first segment is of one
 * byte: a server accepts a smaller window only from a later segment than the
 * one before (RFC 9293, 3.10.7.4). The bytes are not copied and have to stay
 * unchanged. False when it is not open, or the last ones are not acknowledged
 * yet. */
bool connection_send(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue);
/* The same in one segment, for devices that look at each segment alone. */
bool connection_send_whole(struct connection *connection, const uint8_t *bytes,
	uint16_t count, struct tx_queue *tx_queue);
/* Sends what is not acknowledged again, in segments below any path MTU, as
 * often as if it was said just now. */
void connection_send_smaller(
	struct connection *connection, struct tx_queue *tx_queue);
/* Whether what was said is not acknowledged, and is not repeated any more. */
bool connection_has_given_up(const struct connection *connection);
/* Advertises a window of this many bytes, now and later; with 0 before
 * connection_send, the server's send buffer fills. (The handshake's ACK
 * advertises a wide window nevertheless: Linux never sends segments of more
 * than half the widest window that it has seen.) */
void connection_allow(struct connection *connection, uint16_t bytes,
	struct tx_queue *tx_queue);
/* Withholds ACKs for data from now on, until the connection closes or
 * acknowledges again. */
void connection_ack_withhold(struct connection *connection);
void connection_ack_resume(struct connection *connection);
/* One that is not open yet is closed by another call, when it is. A server that
 * sends nothing more, and has not closed in the time that a response takes,
 * gets a reset: if it has data left, it would retransmit that for as long as it
 * is patient (Linux: 15 minutes). */
void connection_close(struct connection *connection, struct tx_queue *tx_queue);
/* The same at once, for a server that keeps sending. One that has closed, or
 * that is never reset, is sent nothing. */
void connection_abort(struct connection *connection, struct tx_queue *tx_queue);
/* To a server that has closed, the acknowledgment of all that it sent. */
void connection_acknowledge_end(
	const struct connection *connection, struct tx_queue *tx_queue);

/* Of the server's data without a gap; its end counts as one. */
static inline uint32_t connection_received_bytes(
	const struct connection *connection)
{
	return connection->receive_next - connection->receive_first;
}
/* Whether it can measure: the server's ACKs name duplicate segments (DSACK), or
 * its resets stray ones. */
static inline bool connection_is_measuring(const struct connection *connection)
{
	return connection->is_stray ||
	       (connection->state == CONNECTION_OPEN && connection->has_sack &&
		       !connection->has_peer_closed);
}
/* Whether it is neither open nor opening. */
static inline bool connection_is_gone(const struct connection *connection)
{
	return connection->state != CONNECTION_OPENING &&
	       connection->state != CONNECTION_OPEN;
}
/* Whether data is missing below what came. */
static inline bool connection_has_gap(const struct connection *connection)
{
	return connection->beyond.start != connection->beyond.end;
}
/* Whether the server has acknowledged all data sent. */
static inline bool connection_is_heard(const struct connection *connection)
{
	return connection->acknowledged == connection->send_next;
}
/* Whether it waits for something: SYN, data or FIN unanswered. */
bool connection_is_waiting(const struct connection *connection);

#endif
