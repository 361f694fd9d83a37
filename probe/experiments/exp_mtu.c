/* The largest packet that reaches the target, and the link that limits it.
 *
 * The probe sends already acknowledged data of many sizes into the open
 * connection; the target answers each segment that arrives with a DSACK that
 * names it (RFC 2883), so the DSACKs measure the forward path alone. When the
 * size is known to the byte, packets of it and of one byte more are sent with
 * every hop limit (hop_matrix.h). ICMP echo is a second method; its replies
 * are as large as its requests, so a smaller size by echo means that the
 * return path limits it. UDP is a third, of a few probes only, since hosts
 * answer closed ports a few times a second. */
#include "probe/experiments/registry.h"

#include "probe/experiments/cut_search.h"
#include "probe/experiments/hop_matrix.h"
#include "probe/experiments/mtu_methods.h"
#include "probe/experiments/mtu_search.h"
#include "probe/protocol/probe_rules.h"

enum {
	MATRIX_ROUNDS = 6,
	METHOD_ROUNDS = 3,
	RESTED_ROUNDS = 4,
	CLAIM_ROUNDS = 4,
};

enum mtu_phase {
	PHASE_SEARCH,
	/* once a second: a router that rate-limits PTB names that size */
	PHASE_CLAIM,
	PHASE_ABOVE, /* a search for a hole in front of a reported limit */
	PHASE_ROUTE, /* waiting for its end */
	PHASE_MATRIX,
	PHASE_RESTED, /* the same again, for routers that had no error left */
	PHASE_CUT,    /* nothing is too large, and routers quote fragments */
	PHASE_METHODS,
	PHASE_ECHO, /* a separate search, for echo replies that come back */
	PHASE_DONE,
};

struct mtu_state {
	struct forward_result result;
	enum mtu_phase phase;
	unsigned pending, rounds;
	uint32_t lost_above; /* see mtu_search.h; 0: none */
	struct mtu_search search, echo_search;
	struct hop_matrix matrix;
	struct cut_search cut;
	struct mtu_methods methods;
};

static uint32_t floor_bytes(const struct probe_context *context)
{
	return context->interface_mtu < PROBE_FLOOR_BYTES
		       ? context->interface_mtu
		       : (uint32_t)PROBE_FLOOR_BYTES;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct mtu_state *state = memory;

	mtu_search_begin(&state->search,
		connection_is_measuring(context->connection) ? METHOD_TCP
							     : METHOD_ECHO,
		floor_bytes(context), context->interface_mtu);
	state->pending =
		mtu_search_ask(&state->search, context, "mtu", tx_queue);
	return true;
}

/* Change the method to echo: the server has closed the connection, or
 * acknowledges already acknowledged data without DSACK. False: the method is
 * echo already. */
static bool fall_back(
	struct mtu_state *state, const struct probe_context *context)
{
	if (state->search.method != METHOD_TCP)
		return false;
	mtu_search_begin(&state->search, METHOD_ECHO, floor_bytes(context),
		context->interface_mtu);
	return true;
}

/* Short echo requests are answered, and those of the size that passes the
 * forward path are not. */
static bool is_way_back_narrower(const struct mtu_state *state)
{
	return state->search.method == METHOD_TCP &&
	       state->methods.has_least[METHOD_ECHO] &&
	       !state->methods.has_passed[METHOD_ECHO];
}

/* Whether a link is to be found: packets are lost without a PTB. */
static bool has_hole(const struct mtu_state *state)
{
	return state->lost_above ||
	       (!mtu_search_is_refused(&state->search, state->search.failed) &&
		       !mtu_search_is_claim_open(&state->search));
}

/* What is lost without a PTB although one came for other sizes is asked again
 * when routers have PTB to send. */
static enum mtu_phase after_search(
	struct mtu_state *state, struct tx_queue *tx_queue)
{
	if (mtu_search_is_claim_open(&state->search) &&
		state->rounds < CLAIM_ROUNDS) {
		tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
		return PHASE_CLAIM;
	}
	state->rounds = 0;
	if (mtu_search_lost_above(&state->search)) {
		tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
		return PHASE_ABOVE;
	}
	tx_queue->wait_ms = 0;
	tx_queue->waits_for = NULL;
	return PHASE_ROUTE;
}

/* The phases: each returns the next one, or its own while it waits. */

static enum mtu_phase search(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (!connection_is_measuring(context->connection))
		(void)fall_back(state, context);
	state->pending =
		mtu_search_ask(&state->search, context, "mtu", tx_queue);
	if (!state->pending && state->search.is_mute &&
		fall_back(state, context))
		state->pending = mtu_search_ask(
			&state->search, context, "mtu", tx_queue);
	if (state->pending)
		return PHASE_SEARCH;
	if (state->search.is_mute)
		return PHASE_DONE;
	if (state->search.failed == 0)
		return context->family == 4 &&
				       state->search.method == METHOD_TCP
			       ? PHASE_CUT
			       : PHASE_METHODS;
	state->result.limit = state->search.passed;
	state->rounds = 0;
	return after_search(state, tx_queue);
}

static enum mtu_phase check_claim(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (mtu_search_is_claim_open(&state->search) &&
		state->rounds++ < CLAIM_ROUNDS)
		state->pending = mtu_search_ask_claim(
			&state->search, context, "mtu", tx_queue);
	return state->pending ? PHASE_CLAIM : after_search(state, tx_queue);
}

static enum mtu_phase search_above(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->rounds++;
	tx_queue->wait_ms = 0;
	tx_queue->waits_for = NULL;
	state->pending =
		mtu_search_ask_above(&state->search, context, "mtu", tx_queue);
	if (state->pending)
		return PHASE_ABOVE;
	state->rounds = 0;
	state->lost_above = mtu_search_lost_above(&state->search);
	return PHASE_ROUTE;
}

static enum mtu_phase wait_for_route(
	struct mtu_state *state, const struct probe_context *context)
{
	state->result.is_limit_told =
		state->result.limit &&
		mtu_search_is_refused(&state->search, state->search.failed);
	if (!probe_context_is_final(context, RESULT_ROUTE))
		return PHASE_ROUTE;
	state->matrix.method = state->search.method;
	state->matrix.passed = state->search.passed;
	state->matrix.failed =
		state->lost_above ? state->lost_above : state->search.failed;
	return PHASE_MATRIX;
}

static enum mtu_phase find_link(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->rounds < MATRIX_ROUNDS && has_hole(state))
		state->pending = hop_matrix_probe(
			&state->matrix, context, state->rounds, tx_queue);
	state->rounds++;
	if (state->pending)
		return PHASE_MATRIX;
	state->rounds = 0;
	if (!has_hole(state) ||
		!hop_matrix_is_out_of_errors(&state->matrix, context))
		return PHASE_METHODS;
	state->matrix.is_rested = true;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	return PHASE_RESTED;
}

static enum mtu_phase find_link_rested(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->rounds++ < RESTED_ROUNDS)
		state->pending = hop_matrix_probe_rested(
			&state->matrix, context, tx_queue);
	if (state->rounds == RESTED_ROUNDS || !state->pending)
		tx_queue->wait_ms = 0; /* nothing follows */
	if (state->pending)
		return PHASE_RESTED;
	tx_queue->waits_for = NULL;
	state->rounds = 0;
	return PHASE_METHODS;
}

static enum mtu_phase search_cut(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (!probe_context_is_final(context, RESULT_ROUTE))
		return PHASE_CUT;
	if (context->results.route->is_df_cleared)
		state->pending = cut_search_ask(&state->cut, context, tx_queue);
	if (!state->pending) {
		tx_queue->wait_ms = 0;
		tx_queue->waits_for = NULL;
		return PHASE_METHODS;
	}
	/* Only routers answer these. */
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	return PHASE_CUT;
}

static enum mtu_phase compare_methods(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->rounds < METHOD_ROUNDS)
		state->pending = mtu_methods_ask(&state->methods,
			&state->search, state->rounds, context, tx_queue);
	state->rounds++;
	if (state->pending)
		return PHASE_METHODS;
	if (!is_way_back_narrower(state))
		return PHASE_DONE;
	mtu_search_begin(&state->echo_search, METHOD_ECHO, floor_bytes(context),
		state->search.passed);
	return PHASE_ECHO;
}

static enum mtu_phase search_echo(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->pending =
		mtu_search_ask(&state->echo_search, context, "mtu", tx_queue);
	if (state->pending)
		return PHASE_ECHO;
	state->result.echo_limit = state->echo_search.passed;
	return PHASE_DONE;
}

static enum mtu_phase next_phase(struct mtu_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	switch (state->phase) {
	case PHASE_SEARCH:
		return search(state, context, tx_queue);
	case PHASE_CLAIM:
		return check_claim(state, context, tx_queue);
	case PHASE_ABOVE:
		return search_above(state, context, tx_queue);
	case PHASE_ROUTE:
		return wait_for_route(state, context);
	case PHASE_MATRIX:
		return find_link(state, context, tx_queue);
	case PHASE_RESTED:
		return find_link_rested(state, context, tx_queue);
	case PHASE_CUT:
		return search_cut(state, context, tx_queue);
	case PHASE_METHODS:
		return compare_methods(state, context, tx_queue);
	case PHASE_ECHO:
		return search_echo(state, context, tx_queue);
	case PHASE_DONE:
		break;
	}
	return PHASE_DONE;
}

/* Whether routers are left alone first, whatever comes meanwhile. */
static bool is_resting(const struct mtu_state *state)
{
	return state->phase == PHASE_RESTED ||
	       (state->phase == PHASE_CLAIM &&
		       mtu_search_is_claim_open(&state->search)) ||
	       (state->phase == PHASE_ABOVE && state->rounds == 0);
}

/* Goes through the phases until one of them waits. */
static bool go_on(struct mtu_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	enum mtu_phase before;

	state->pending = 0;
	do {
		before = state->phase;
		state->phase = next_phase(state, context, tx_queue);
	} while (state->phase != before && !is_resting(state));
	state->result.path_mtu = state->search.passed;
	return state->phase != PHASE_DONE;
}

static void take_answer(struct mtu_state *state, struct probe_context *context,
	const struct event *event)
{
	enum probe_method method = probe_method_of(event->sent_probe);
	uint32_t ip_bytes = event->sent_probe->ip_bytes;

	if (event->is_awaited && state->pending > 0)
		state->pending--;
	if (event->sent_probe->ttl != HOP_LIMIT_WHOLE_WAY) {
		if (state->phase == PHASE_CUT)
			cut_search_take(&state->cut, event);
		else
			hop_matrix_take(&state->matrix, event);
		return;
	}
	if (method == state->search.method)
		mtu_search_take(&state->search, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (method == METHOD_ECHO && state->echo_search.is_begun)
		mtu_search_take(&state->echo_search, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (event->answer != RESPONSE_ARRIVED)
		return;
	if (method == METHOD_ECHO && event->packet->ip_bytes >= ip_bytes &&
		ip_bytes > state->result.echo_passed)
		state->result.echo_passed = ip_bytes;
	mtu_methods_take(
		&state->methods, &state->search, context, event->sent_probe);
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct mtu_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_RESPONSE) {
		take_answer(state, context, event);
		/* A phase that waits for routers ends with their timeout. */
		if (state->pending > 0 || state->phase == PHASE_ROUTE ||
			is_resting(state))
			return true;
	}
	return go_on(state, context, tx_queue);
}

const struct experiment experiment_mtu = {
	.id = EXPERIMENT_MTU,
	.state_bytes = sizeof(struct mtu_state),
	.most_packets = 1500,
	.usual_later = 4,
	.needs = 1u << RESULT_CONNECTION,
	.reads = 1u << RESULT_ROUTE,
	.takes = RESOURCE_ROUTER_ERRORS,
	.provides = RESULT_FORWARD,
	.result_at = offsetof(struct mtu_state, result),
	.start = start,
	.step = step,
};
