#include "probe/tcp/size_test.h"

#include <assert.h>

#include "probe/protocol/probe_rules.h"
#include "probe/protocol/segment_size.h"

/* Timeouts are short, and counted: the tests of a round share them, and none
 * may wait for another. */
enum {
	HEAR_MS = 60,
	AGAIN = 15,	    /* for the first to be sent again: it comes alone */
	REPEAT = 2,	    /* for what is missing to be sent again */
	MOST_TIMEOUTS = 16, /* without an acknowledgment */
	REPEATS = 2,	    /* of a window that nothing comes into */
};

static_assert((int)HEAR_MS * (int)REPEAT >= (int)MISSING_WAIT_MS,
	"what is missing is waited for");

static void end(
	struct size_test *test, enum stage stage, struct tx_queue *tx_queue)
{
	test->stage = stage;
	if (test->connection->state == CONNECTION_OPEN)
		connection_close(test->connection, tx_queue);
}

/* Whether more data came than a greeting that was sent too early. */
static bool has_heard(const struct size_test *test)
{
	return test->pieces > 0 &&
	       connection_received_bytes(test->connection) >= test->plain_bytes;
}

static void take_data(struct size_test *test, const struct event *event,
	struct tx_queue *tx_queue)
{
	const struct packet *packet = event->packet;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0)
		return;
	test->is_merged = test->is_merged || !event->is_one_segment;
	if (test->connection->is_ignoring && !event->is_one_segment)
		test->silences = 0;
	else
		test->pieces++;
	if (!event->is_one_segment)
		return;
	if (packet->ip_bytes > test->largest) {
		test->largest = packet->ip_bytes;
		test->is_halved = segment_is_halved(
			packet->payload_bytes, test->connection->offered_mss);
		test->is_cut = !(packet->tcp_flags & (TCP_PSH | TCP_FIN));
	}
	test->is_first_alone = test->connection->is_ignoring;
	if (packet->ip_bytes >= test->ip_bytes)
		end(test, STAGE_ARRIVED, tx_queue);
	else if (test->is_first_alone)
		end(test, STAGE_SHORT, tx_queue);
	else if (test->plain_bytes && !test->is_cut &&
		 connection_received_bytes(test->connection) >
			 test->plain_bytes)
		end(test, STAGE_SHORT, tx_queue); /* that was all */
}

void size_test_leave(struct size_test *test, struct tx_queue *tx_queue)
{
	end(test, STAGE_SHORT, tx_queue);
}

/* The window opens for one segment. The rest has to follow before the first is
 * retransmitted: after that no new data is sent. Where checksums can't show
 * whether it is one segment, its retransmission has to come. */
static void open_window(struct size_test *test, struct tx_queue *tx_queue)
{
	test->stage = STAGE_ONE_SEGMENT;
	test->silences = 0;
	tx_queue->wait_ms = HEAR_MS;
	if (test->connection->is_unsummed)
		connection_ack_withhold(test->connection);
	connection_allow(
		test->connection, test->connection->offered_mss, tx_queue);
}

void size_test_speak(struct size_test *test,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue)
{
	struct connection *connection = test->connection;

	if (test->stage == STAGE_OPENING &&
		connection->state == CONNECTION_OPEN) {
		connection_allow(connection, 0, tx_queue);
		test->stage = STAGE_SENDING;
	}
	if (test->stage != STAGE_SENDING || test->has_said ||
		!connection_is_heard(connection))
		return;
	if (stimulus->used > test->said_bytes) {
		(void)connection_send(connection,
			stimulus->bytes + test->said_bytes,
			(uint16_t)(stimulus->used - test->said_bytes),
			tx_queue);
		test->said_bytes = stimulus->used;
	}
	test->has_said = stimulus->is_whole;
	test->plain_bytes = stimulus->plain_bytes;
	if (test->has_said) {
		test->silences = 0;
		tx_queue->timer_ms = collect_ms;
	}
}

void size_test_hear(struct size_test *test, const struct event *event,
	const struct app_stimulus *stimulus, unsigned collect_ms,
	struct tx_queue *tx_queue)
{
	if (test->stage >= STAGE_ARRIVED)
		return;
	if (connection_is_gone(test->connection)) {
		end(test, STAGE_GONE, tx_queue);
		return;
	}
	size_test_speak(test, stimulus, collect_ms, tx_queue);
	take_data(test, event, tx_queue);
}

/* Data whose ACK is overdue is retransmitted. */
void size_test_alarm(struct size_test *test,
	const struct probe_context *context, unsigned collect_ms,
	struct tx_queue *tx_queue)
{
	if (test->stage != STAGE_SENDING || !test->has_said)
		return;
	if (connection_is_heard(test->connection) ||
		context->round_trip_ms >= collect_ms)
		open_window(test, tx_queue);
	else
		tx_queue->timer_ms = collect_ms;
}

void size_test_silence(struct size_test *test, struct tx_queue *tx_queue)
{
	struct connection *connection = test->connection;

	switch (test->stage) {
	case STAGE_OPENING:
	case STAGE_SENDING:
		if (connection_is_gone(connection) ||
			++test->silences > MOST_TIMEOUTS)
			end(test, STAGE_GONE, tx_queue);
		break;
	case STAGE_ONE_SEGMENT:
		if (test->is_merged && connection->is_ignoring) {
			if (++test->silences > AGAIN)
				end(test, STAGE_SHORT, tx_queue);
			break;
		}
		connection_ack_resume(connection);
		test->stage = STAGE_WAITING;
		test->silences = 0;
		connection_allow(connection, UINT16_MAX, tx_queue);
		break;
	case STAGE_WAITING:
		if (++test->silences % REPEAT)
			break;
		if (connection_has_gap(connection))
			end(test, STAGE_MISSING, tx_queue);
		else if (has_heard(test))
			end(test, STAGE_SHORT, tx_queue);
		else if (test->silences > REPEATS * REPEAT)
			end(test, STAGE_NO_DATA, tx_queue);
		else /* the window update may have been lost */
			connection_allow(connection, UINT16_MAX, tx_queue);
		break;
	case STAGE_UNUSED:
	case STAGE_ARRIVED:
	case STAGE_MISSING:
	case STAGE_SHORT:
	case STAGE_NO_DATA:
	case STAGE_GONE:
		break;
	}
}
