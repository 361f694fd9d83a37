/* The largest packet that comes back from the target over TCP.
 *
 * The server is made to say much (probe/tcp/app_stimulus.h) on connections
 * whose SYN offers the segment size in question. No window is open until the
 * server has had time to collect what it has to say; then it is open for one
 * segment of that size, alone so that nothing on the way puts it together with
 * others. A size that arrives passes. If nothing comes, the window is opened
 * for the rest: where the rest arrives and the large one does not, nor when it
 * is repeated, that size does not pass. The first connection is opened before
 * it is known what to say, along with the discovery's and the run's own. Which
 * sizes are tested next, and on which ports: reverse_search.c. */
#include "probe/experiments/registry.h"

#include "probe/experiments/reverse_search.h"

enum {
	CONNECTIONS = 24,
	/* A server gets so long, per connection, to produce its response. */
	COLLECT_MS = 50,
	/* The same where the run may open few connections: trying a size again
	 * takes another one. */
	LIMITED_COLLECT_MS = 300,
	HINT_MS = 150,
};

/* Several connections at once take a server several times as long. */
static unsigned collect_ms(const struct reverse_state *state)
{
	unsigned count = 0;

	for (int i = 0; i < TESTS_AT_ONCE; i++)
		count += state->tests[i].stage != STAGE_UNUSED;
	unsigned all = state->collect_ms * count;

	return all < COLLECT_MOST_MS ? all : COLLECT_MOST_MS;
}

/* By what the discovery has come to. */
static bool go_on(struct reverse_state *state,
	enum app_discovery_state discovery, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct size_test *first = &state->tests[0];

	if (discovery == APP_DISCOVERY_GREETING)
		return true;
	if (discovery == APP_DISCOVERY_LOST) {
		for (unsigned i = 0; i < context->own_count; i++)
			connection_close(&context->own[i], tx_queue);
		return false;
	}
	if (first->stage == STAGE_UNUSED) {
		if (!reverse_search_try(state, context, state->top, tx_queue))
			return false;
		state->parity = size_test_parity(first);
	}
	if (discovery == APP_DISCOVERY_LEARNED) {
		state->phase = PHASE_TRY;
		tx_queue->wait_ms = COLLECT_MS;
		size_test_speak(first, &state->discovery.stimulus,
			collect_ms(state), tx_queue);
	}
	return true;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct reverse_state *state = memory;

	state->phase = PHASE_DISCOVERY;
	state->parity = PORT_ANY;
	state->top = context->interface_mtu;
	state->collect_ms = tx_queue->wait_ms =
		context->is_limited ? LIMITED_COLLECT_MS : COLLECT_MS;
	return go_on(state,
		app_discovery_begin(&state->discovery, context, tx_queue),
		context, tx_queue);
}

static void tests_step(struct reverse_state *state,
	const struct probe_context *context, const struct event *event,
	struct tx_queue *tx_queue)
{
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		struct size_test *test = &state->tests[i];

		if (test->stage == STAGE_UNUSED)
			continue;
		if (event->kind == EVENT_TIMEOUT)
			size_test_silence(test, tx_queue);
		else if (event->kind == EVENT_TIMER)
			size_test_alarm(
				test, context, collect_ms(state), tx_queue);
		else if (event->connection == test->connection)
			size_test_hear(test, event, &state->discovery.stimulus,
				collect_ms(state), tx_queue);
		/* Echo replies have shown that packets of the interface's MTU
		 * come back. */
		if (size_test_is_coalesced(test) &&
			context->results.forward->echo_passed >= state->top)
			size_test_leave(test, tx_queue);
	}
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct reverse_state *state = memory;

	switch (state->phase) {
	case PHASE_DISCOVERY:
		tests_step(state, context, event, tx_queue);
		/* A server with SSH is given more time. */
		if (event->kind == EVENT_TIMEOUT &&
			state->discovery.state == APP_DISCOVERY_LISTENING)
			tx_queue->wait_ms *= 2;
		return go_on(state,
			app_discovery_step(
				&state->discovery, context, event, tx_queue),
			context, tx_queue);
	case PHASE_HINT:
		if (event->kind != EVENT_TIMEOUT)
			return true;
		break;
	case PHASE_TRY:
		tests_step(state, context, event, tx_queue);
		if (!reverse_round_is_over(state))
			return true;
		reverse_round_take(state);
		break;
	}
	bool goes_on = reverse_search_next(state, context, tx_queue);

	tx_queue->wait_ms =
		state->phase == PHASE_HINT ? HINT_MS : collect_ms(state);
	return goes_on;
}

const struct experiment experiment_reverse = {
	.id = EXPERIMENT_REVERSE,
	.state_bytes = sizeof(struct reverse_state),
	.most_packets = 1200,
	.usual_later = 42,
	.connections = CONNECTIONS,
	.reads = 1u << RESULT_FORWARD,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_REVERSE,
	.result_at = offsetof(struct reverse_state, result),
	.start = start,
	.step = step,
};
