/* Whether other flows pass the sizes that the run's connection does: routers
 * with several routes, and load balancers, choose by the ports. The shared
 * connections, with even and odd ports, send already acknowledged data of the
 * largest size that passes on the run's connection, and of one byte more;
 * where a router reports that limit, of the interface's MTU, too, which may be
 * lost on the way there. Stray segments of more ports do the same: of a server
 * that counts connections few may be opened. For a flow that differs, its own
 * size is searched, which the others that differ are then compared with;
 * packets of its sizes with every hop limit find the link, and show the routers
 * that it takes. */
#include "probe/experiments/registry.h"

#include "probe/experiments/flow_test.h"
#include "probe/protocol/probe_rules.h"

enum {
	/* sshd counts clients without a login (PerSourcePenalties): so many
	 * connections of the run, in all, and yet so many here */
	SSH_CONNECTIONS = 16,
	SSH_LEAST_FLOWS = 3,
	TRIES = PROBE_SIZE_TRIES,
	MOST_GROUPS = 3, /* that differ from the run's connection */
	TOP_TURNS = 2, /* more packets of that size, one a second */
	SMALL_TRIES = 2, /* of stray segments, where others are reset */
	MATRIX_ROUNDS = 6,
	RESTED_ROUNDS = 4,
};

/* The experiment ssh needs some, too. */
static unsigned flows_kept(const struct probe_context *context)
{
	return context->chosen & probe_experiment_bit(EXPERIMENT_SSH) &&
			       context->may_open > SSH_TALKS + 1
		       ? SSH_TALKS
		       : 0;
}

static unsigned flows_allowed(const struct probe_context *context)
{
	unsigned used = 1 + context->results.reverse->connections;
	unsigned most = context->shared_count < FLOW_TESTS
				? context->shared_count
				: FLOW_TESTS;

	if (context->is_limited)
		return probe_context_may_hold(
			context, most, flows_kept(context));
	if (most == 0 || !context->shared[0].is_ssh ||
		used + most <= SSH_CONNECTIONS)
		return most;
	return used + SSH_LEAST_FLOWS < SSH_CONNECTIONS
		       ? SSH_CONNECTIONS - used
		       : (unsigned)SSH_LEAST_FLOWS;
}

/* So many more flows as to compare enough. */
static void begin_strays(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned wanted = FLOWS_COMPARED - state->count;

	state->strays =
		context->own_count < wanted ? context->own_count : wanted;
	for (unsigned i = 0; i < state->strays; i++) {
		context->own[i].is_stray = true;
		context->own[i].send_next = context->own[i].first_sequence;
	}
	(void)flow_test_send_small(state, context, tx_queue);
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct flows_state *state = memory;
	const struct forward_result *forward = context->results.forward;

	if (!connection_is_measuring(context->connection) ||
		forward->path_mtu < PROBE_FLOOR_BYTES)
		return false;
	state->count = flows_allowed(context);
	state->passed = forward->path_mtu;
	state->failed = forward->limit ? forward->path_mtu + 1 : 0;
	if (forward->is_limit_told && state->failed < context->interface_mtu)
		state->top = context->interface_mtu;
	for (unsigned i = 0; i < state->count; i++) {
		context->shared[i].wants_confirmation = true;
		(void)probe_context_open( /* it was counted */
			context, &context->shared[i], tx_queue);
	}
	begin_strays(state, context, tx_queue);
	return state->count + state->strays > 0;
}

static bool is_any_stray_answering(const struct flows_state *state)
{
	for (unsigned i = 0; i < state->strays; i++)
		if (state->flows[state->count + i].is_answering)
			return true;
	return false;
}

static bool are_strays_known(const struct flows_state *state)
{
	for (unsigned i = 0; i < state->strays; i++)
		if (!state->flows[state->count + i].is_answering)
			return false;
	return true;
}

static bool are_open(
	const struct flows_state *state, const struct probe_context *context)
{
	for (unsigned i = 0; i < state->count; i++)
		if (context->shared[i].state == CONNECTION_OPENING ||
			connection_is_confirming(&context->shared[i]))
			return false;
	return true;
}

/* Those that passed what is compared, and no more, are known. The search goes
 * on with the first that differs; false where none does. */
static bool begin_search(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->leader = FLOW_OF_RUN + 1;
	for (unsigned i = 0; i <= FLOW_OF_RUN; i = flow_test_next(state, i)) {
		struct flow_test *flow = &state->flows[i];

		flow->is_known = flow->is_known ||
				 !flow_test_is_usable(state, context, i) ||
				 (flow->has_passed && !flow->has_next);
		if (!flow->is_known && state->leader > FLOW_OF_RUN)
			state->leader = i;
	}
	/* It tells whether the path has changed. */
	if (!state->flows[FLOW_OF_RUN].is_known)
		state->leader = FLOW_OF_RUN;
	if (state->leader > FLOW_OF_RUN || state->groups++ == MOST_GROUPS)
		return false;
	struct probe_context one =
		flow_test_context(state, context, state->leader);

	state->flows[state->leader].is_known = true;
	state->phase = PHASE_SEARCH;
	mtu_search_begin(&state->search, METHOD_TCP, PROBE_FLOOR_BYTES,
		context->interface_mtu);
	state->pending =
		mtu_search_ask(&state->search, &one, "flows", tx_queue);
	context->segment_offset = one.segment_offset;
	return true;
}

static bool next_group(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	state->phase = PHASE_COMPARE;
	if (state->search.passed) { /* else it has told nothing */
		state->passed = state->search.passed;
		state->failed = state->search.failed;
	}
	state->top = 0;
	state->tries = 0;
	tx_queue->wait_ms = 0;
	tx_queue->waits_for = NULL;
	for (unsigned i = 0; i <= FLOW_OF_RUN; i = flow_test_next(state, i))
		if (!state->flows[i].is_known)
			state->flows[i] = (struct flow_test){
				.is_answering = state->flows[i].is_answering};
	if (flow_test_are_settled(state, context))
		return begin_search(state, context, tx_queue);
	flow_test_send(state, context, tx_queue);
	return true;
}

/* The largest size, on the next connection that has no answer to it: one a
 * second, since a router may rate-limit its PTB. False when each had its turns.
 */
static bool ask_top(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	state->phase = PHASE_TOP;
	while (state->top && state->turn < TOP_TURNS * state->count) {
		unsigned flow = state->turn++ % state->count;

		if (!flow_test_is_usable(state, context, flow) ||
			state->flows[flow].has_top)
			continue;
		flow_test_ask(state, context, flow, state->top, tx_queue);
		tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
		return true;
	}
	tx_queue->wait_ms = 0;
	tx_queue->waits_for = NULL;
	return begin_search(state, context, tx_queue);
}

static bool go_on_comparing(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (!flow_test_are_settled(state, context) && state->tries < TRIES) {
		flow_test_send(state, context, tx_queue);
		return true;
	}
	return ask_top(state, context, tx_queue);
}

/* Where nothing is lost, to one size only: the routers are shown all the same.
 */
static bool probe_hops(struct flows_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct probe_context one =
		flow_test_context(state, context, state->leader);

	state->pending = 0;
	if (state->phase == PHASE_MATRIX && state->rounds < MATRIX_ROUNDS)
		state->pending = hop_matrix_probe(
			&state->matrix, &one, state->rounds, tx_queue);
	else if (state->phase == PHASE_RESTED && state->rounds < RESTED_ROUNDS)
		state->pending =
			hop_matrix_probe_rested(&state->matrix, &one, tx_queue);
	context->segment_offset = one.segment_offset;
	state->rounds++;
	if (state->pending)
		return true;
	if (state->phase == PHASE_RESTED ||
		!hop_matrix_is_out_of_errors(&state->matrix, &one))
		return next_group(state, context, tx_queue);
	state->phase = PHASE_RESTED;
	state->rounds = 0;
	state->matrix.is_rested = true;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	return true;
}

static bool go_on_searching(struct flows_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	struct probe_context one =
		flow_test_context(state, context, state->leader);
	const struct mtu_search *found = &state->search;

	state->pending =
		mtu_search_ask(&state->search, &one, "flows", tx_queue);
	context->segment_offset = one.segment_offset;
	if (state->pending)
		return true;
	if (found->is_mute || !found->passed)
		return next_group(state, context, tx_queue);
	state->phase = PHASE_MATRIX;
	state->rounds = 0;
	state->matrix = (struct hop_matrix){
		.method = METHOD_TCP,
		.passed = found->passed,
		.failed = found->failed ? found->failed : found->passed,
	};
	/* Its response shows that the connection has not ended meanwhile. */
	flow_test_ask(state, context, state->leader, found->passed, tx_queue);
	return probe_hops(state, context, tx_queue);
}

/* The flow that it is on; FLOW_OF_RUN + 1: on none. */
static unsigned flow_of(const struct flows_state *state,
	const struct probe_context *context,
	const struct connection *connection)
{
	if (connection == context->connection)
		return FLOW_OF_RUN;
	for (unsigned i = 0; i < state->count; i++)
		if (connection == &context->shared[i])
			return i;
	for (unsigned i = 0; i < state->strays; i++)
		if (connection == &context->own[i])
			return state->count + i;
	return FLOW_OF_RUN + 1;
}

static void take_answer(struct flows_state *state,
	const struct probe_context *context, const struct event *event)
{
	unsigned flow = flow_of(state, context, event->connection);
	uint32_t ip_bytes = event->sent_probe->ip_bytes;
	bool is_whole_way = event->sent_probe->ttl == HOP_LIMIT_WHOLE_WAY;

	if (flow > FLOW_OF_RUN || !event->sent_probe->payload_bytes)
		return;
	if (state->phase == PHASE_OPEN && event->connection->is_stray &&
		event->answer == RESPONSE_ARRIVED)
		state->flows[flow].is_answering = true;
	if (event->is_awaited && state->pending > 0)
		state->pending--;
	if (state->phase == PHASE_MATRIX || state->phase == PHASE_RESTED) {
		if (!is_whole_way)
			hop_matrix_take(&state->matrix, event);
		return;
	}
	if (state->phase == PHASE_SEARCH && flow == state->leader) {
		mtu_search_take(&state->search, ip_bytes, event->answer,
			event->packet->icmp_mtu);
		return;
	}
	flow_test_take(state, flow, event);
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct flows_state *state = memory;
	bool is_timeout = event->kind == EVENT_TIMEOUT;

	if (event->kind == EVENT_RESPONSE && event->connection)
		take_answer(state, context, event);
	switch (state->phase) {
	case PHASE_OPEN:
		state->is_small_over = state->is_small_over || is_timeout;
		if (is_timeout && is_any_stray_answering(state) &&
			state->small_tries < SMALL_TRIES)
			state->is_small_over = !flow_test_send_small(
				state, context, tx_queue);
		if (!are_open(state, context) ||
			!(state->is_small_over || are_strays_known(state)))
			return true;
		state->phase = PHASE_COMPARE;
		flow_test_send(state, context, tx_queue);
		return true;
	case PHASE_COMPARE:
		return is_timeout || flow_test_are_settled(state, context)
			       ? go_on_comparing(state, context, tx_queue)
			       : true;
	case PHASE_TOP:
		return is_timeout ? ask_top(state, context, tx_queue) : true;
	case PHASE_SEARCH:
		return is_timeout || state->pending == 0
			       ? go_on_searching(state, context, tx_queue)
			       : true;
	case PHASE_MATRIX:
		return is_timeout || state->pending == 0
			       ? probe_hops(state, context, tx_queue)
			       : true;
	case PHASE_RESTED: /* ends with the routers' timeout */
		return is_timeout ? probe_hops(state, context, tx_queue) : true;
	}
	return true;
}

const struct experiment experiment_flows = {
	.id = EXPERIMENT_FLOWS,
	.state_bytes = sizeof(struct flows_state),
	.most_packets = 1400,
	.usual_later = 28,
	.connections = FLOWS_COMPARED,
	.is_sharing = true,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_FORWARD |
		 1u << RESULT_ROUTE | 1u << RESULT_REVERSE,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
