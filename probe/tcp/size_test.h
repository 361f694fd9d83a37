/* One size on one connection: the server is let to collect what it has to say,
 * then a window of one segment is opened for it, then a wide one. */
#ifndef PROBE_TCP_SIZE_TEST_H
#define PROBE_TCP_SIZE_TEST_H

#include "probe/tcp/app_discovery.h"

enum stage {
	STAGE_UNUSED,
	STAGE_OPENING,
	STAGE_SENDING, /* no window: the server collects what it has to say */
	STAGE_ONE_SEGMENT, /* a window of one segment */
	STAGE_WAITING,	   /* a wide one */
	STAGE_ARRIVED,	   /* from here on: over */
	STAGE_MISSING,
	STAGE_SHORT,   /* all came, and nothing of that size */
	STAGE_NO_DATA, /* nothing came into a wide window */
	STAGE_GONE, /* the connection, or it never opened, or heard nothing */
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
	bool is_first_alone;  /* the first came again; more is not known */
	bool is_cut;	      /* and the server had more to say */
	bool is_halved; /* as Linux does it for who offers no larger window: it
			   has not heard the handshake's */
};

/* One on its way already, connection and all: STAGE_OPENING. Says what is known
 * to be said and was not yet; after the last word the server has `collect_ms`
 * to collect. */
void size_test_speak(struct size_test *test,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue);
/* Takes a packet of its connection, and speaks. */
void size_test_hear(struct size_test *test, const struct event *event,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue);
void size_test_silence(struct size_test *test, struct tx_queue *tx_queue);
/* The server has had its time. */
void size_test_alarm(struct size_test *test,
	const struct probe_context *context, unsigned collect_ms,
	struct tx_queue *tx_queue);
/* Whether only a repeat will tell what came. */
static inline bool size_test_is_coalesced(const struct size_test *test)
{
	return test->stage == STAGE_ONE_SEGMENT && test->is_merged;
}
/* Leaves as if nothing large had come. */
void size_test_leave(struct size_test *test, struct tx_queue *tx_queue);
static inline bool size_test_is_over(const struct size_test *test)
{
	return test->stage == STAGE_UNUSED || test->stage >= STAGE_ARRIVED;
}

#endif
