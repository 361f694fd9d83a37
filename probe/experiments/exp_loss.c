/* The loss of small and large packets: already acknowledged data in the
 * connection, which the target always answers, unlike routers, which
 * rate-limit errors.
 *
 * Where packets are lost, and no other experiment runs, the hops are probed as
 * well, as often as routers send errors: once a second (Linux). That takes up
 * to a minute. */
#include "probe/experiments/registry.h"
#include "probe/engine/probe_build.h"
#include "probe/protocol/probe_rules.h"

#include <stdio.h>

enum {
	LEAST_LOST = 2,
	ALL = LOSS_SIZES * LOSS_TIMES,
	SILENT_ROUNDS = 8, /* after which a hop counts as sending no errors */
};

struct loss_state {
	uint64_t answering_hops; /* that reported an expired packet here */
	unsigned pending;	 /* then: lost end to end */
	unsigned rounds;
};

static bool begin(struct loss_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const uint32_t sizes[LOSS_SIZES] = {LOSS_SMALL_BYTES, LOSS_MEDIUM_BYTES,
		context->results.forward->path_mtu
			? context->results.forward->path_mtu
			: (uint32_t)LOSS_UNMEASURED_BYTES};
	/* Where the server may lack the handshake's ACK, missing answers are no
	 * loss. */
	bool is_tcp = connection_is_measuring(context->connection) &&
		      context->connection->is_confirmed;

	for (int time = 0; time < LOSS_TIMES; time++)
		for (int i = 0; i < LOSS_SIZES; i++) {
			struct probe_packet *probe = probe_build(context,
				is_tcp ? METHOD_TCP : METHOD_ECHO, sizes[i],
				HOP_LIMIT_WHOLE_WAY, tx_queue);

			if (!probe)
				continue;
			(void)snprintf(probe->comment, sizeof(probe->comment),
				"loss: %u bytes, %d of %d", sizes[i], time + 1,
				LOSS_TIMES);
			state->pending++;
		}
	return state->pending > 0;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	return begin(memory, context, tx_queue);
}

/* Enough rounds that a hop behind the lossy link is expected to lose
 * LOSS_HOP_LOSSES packets. */
static bool is_told(const struct loss_state *state)
{
	return state->rounds * state->pending >= LOSS_HOP_LOSSES * ALL;
}

/* One packet to each hop that reports what expires. The route's few packets
 * to a hop may all have been lost. */
static bool ask_hops(struct loss_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const struct connection *connection = context->connection;
	bool is_asked = false;

	if (!context->is_alone || state->pending < LEAST_LOST ||
		state->pending == ALL || /* hops would be as mute */
		state->rounds == LOSS_HOP_ROUNDS || is_told(state) ||
		connection->state != CONNECTION_OPEN ||
		connection->has_peer_closed)
		return false;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	state->rounds++;
	for (unsigned ttl = 1; ttl < context->results.route->distance &&
			       ttl <= HOP_LIMIT_WHOLE_WAY;
		ttl++) {
		uint64_t answering = context->results.route->answering_hops |
				     state->answering_hops;

		if (!(answering >> (ttl - 1) & 1) &&
			state->rounds > SILENT_ROUNDS)
			continue;
		struct probe_packet *probe = probe_build(context, METHOD_TCP,
			LOSS_SMALL_BYTES, (uint8_t)ttl, tx_queue);

		if (!probe)
			continue;
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"loss: hop %u, %u of %d", ttl, state->rounds,
			LOSS_HOP_ROUNDS);
		is_asked = true;
	}
	return is_asked;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct loss_state *state = memory;

	if (event->kind == EVENT_TIMEOUT)
		return ask_hops(state, context, tx_queue);
	if (event->kind == EVENT_RESPONSE &&
		event->answer == RESPONSE_EXPIRED &&
		event->sent_probe->ttl > 0 &&
		event->sent_probe->ttl <= HOP_LIMIT_WHOLE_WAY)
		state->answering_hops |= UINT64_C(1)
					 << (event->sent_probe->ttl - 1);
	if (event->kind == EVENT_RESPONSE && state->rounds == 0 &&
		event->is_first && state->pending > 0)
		state->pending--;
	/* The interval between packets to hops follows their rate limit, not
	 * their responses. */
	return state->rounds > 0 || state->pending > 0;
}

const struct experiment experiment_loss = {
	.id = EXPERIMENT_LOSS,
	.state_bytes = sizeof(struct loss_state),
	.most_packets = ALL + LOSS_HOP_ROUNDS * HOP_LIMIT_WHOLE_WAY,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE |
		 1u << RESULT_FORWARD,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
