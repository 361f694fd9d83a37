/* One size on one connection: the window stays closed until the server's send
 * buffer fills, then it is opened for one segment, then wide. */
#ifndef PROBE_TCP_SIZE_TEST_H
#define PROBE_TCP_SIZE_TEST_H

#include "probe/tcp/app_discovery.h"

enum stage {
	STAGE_UNUSED,
	STAGE_OPENING,
	STAGE_SENDING,	   /* window closed: the server's send buffer fills */
	STAGE_ONE_SEGMENT, /* a window of one segment */
	STAGE_WAITING,	   /* a wide one */
	STAGE_ARRIVED,	   /* from here on: over */
	STAGE_MISSING,
	STAGE_SHORT,   /* all came, and nothing of that size */
	STAGE_NO_DATA, /* nothing came into a wide window */
	STAGE_GONE,    /* the connection failed, never opened, or got no data */
};

struct size_test {
	enum stage stage;
	struct connection *connection;
	uint32_t ip_bytes;
	uint16_t said_bytes; /* of the stimulus */
	bool has_said;	     /* the whole of it */
	unsigned silences;
	uint32_t plain_bytes; /* see app_stimulus.h */
	bool is_merged;	      /* data came that may be several segments */
	unsigned pieces;      /* other segments with data that came */
	uint32_t largest;     /* of them */
	bool is_first_alone;  /* the first was retransmitted; more is not
				 known */
	bool is_cut;	      /* and the server had more data */
	bool is_halved; /* as Linux limits segments where it has not received
			   the handshake's window */
};

/* `test->connection` is already in SYN-SENT: STAGE_OPENING. Sends the part of
 * the request that is known and unsent; after its last byte the server has
 * `collect_ms` to respond. */
void size_test_speak(struct size_test *test,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue);
/* Takes a packet of its connection, and sends. */
void size_test_hear(struct size_test *test, const struct event *event,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue);
void size_test_silence(struct size_test *test, struct tx_queue *tx_queue);
/* The server has had its time. */
void size_test_alarm(struct size_test *test,
	const struct probe_context *context, unsigned collect_ms,
	struct tx_queue *tx_queue);
static inline enum port_parity size_test_parity(const struct size_test *test)
{
	return test->connection->own_port % 2 ? PORT_ODD : PORT_EVEN;
}
/* Whether only a retransmission can show the size that came. */
static inline bool size_test_is_coalesced(const struct size_test *test)
{
	return test->stage == STAGE_ONE_SEGMENT && test->is_merged;
}
/* Closes; records the test as failed. */
void size_test_leave(struct size_test *test, struct tx_queue *tx_queue);
static inline bool size_test_is_over(const struct size_test *test)
{
	return test->stage == STAGE_UNUSED || test->stage >= STAGE_ARRIVED;
}

#endif
