#include "probe/experiments/flow_test.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"

static const struct connection *connection_of(
	const struct probe_context *context, unsigned flow)
{
	return flow == FLOW_OF_RUN ? context->connection
				   : &context->shared[flow];
}

unsigned flow_test_next(const struct flows_state *state, unsigned flow)
{
	return flow + 1 == state->count ? (unsigned)FLOW_OF_RUN : flow + 1;
}

struct probe_context flow_test_context(
	const struct probe_context *context, unsigned flow)
{
	struct probe_context one = *context;

	one.connection = connection_of(context, flow);
	return one;
}

void flow_test_ask(const struct flows_state *state,
	struct probe_context *context, unsigned flow, uint32_t ip_bytes,
	struct tx_queue *tx_queue)
{
	struct probe_context one = flow_test_context(context, flow);
	struct probe_packet *probe = probe_build(
		&one, METHOD_TCP, ip_bytes, HOP_LIMIT_WHOLE_WAY, tx_queue);

	context->segment_offset = one.segment_offset;
	if (probe)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"flows: does %u pass, too?%s", ip_bytes,
			state->groups ? " (as another does)" : "");
}

bool flow_test_is_usable(const struct probe_context *context, unsigned flow)
{
	return connection_is_measuring(connection_of(context, flow));
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
		if (flow_test_is_usable(context, i) && !is_settled(state, i))
			return false;
	return true;
}

void flow_test_send(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i <= FLOW_OF_RUN; i = flow_test_next(state, i)) {
		const struct flow_test *flow = &state->flows[i];

		if (!flow_test_is_usable(context, i) || is_settled(state, i))
			continue;
		if (i != FLOW_OF_RUN && state->top && state->tries == 0)
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
