/* Which routers lie between: one packet per hop limit and method, all at once.
 *
 * TCP goes inside the open connection, as old data, so that stateful firewalls
 * let it pass and every router that chooses paths by ports sees one flow. A
 * Linux router answers six such packets at once and then one a second; three
 * per hop are spent here. */
#include "probe/experiments/registry.h"
#include "probe/engine/probe_build.h"
#include "probe/protocol/error_ration.h"
#include "probe/protocol/hop_distance.h"

#include <assert.h>
#include <stdio.h>

enum {
	BLOCK_HOPS = 6, /* probed at once while the target's distance is not
			   known */
	FIRST_HOPS = 8, /* when nothing tells the distance */
	SPARE_HOPS = 1, /* beyond the guess: the return path may be shorter */
	ROUTE_RETRIES = 1,
};

static_assert(METHOD_COUNT <= 8, "a bit of a byte for each method");

struct route_state {
	struct route_result result;
	unsigned top;	  /* highest hop limit probed so far */
	unsigned pending; /* unanswered probes of this round */
	unsigned retries;
	bool has_rested, is_resting; /* until routers may answer again */
	uint8_t answered[HOP_LIMIT_WHOLE_WAY + 1]; /* bit per method */
	struct hop_distance distance;
};

static unsigned guess_distance(const struct connection *connection)
{
	if (connection->state != CONNECTION_OPEN || connection->peer_ttl == 0)
		return 0;
	return hop_distance_guess(connection->peer_ttl);
}

static void ask_hop(struct route_state *state, struct probe_context *context,
	enum probe_method method, unsigned ttl, struct tx_queue *tx_queue)
{
	if (method == METHOD_TCP &&
		context->connection->state != CONNECTION_OPEN)
		return;
	/* The size distinguishes probes where no other field is quoted. */
	uint32_t bytes = probe_build_least_bytes(context->family, method) + ttl;
	struct probe_packet *probe =
		probe_build(context, method, bytes, (uint8_t)ttl, tx_queue);

	if (!probe)
		return;
	(void)snprintf(
		probe->comment, sizeof(probe->comment), "route: hop %u", ttl);
	state->result.small_sent[ttl]++;
	state->result.unanswered[ttl]++;
	state->pending++;
}

static void ask_block(struct route_state *state, struct probe_context *context,
	unsigned last, struct tx_queue *tx_queue)
{
	unsigned first = state->top + 1;

	if (last > context->max_ttl)
		last = context->max_ttl;
	if (last > HOP_LIMIT_WHOLE_WAY)
		last = HOP_LIMIT_WHOLE_WAY;
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

static void take_answer(struct route_state *state, const struct event *event)
{
	unsigned ttl = event->sent_probe->ttl;
	enum probe_method method = probe_method_of(event->sent_probe);

	if (ttl == 0 || ttl > HOP_LIMIT_WHOLE_WAY)
		return;
	state->answered[ttl] |= (uint8_t)(1u << method);
	if (event->is_awaited && state->pending > 0)
		state->pending--;
	if (event->is_first && state->result.unanswered[ttl] > 0)
		state->result.unanswered[ttl]--;
	if (event->answer == RESPONSE_EXPIRED ||
		(event->answer == RESPONSE_ARRIVED && method == METHOD_UDP))
		state->result.answering_hops |= UINT64_C(1) << (ttl - 1);
	if (event->answer == RESPONSE_EXPIRED) {
		hop_distance_expired(&state->distance, method, ttl);
		if (event->sent_probe->is_df &&
			event->packet->quoted.family == 4 &&
			!event->packet->quoted.is_df)
			state->result.is_df_cleared = true;
	}
	if (event->answer == RESPONSE_ARRIVED)
		hop_distance_arrived(&state->distance, method, ttl);
	state->result.distance = hop_distance_of(&state->distance);
}

/* Those before the target, or at most one behind the last that responded: a
 * hop may rate-limit its errors. */
static bool ask_silent_hops(struct route_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned before = state->pending, end = state->result.distance;

	for (unsigned ttl = 1; ttl <= state->top && !state->result.distance;
		ttl++)
		if (state->answered[ttl])
			end = ttl + 2;
	for (unsigned ttl = 1; ttl < end && ttl <= state->top; ttl++)
		if (state->answered[ttl] == 0) {
			ask_hop(state, context, METHOD_TCP, ttl, tx_queue);
			ask_hop(state, context, METHOD_ECHO, ttl, tx_queue);
		}
	return state->pending > before;
}

static bool has_silent_hop(const struct route_state *state)
{
	for (unsigned ttl = 1; ttl < state->result.distance; ttl++)
		if (state->answered[ttl] == 0)
			return true;
	return false;
}

/* A run before this one may have used up what routers send in a second. Where
 * there is time, they are asked once more after that. */
static bool rest(struct route_state *state, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (!context->is_alone || state->has_rested || !has_silent_hop(state))
		return false;
	state->has_rested = state->is_resting = true;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	tx_queue->timer_ms = ERROR_RATION_REFILL_MS;
	return true;
}

static bool ask_again(struct route_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	return (state->retries++ < ROUTE_RETRIES &&
		       ask_silent_hops(state, context, tx_queue)) ||
	       rest(state, context, tx_queue);
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct route_state *state = memory;

	if (event->kind == EVENT_TIMER) {
		state->is_resting = false;
		return ask_silent_hops(state, context, tx_queue);
	}
	if (event->kind == EVENT_PACKET || state->is_resting)
		return true;
	if (event->kind == EVENT_RESPONSE)
		take_answer(state, event);
	if (event->kind == EVENT_RESPONSE && state->pending > 0)
		return true;
	state->pending = 0;
	if (state->result.distance == 0) {
		if (state->top >= context->max_ttl ||
			state->top >= HOP_LIMIT_WHOLE_WAY)
			return state->retries++ < ROUTE_RETRIES &&
			       ask_silent_hops(state, context, tx_queue);
		ask_block(state, context, state->top + BLOCK_HOPS, tx_queue);
		return true;
	}
	return ask_again(state, context, tx_queue);
}

const struct experiment experiment_route = {
	.id = EXPERIMENT_ROUTE,
	.state_bytes = sizeof(struct route_state),
	.most_packets = METHOD_COUNT * HOP_LIMIT_WHOLE_WAY +
			2 * (ROUTE_RETRIES + 1) * HOP_LIMIT_WHOLE_WAY,
	.needs = 1u << RESULT_CONNECTION,
	.provides = RESULT_ROUTE,
	.result_at = offsetof(struct route_state, result),
	.start = start,
	.step = step,
};
