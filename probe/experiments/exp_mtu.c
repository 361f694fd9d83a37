/* The largest packet that reaches the target, and the link that takes no more.
 *
 * Old data of many sizes goes into the open connection; each segment that
 * arrives is answered with a DSACK that names it (RFC 2883), so the answers
 * measure the way there alone. When the size is known to the byte, packets of
 * it and of one byte more are sent with every hop limit: the hop that answers
 * the one and not the other lies behind the link. ICMP echo is a second ruler;
 * its answers are as large as its questions, so where it is the shorter one,
 * the way back is narrower. UDP is a third, of a few questions only, since
 * hosts answer closed ports a few times a second. */
#include "probe/experiments/registry.h"

#include <stdio.h>

#include "probe/experiments/mtu_search.h"
#include "probe/protocol/probe_rules.h"

enum {
	MATRIX_ROUNDS = 6,
	METHOD_ROUNDS = 3,
	METHOD_TRIES = 2,
	PATIENCE = 40, /* silences to wait for the route */
	REFILL_ROUNDS = 4,
};

enum phase {
	PHASE_LADDER,
	PHASE_ROUTE, /* waiting for its end */
	PHASE_MATRIX,
	PHASE_REFILL, /* the matrix again, of routers that were out of errors */
	PHASE_RULERS,
	PHASE_BACK, /* the echo's own ladder */
	PHASE_DONE,
};

struct mtu_state {
	enum phase phase;
	unsigned pending, rounds;
	struct mtu_search ladder;
	struct mtu_search back;
	/* matrix: what hop limits were answered for */
	bool large[HOP_LIMIT_WHOLE_WAY + 1], small[HOP_LIMIT_WHOLE_WAY + 1];
	unsigned tries[HOP_LIMIT_WHOLE_WAY + 1];
	unsigned refilled[HOP_LIMIT_WHOLE_WAY +
			  1]; /* small ones answered since */
	/* rulers: full distance, the size that passes */
	bool has_passed[METHOD_COUNT];
	bool has_least[METHOD_COUNT]; /* a short one was answered */
};

static uint32_t floor_bytes(const struct probe_context *context)
{
	return context->interface_mtu < PROBE_FLOOR_BYTES
		       ? context->interface_mtu
		       : (uint32_t)PROBE_FLOOR_BYTES;
}

static bool is_tcp_usable(const struct probe_context *context)
{
	return context->connection->state == CONNECTION_OPEN &&
	       context->connection->has_sack &&
	       !context->connection->has_peer_closed;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct mtu_state *state = memory;

	mtu_search_begin(&state->ladder,
		is_tcp_usable(context) ? METHOD_TCP : METHOD_ECHO,
		floor_bytes(context), context->interface_mtu);
	state->pending =
		mtu_search_ask(&state->ladder, context, "mtu", tx_queue);
	return true;
}

/* To echo: the server has ended the connection, or it acknowledges old data
 * without naming it (no DSACK). False: that is asked already. */
static bool fall_back(
	struct mtu_state *state, const struct probe_context *context)
{
	if (state->ladder.method != METHOD_TCP)
		return false;
	mtu_search_begin(&state->ladder, METHOD_ECHO, floor_bytes(context),
		context->interface_mtu);
	return true;
}

static void ask_sized(struct mtu_state *state, struct probe_context *context,
	enum probe_method method, uint32_t ip_bytes, unsigned ttl,
	struct tx_queue *tx_queue)
{
	if (method == METHOD_TCP && !is_tcp_usable(context))
		return;
	struct probe_packet *probe =
		probe_build(context, method, ip_bytes, (uint8_t)ttl, tx_queue);

	if (!probe)
		return;
	if (ttl == HOP_LIMIT_WHOLE_WAY)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"mtu: does %u pass?", ip_bytes);
	else
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"mtu: does %u reach hop %u?", ip_bytes, ttl);
	state->pending++;
}

/* The large one first: when the small one is answered after it, the hop was
 * not merely out of answers. */
static void ask_hop(struct mtu_state *state, struct probe_context *context,
	unsigned ttl, struct tx_queue *tx_queue)
{
	ask_sized(state, context, state->ladder.method, state->ladder.failed,
		ttl, tx_queue);
	ask_sized(state, context, state->ladder.method, state->ladder.passed,
		ttl, tx_queue);
	state->tries[ttl]++;
	if (context->small_sent[ttl] < UINT8_MAX) {
		context->small_sent[ttl]++;
		context->silences[ttl]++;
	}
}

static unsigned last_router(const struct probe_context *context)
{
	unsigned last =
		context->distance ? context->distance - 1 : context->max_ttl;

	return last < HOP_LIMIT_WHOLE_WAY ? last : HOP_LIMIT_WHOLE_WAY - 1;
}

static unsigned last_reached(const struct mtu_state *state, unsigned last)
{
	unsigned reached = 0;

	for (unsigned ttl = 1; ttl <= last; ttl++)
		if (state->large[ttl])
			reached = ttl;
	return reached;
}

/* Routers from the first that large packets did not reach. Two of them are
 * asked again: one may be silent by nature. */
static void ask_matrix(struct mtu_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	enum { AGAIN = 2, TRIES = 3 };
	unsigned last = last_router(context), count = 0;

	for (unsigned ttl = last_reached(state, last) + 1; ttl <= last; ttl++) {
		if (state->rounds > 0 && count == AGAIN)
			break;
		if (state->rounds > 0 && !state->small[ttl] &&
			state->tries[ttl] >= 2)
			continue; /* silent */
		count++;
		if (state->tries[ttl] < TRIES)
			ask_hop(state, context, ttl, tx_queue);
	}
}

static bool is_rationing(const struct probe_context *context, unsigned ttl)
{
	return error_ration_is_seen(
		context->small_sent[ttl], context->silences[ttl]);
}

/* Whether the hop behind the link is not known for lack of errors: where every
 * router that answers at all answers all, a silent one is so by nature. */
static bool is_out_of_errors(
	const struct mtu_state *state, const struct probe_context *context)
{
	unsigned last = last_router(context);
	unsigned reached = last_reached(state, last);
	bool is_rationed = false, is_any = false;

	if (context->distance == 0 || reached == last ||
		(state->small[reached + 1] && state->tries[reached + 1] >= 2 &&
			!is_rationing(context, reached + 1)))
		return false;
	for (unsigned ttl = 1; ttl <= last; ttl++) {
		bool is_answering = state->small[ttl] || state->large[ttl] ||
				    context->answering_hops >> (ttl - 1) & 1;

		is_any = is_any || is_answering;
		is_rationed = is_rationed ||
			      (is_answering && is_rationing(context, ttl));
	}
	return is_rationed || !is_any;
}

/* Hops up to the first that answered after the refill for the small packet
 * only. A router with one error to send spends it on the packet that comes
 * first, which is the large one, unless that never comes. */
static void ask_refilled(struct mtu_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned last = last_router(context);

	for (unsigned ttl = last_reached(state, last) + 1; ttl <= last; ttl++) {
		ask_hop(state, context, ttl, tx_queue);
		if (state->refilled[ttl] >= 2)
			break;
	}
}

static bool is_other(const struct mtu_state *state, enum probe_method method)
{
	return method != state->ladder.method && method != METHOD_TCP;
}

static void ask_rulers(struct mtu_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const struct mtu_search *ladder = &state->ladder;
	for (int i = 0; i < METHOD_COUNT; i++) {
		enum probe_method method = (enum probe_method)i;

		if (!is_other(state, method) || state->has_passed[method])
			continue;
		if (!state->has_least[method])
			ask_sized(state, context, method,
				probe_build_least_bytes(
					context->family, method) +
					1,
				HOP_LIMIT_WHOLE_WAY, tx_queue);
		ask_sized(state, context, method, ladder->passed,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		for (int t = 0; t < METHOD_TRIES && ladder->failed &&
				state->rounds == 0;
			t++)
			ask_sized(state, context, method, ladder->failed,
				HOP_LIMIT_WHOLE_WAY, tx_queue);
	}
}

/* Echo answers short packets and not the size that passes the way there. */
static bool is_way_back_narrower(const struct mtu_state *state)
{
	return state->ladder.method == METHOD_TCP &&
	       state->has_least[METHOD_ECHO] && !state->has_passed[METHOD_ECHO];
}

/* Goes through the phases until one of them asks something. */
static bool go_on(struct mtu_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	state->pending = 0;
	for (;;) {
		context->path_mtu = state->ladder.passed;
		switch (state->phase) {
		case PHASE_LADDER:
			if (!is_tcp_usable(context))
				(void)fall_back(state, context);
			state->pending = mtu_search_ask(
				&state->ladder, context, "mtu", tx_queue);
			if (state->pending)
				return true;
			if (state->ladder.is_mute && fall_back(state, context))
				break;
			if (state->ladder.is_mute) {
				state->phase = PHASE_DONE;
				break;
			}
			if (state->ladder.failed)
				context->forward_limit = state->ladder.passed;
			state->phase = state->ladder.failed ? PHASE_ROUTE
							    : PHASE_RULERS;
			break;
		case PHASE_ROUTE:
			if (!context->is_route_done &&
				state->rounds++ < PATIENCE)
				return true;
			state->rounds = 0;
			state->phase = PHASE_MATRIX;
			break;
		case PHASE_MATRIX:
			if (state->rounds < MATRIX_ROUNDS &&
				!mtu_search_is_refused(
					&state->ladder, state->ladder.failed))
				ask_matrix(state, context, tx_queue);
			state->rounds++;
			if (state->pending)
				return true;
			state->rounds = 0;
			state->phase = PHASE_RULERS;
			if (mtu_search_is_refused(
				    &state->ladder, state->ladder.failed) ||
				!is_out_of_errors(state, context))
				break;
			state->phase = PHASE_REFILL;
			tx_queue_await_routers(
				tx_queue, ERROR_RATION_REFILL_MS);
			return true;
		case PHASE_REFILL:
			if (state->rounds++ < REFILL_ROUNDS)
				ask_refilled(state, context, tx_queue);
			if (state->rounds == REFILL_ROUNDS || !state->pending)
				tx_queue->wait_ms = 0; /* nothing follows */
			if (state->pending)
				return true;
			tx_queue->waits_for = NULL;
			state->rounds = 0;
			state->phase = PHASE_RULERS;
			break;
		case PHASE_RULERS:
			if (state->rounds < METHOD_ROUNDS)
				ask_rulers(state, context, tx_queue);
			state->rounds++;
			if (state->pending)
				return true;
			state->phase = PHASE_BACK;
			if (!is_way_back_narrower(state)) {
				state->phase = PHASE_DONE;
				break;
			}
			mtu_search_begin(&state->back, METHOD_ECHO,
				floor_bytes(context), state->ladder.passed);
			break;
		case PHASE_BACK:
			state->pending = mtu_search_ask(
				&state->back, context, "mtu", tx_queue);
			if (state->pending)
				return true;
			context->echo_limit = state->back.passed;
			state->phase = PHASE_DONE;
			break;
		case PHASE_DONE:
			context->is_mtu_over = true;
			return false;
		}
	}
}

static void take_matrix(struct mtu_state *state, struct probe_context *context,
	const struct event *event)
{
	unsigned ttl = event->sent_probe->ttl;

	if (ttl > HOP_LIMIT_WHOLE_WAY ||
		(event->answer != RESPONSE_EXPIRED &&
			event->answer != RESPONSE_ARRIVED))
		return;
	if (event->sent_probe->ip_bytes > state->ladder.passed)
		state->large[ttl] = true;
	else {
		state->small[ttl] = true;
		state->refilled[ttl] += state->phase == PHASE_REFILL;
		if (event->is_first && context->silences[ttl] > 0)
			context->silences[ttl]--;
	}
}

static void take_answer(struct mtu_state *state, struct probe_context *context,
	const struct event *event)
{
	enum probe_method method = probe_method_of(event->sent_probe);
	uint32_t ip_bytes = event->sent_probe->ip_bytes;

	if (event->is_first && state->pending > 0)
		state->pending--;
	if (event->sent_probe->ttl != HOP_LIMIT_WHOLE_WAY) {
		take_matrix(state, context, event);
		return;
	}
	if (method == state->ladder.method)
		mtu_search_take(&state->ladder, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (method == METHOD_ECHO && state->back.is_begun)
		mtu_search_take(&state->back, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (event->answer != RESPONSE_ARRIVED)
		return;
	if (method == METHOD_ECHO && ip_bytes > context->echo_passed)
		context->echo_passed = ip_bytes;
	if (ip_bytes <= probe_build_least_bytes(context->family, method) + 1)
		state->has_least[method] = true;
	else if (ip_bytes == state->ladder.passed)
		state->has_passed[method] = true;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct mtu_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_RESPONSE) {
		take_answer(state, context, event);
		/* Who waits for routers waits for silence. */
		if (state->pending > 0 || state->phase == PHASE_ROUTE ||
			state->phase == PHASE_REFILL)
			return true;
	}
	return go_on(state, context, tx_queue);
}

const struct experiment experiment_mtu = {
	.id = EXPERIMENT_MTU,
	.state_bytes = sizeof(struct mtu_state),
	.most_packets = 1500,
	.start = start,
	.step = step,
};
