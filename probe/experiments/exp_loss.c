/* How much is lost, small packets and large: old data in the connection, which
 * the target answers always, unlike routers' errors.
 *
 * Where something is lost, and nothing else is to be found out, the hops are
 * asked as well, as often as routers answer: once a second (Linux). That takes
 * up to a minute. */
#include "probe/engine/experiment.h"

#include <stdio.h>

enum {
	SMALL_BYTES = 64,
	MEDIUM_BYTES = 576,
	UNMEASURED_BYTES = 1280,
	TIMES = 40, /* of each size */
	FULL_TTL = 64,
	TTL_MOST = 64,
	LEAST_LOST = 2,
	ROUNDS = 60,	     /* of asking every hop */
	TELLING_LOSSES = 12, /* expected of a hop: enough rounds */
	REFILL_MS = 1050,
	MOST_KNOCKS = 12,
	SILENT_ROUNDS = 8, /* after which a hop is silent by nature */
};

struct loss_state {
	bool is_begun;
	unsigned knocks;
	uint64_t answering_hops; /* that reported an expired packet here */
	unsigned pending;	 /* then: lost end to end */
	unsigned rounds;
};

static bool is_tcp_usable(const struct probe_context *context)
{
	return context->connection->state == CONNECTION_OPEN &&
	       context->connection->has_sack &&
	       !context->connection->has_peer_closed;
}

static bool begin(struct loss_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const uint32_t sizes[] = {SMALL_BYTES, MEDIUM_BYTES,
		context->path_mtu ? context->path_mtu
				  : (uint32_t)UNMEASURED_BYTES};
	bool is_tcp = is_tcp_usable(context);

	state->is_begun = true;
	for (int time = 0; time < TIMES; time++)
		for (int i = 0; i < 3; i++) {
			struct probe_packet *probe = probe_build(context,
				is_tcp ? METHOD_TCP : METHOD_ECHO, sizes[i],
				FULL_TTL, tx_queue);

			if (!probe)
				continue;
			(void)snprintf(probe->comment, sizeof(probe->comment),
				"loss: %u bytes, %d of %d", sizes[i], time + 1,
				TIMES);
			state->pending++;
		}
	return state->pending > 0;
}

/* Until the server has the acknowledgment that completes its handshake, which
 * the runner sends again after each silence, it names no old data: what is sent
 * meanwhile would be lost without being so. */
static bool knock(struct loss_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe;

	if (!is_tcp_usable(context) || context->connection->is_confirmed ||
		state->knocks == MOST_KNOCKS)
		return begin(state, context, tx_queue);
	probe = probe_build(
		context, METHOD_TCP, SMALL_BYTES, FULL_TTL, tx_queue);
	if (probe)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"loss: is the handshake complete?");
	state->knocks++;
	return true;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	return knock(memory, context, tx_queue);
}

/* As many rounds as make a hop behind the loss lose some packets surely. */
static bool is_told(const struct loss_state *state)
{
	return state->rounds * state->pending >= TELLING_LOSSES * 3 * TIMES;
}

/* One packet to each hop that reports what expires. The route's few packets
 * to a hop may all have been lost. */
static bool ask_hops(struct loss_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const struct connection *connection = context->connection;
	bool is_asked = false;

	if (!context->is_alone || state->pending < LEAST_LOST ||
		state->rounds == ROUNDS || is_told(state) ||
		connection->state != CONNECTION_OPEN ||
		connection->has_peer_closed)
		return false;
	tx_queue_await_routers(tx_queue, REFILL_MS);
	state->rounds++;
	for (unsigned ttl = 1; ttl < context->distance && ttl <= TTL_MOST;
		ttl++) {
		uint64_t answering =
			context->answering_hops | state->answering_hops;

		if (!(answering >> (ttl - 1) & 1) &&
			state->rounds > SILENT_ROUNDS)
			continue;
		struct probe_packet *probe = probe_build(context, METHOD_TCP,
			SMALL_BYTES, (uint8_t)ttl, tx_queue);

		if (!probe)
			continue;
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"loss: hop %u, %u of %d", ttl, state->rounds, ROUNDS);
		is_asked = true;
	}
	return is_asked;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct loss_state *state = memory;

	if (!state->is_begun)
		return event->kind == EVENT_TIMEOUT ||
				       context->connection->is_confirmed
			       ? knock(state, context, tx_queue)
			       : true;
	if (event->kind == EVENT_TIMEOUT)
		return ask_hops(state, context, tx_queue);
	if (event->kind == EVENT_RESPONSE &&
		event->answer == RESPONSE_EXPIRED &&
		event->sent_probe->ttl > 0 &&
		event->sent_probe->ttl <= TTL_MOST)
		state->answering_hops |= UINT64_C(1)
					 << (event->sent_probe->ttl - 1);
	if (event->kind == EVENT_RESPONSE && state->rounds == 0 &&
		event->is_first && state->pending > 0)
		state->pending--;
	/* Hops are asked in time with what they answer, not with answers. */
	return state->rounds > 0 || state->pending > 0;
}

const struct experiment experiment_loss = {
	.name = "loss",
	.asks = "how many packets of which size are lost on the way and back",
	.state_bytes = sizeof(struct loss_state),
	.most_packets = MOST_KNOCKS + 3 * TIMES + ROUNDS * TTL_MOST,
	.is_late = true,
	.start = start,
	.step = step,
};
