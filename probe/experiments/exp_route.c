/* Which routers lie between: one packet per hop limit and ruler, all at once.
 *
 * TCP goes inside the open connection, as old data, so that stateful firewalls
 * let it pass and every router that chooses paths by ports sees one flow. A
 * Linux router answers six such packets at once and then one a second; three
 * per hop are spent here. */
#include "probe/engine/experiment.h"

#include <stdio.h>

enum {
	TTL_MOST = 64,
	BLOCK_HOPS = 6, /* asked at once when the end is not in sight */
	FIRST_HOPS = 8, /* when nothing tells the distance */
	SPARE_HOPS = 1, /* beyond the guess: the way back may be shorter */
	ROUTE_RETRIES = 1,
};

struct route_state {
	unsigned top;	  /* highest hop limit asked so far */
	unsigned pending; /* questions of this round without an answer */
	unsigned retries;
	uint8_t answered[TTL_MOST + 1]; /* bit per ruler */
	unsigned arrived;		/* least hop limit; 0: not yet */
	/* by the connection's packets, which a load balancer may pass on where
	 * it answers others itself */
	bool has_arrived[TTL_MOST + 1], has_expired[TTL_MOST + 1];
};

/* Systems begin at 64, 128 or 255: what is missing is the way back. */
static unsigned guess_distance(const struct connection *connection)
{
	unsigned ttl = connection->peer_ttl;

	if (connection->state != CONNECTION_OPEN || ttl == 0)
		return 0;
	return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl + 1;
}

static void ask_hop(struct route_state *state, struct probe_context *context,
	enum probe_method method, unsigned ttl, struct tx_queue *tx_queue)
{
	if (method == METHOD_TCP &&
		context->connection->state != CONNECTION_OPEN)
		return;
	/* The size tells questions apart where nothing else is quoted. */
	uint32_t bytes = probe_build_least_bytes(context->family, method) + ttl;
	struct probe_packet *probe =
		probe_build(context, method, bytes, (uint8_t)ttl, tx_queue);

	if (!probe)
		return;
	(void)snprintf(
		probe->comment, sizeof(probe->comment), "route: hop %u", ttl);
	context->silences[ttl]++;
	state->pending++;
}

static void ask_block(struct route_state *state, struct probe_context *context,
	unsigned last, struct tx_queue *tx_queue)
{
	unsigned first = state->top + 1;

	if (last > context->max_ttl)
		last = context->max_ttl;
	if (last > TTL_MOST)
		last = TTL_MOST;
	for (int method = 0; method < METHOD_COUNT; method++)
		for (unsigned ttl = first; ttl <= last; ttl++)
			ask_hop(state, context, (enum probe_method)method, ttl,
				tx_queue);
	state->top = last;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct route_state *state = memory;
	unsigned guess = guess_distance(context->connection);
	unsigned last = guess ? guess + SPARE_HOPS : FIRST_HOPS;

	if (last > context->max_ttl)
		last = FIRST_HOPS; /* the guess was wrong */
	ask_block(state, context, last, tx_queue);
	return true;
}

/* More than any hop limit at which the connection's packets expired, if none
 * arrived with as little. */
static unsigned distance_of(const struct route_state *state)
{
	unsigned distance = state->arrived;

	for (unsigned ttl = 1; ttl <= TTL_MOST && !state->has_arrived[ttl];
		ttl++)
		if (state->has_expired[ttl] && ttl >= distance)
			distance = ttl + 1;
	return distance;
}

static void take_answer(struct route_state *state,
	struct probe_context *context, const struct event *event)
{
	unsigned ttl = event->sent_probe->ttl;
	enum probe_method method = probe_method_of(event->sent_probe);

	if (ttl == 0 || ttl > TTL_MOST)
		return;
	state->answered[ttl] |= (uint8_t)(1u << method);
	if (event->is_awaited && state->pending > 0)
		state->pending--;
	if (event->is_first && context->silences[ttl] > 0)
		context->silences[ttl]--;
	if (event->answer == RESPONSE_EXPIRED ||
		(event->answer == RESPONSE_ARRIVED && method == METHOD_UDP))
		context->answering_hops |= UINT64_C(1) << (ttl - 1);
	if (event->answer == RESPONSE_EXPIRED && method == METHOD_TCP)
		state->has_expired[ttl] = true;
	if (event->answer == RESPONSE_ARRIVED && method == METHOD_TCP)
		state->has_arrived[ttl] = true;
	if (event->answer == RESPONSE_ARRIVED &&
		(state->arrived == 0 || ttl < state->arrived))
		state->arrived = ttl;
	if (state->arrived)
		context->distance = distance_of(state);
}

/* Those before the target, or not more than one behind the last that answered:
 * it may ration what it says. */
static bool ask_silent_hops(struct route_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned before = state->pending, end = context->distance;

	for (unsigned ttl = 1; ttl <= state->top && !context->distance; ttl++)
		if (state->answered[ttl])
			end = ttl + 2;
	for (unsigned ttl = 1; ttl < end && ttl <= state->top; ttl++)
		if (state->answered[ttl] == 0) {
			ask_hop(state, context, METHOD_TCP, ttl, tx_queue);
			ask_hop(state, context, METHOD_ECHO, ttl, tx_queue);
		}
	return state->pending > before;
}

static bool finish(struct probe_context *context)
{
	context->is_route_done = true;
	return false;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct route_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_RESPONSE)
		take_answer(state, context, event);
	if (event->kind == EVENT_RESPONSE && state->pending > 0)
		return true;
	state->pending = 0;
	if (context->distance == 0) {
		if (state->top >= context->max_ttl || state->top >= TTL_MOST)
			return (state->retries++ < ROUTE_RETRIES &&
				       ask_silent_hops(
					       state, context, tx_queue)) ||
			       finish(context);
		ask_block(state, context, state->top + BLOCK_HOPS, tx_queue);
		return true;
	}
	if (state->retries++ < ROUTE_RETRIES &&
		ask_silent_hops(state, context, tx_queue))
		return true;
	return finish(context);
}

const struct experiment experiment_route = {
	.name = "route",
	.asks = "which routers lie between, by TCP, ICMP and UDP",
	.state_bytes = sizeof(struct route_state),
	.most_packets = METHOD_COUNT * TTL_MOST + 2 * TTL_MOST,
	.start = start,
	.step = step,
};
