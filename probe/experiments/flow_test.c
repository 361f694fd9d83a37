#include "probe/experiments/flow_test.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"
#include "probe/protocol/probe_rules.h"

static const struct connection *connection_of(const struct flows_state *state,
	const struct probe_context *context, unsigned flow)
{
	if (flow == FLOW_OF_RUN)
		return context->connection;
	return flow < state->count ? &context->shared[flow]
				   : &context->own[flow - state->count];
}

unsigned flow_test_next(const struct flows_state *state, unsigned flow)
{
	return flow + 1 == state->count + state->strays ? (unsigned)FLOW_OF_RUN
							: flow + 1;
}

struct probe_context flow_test_context(const struct flows_state *state,
	const struct probe_context *context, unsigned flow)
{
	struct probe_context one = *context;

	one.connection = connection_of(state, context, flow);
	return one;
}

void flow_test_ask(const struct flows_state *state,
	struct probe_context *context, unsigned flow, uint32_t ip_bytes,
	struct tx_queue *tx_queue)
{
	struct probe_context one = flow_test_context(state, context, flow);
	struct probe_packet *probe = probe_build(
		&one, METHOD_TCP, ip_bytes, HOP_LIMIT_WHOLE_WAY, tx_queue);

	context->segment_offset = one.segment_offset;
	if (probe)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"flows: does %u pass, too?%s", ip_bytes,
			state->groups ? " (as another does)" : "");
}

bool flow_test_is_usable(const struct flows_state *state,
	const struct probe_context *context, unsigned flow)
{
	const struct connection *connection =
		connection_of(state, context, flow);

	return connection->is_stray ? state->flows[flow].is_answering
				    : connection_is_measuring(connection);
}

bool flow_test_send_small(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	bool is_any = false;

	for (unsigned i = 0; i < state->strays; i++) {
		struct probe_packet *probe;
		struct probe_context one =
			flow_test_context(state, context, state->count + i);

		if (state->flows[state->count + i].is_answering)
			continue;
		probe = probe_build(&one, METHOD_TCP, PROBE_FLOOR_BYTES,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		context->segment_offset = one.segment_offset;
		if (probe)
			(void)snprintf(probe->comment, sizeof(probe->comment),
				"flows: is data of no connection reset?");
		is_any = is_any || probe;
	}
	state->small_tries++;
	return is_any;
}

static bool is_settled(const struct flows_state *state, unsigned flow)
{
	const struct flow_test *one = &state->flows[flow];

	return one->is_known ||
	       (one->has_passed && (state->failed == 0 || one->has_next ||
					   one->is_refused));
}

bool flow_test_are_settled(
	const struct flows_state *state, const struct probe_context *context)
{
	for (unsigned i = 0; i <= FLOW_OF_RUN; i = flow_test_next(state, i))
		if (flow_test_is_usable(state, context, i) &&
			!is_settled(state, i))
			return false;
	return true;
}

void flow_test_send(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i <= FLOW_OF_RUN; i = flow_test_next(state, i)) {
		const struct flow_test *flow = &state->flows[i];

		if (!flow_test_is_usable(state, context, i) ||
			is_settled(state, i))
			continue;
		if (i < state->count && state->top && state->tries == 0)
			flow_test_ask(state, context, i, state->top, tx_queue);
		if (state->failed && !flow->has_next && !flow->is_refused)
			flow_test_ask(
				state, context, i, state->failed, tx_queue);
		if (!flow->has_passed)
			flow_test_ask(
				state, context, i, state->passed, tx_queue);
	}
	state->tries++;
}

void flow_test_take(
	struct flows_state *state, unsigned flow, const struct event *event)
{
	uint32_t ip_bytes = event->sent_probe->ip_bytes;

	state->flows[flow].has_top =
		state->flows[flow].has_top || ip_bytes == state->top;
	state->flows[flow].has_passed = state->flows[flow].has_passed ||
					(event->answer == RESPONSE_ARRIVED &&
						ip_bytes == state->passed);
	state->flows[flow].has_next = state->flows[flow].has_next ||
				      (event->answer == RESPONSE_ARRIVED &&
					      ip_bytes == state->failed);
	state->flows[flow].is_refused = state->flows[flow].is_refused ||
					(event->answer == RESPONSE_TOO_BIG &&
						ip_bytes == state->failed);
}
