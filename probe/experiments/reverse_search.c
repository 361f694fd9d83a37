/* Which sizes the next round of experiment_reverse tests, and on which source
 * ports.
 *
 * What the way there and the echo tell of the limit is tried first; without
 * that, usual sizes, then what lies between. Routers and load balancers choose
 * by ports. Until a size has come, or not, on source ports of both parities,
 * the limit is searched on those of one. Found, it is tried on both. Where
 * connections contradict each other, more are compared. */
#include "probe/experiments/reverse_search.h"

#include "probe/protocol/ssh_rules.h"

enum {
	SSH_CONNECTIONS = 13, /* sshd limits and counts unauthenticated ones
				 (MaxStartups, PerSourcePenalties) */
	LEFT_FOR_OTHERS = 3,  /* where the run may open few */
	LIMITED_LONGER = 2,   /* times as long, there, to compare a size */
	SSH_LONGER = 2, /* several at once: sshd starts a process for each, and
			   to try them again takes connections that are few */
	HINT_TIMEOUTS = 60,
	LEAST_BYTES = 576,
	/* Connections on which a size is compared, in each round of that. */
	FLOWS = 3,
	LIMITED_FLOWS = 1, /* where the run may open few, or a size failed */
	/* Where the run may open few, and has needed more than so many, the
	 * largest size is not compared. */
	LIMITED_USED = 2,
	/* Rounds, where connections contradict each other or a parity of the
	 * source port is not measured. */
	FLOW_ROUNDS = 3,
	LIMIT_TESTS = 2, /* kept to try the limit on the other parity */
};

static const uint16_t usual_sizes[TESTS_AT_ONCE] = {1400, 1420, 1450, 1480};

static unsigned connections_left(
	const struct reverse_state *state, const struct probe_context *context)
{
	unsigned most = context->own_count;

	if (state->discovery.discovery_conn && /* of SSH alone */
		most > SSH_CONNECTIONS)
		most = SSH_CONNECTIONS;
	most = most > state->discovery.used ? most - state->discovery.used : 0;
	return probe_context_may_open(context, most, LEFT_FOR_OTHERS);
}

static bool try_on(struct reverse_state *state, struct probe_context *context,
	uint32_t ip_bytes, enum port_parity parity, struct tx_queue *tx_queue)
{
	if (connections_left(state, context) == 0)
		return false;
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		struct size_test *test = &state->tests[i];

		if (test->stage != STAGE_UNUSED)
			continue;
		*test = (struct size_test){.ip_bytes = ip_bytes,
			.stage = STAGE_OPENING,
			.connection = app_discovery_open(&state->discovery,
				context, ip_bytes, parity, tx_queue)};
		if (!test->connection) {
			test->stage = STAGE_UNUSED;
			return false;
		}
		return true;
	}
	return false;
}

bool reverse_search_try(struct reverse_state *state,
	struct probe_context *context, uint32_t ip_bytes,
	struct tx_queue *tx_queue)
{
	return try_on(state, context, ip_bytes, state->parity, tx_queue);
}

/* The largest size that passes the forward path, or returned as an echo reply,
 * is tested first, and then the next one. 0: none. */
static uint32_t hint(
	const struct reverse_state *state, const struct probe_context *context)
{
	const struct forward_result *forward = context->results.forward;
	const uint32_t hints[] = {forward->limit, forward->echo_limit};

	for (unsigned i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if ((hints[i] > state->passed && hints[i] < state->failed) ||
			(hints[i] && hints[i] == state->passed &&
				hints[i] + 1 < state->failed))
			return hints[i];
	return 0;
}

static bool is_other_open(const struct reverse_state *state)
{
	return state->measured != BOTH_PARITIES;
}

/* So many sizes in each round find the limit with the connections that are
 * left, or else one. */
static unsigned sizes_at_once(const struct reverse_state *state,
	const struct probe_context *context, uint32_t gap)
{
	unsigned left = connections_left(state, context);
	unsigned unused = app_discovery_unused(context, state->parity);
	/* an answer, and a size on the other parity, in each round */
	unsigned beside = state->is_mute + is_other_open(state);

	left = left < unused ? left : unused;

	for (unsigned sizes = TESTS_AT_ONCE - beside; sizes > 1; sizes--) {
		unsigned needed = 0;

		for (uint32_t open = gap; open > 1; needed += sizes + beside)
			open = (open + sizes) / (sizes + 1);
		if (needed + LIMIT_TESTS <= left)
			return sizes;
	}
	return 1;
}

/* The largest on the other parity, as long as nothing is known of that. */
static void try_usual(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	enum port_parity parity = state->measured == BOTH_PARITIES
					  ? state->parity
					  : port_parity_other(state->parity);

	for (int i = TESTS_AT_ONCE - 1; i >= 0; i--) {
		if (usual_sizes[i] <= state->passed ||
			usual_sizes[i] >= state->failed)
			continue;
		(void)try_on(state, context, usual_sizes[i], parity, tx_queue);
		parity = state->parity;
	}
}

/* Usual sizes first; those whose window opened too early are tested again. Then
 * what lies between. */
static bool try_between(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	uint32_t low =
		state->passed ? state->passed : (uint32_t)LEAST_BYTES - 1;
	bool is_asking_usual = !state->has_asked_usual || state->was_early;

	if (state->failed <= low + 1)
		return false;
	if (!state->has_asked_usual && state->discovery.discovery_conn &&
		!context->is_limited)
		state->collect_ms *= SSH_LONGER;
	if (is_asking_usual)
		try_usual(state, context, tx_queue);
	state->has_asked_usual = true;
	if (!reverse_round_is_over(state))
		return true;
	/* A server that answers nothing at all is not asked on. */
	if (state->passed == 0) {
		bool is_first = !state->has_asked_least;

		state->has_asked_least = true;
		return is_first && reverse_search_try(state, context,
					   LEAST_BYTES, tx_queue);
	}
	uint32_t gap = state->failed - low;
	uint32_t sizes = sizes_at_once(state, context, gap);

	if (state->is_mute && state->passed)
		(void)reverse_search_try(
			state, context, state->passed, tx_queue);
	if (is_other_open(state))
		(void)try_on(state, context, state->top,
			port_parity_other(state->parity), tx_queue);
	for (uint32_t i = 1; i <= sizes; i++) {
		uint32_t size = low + gap * i / (sizes + 1);

		(void)reverse_search_try(
			state, context, size > low ? size : low + 1, tx_queue);
	}
	return !reverse_round_is_over(state);
}

static bool needs_flows(
	const struct reverse_state *state, const struct probe_context *context)
{
	bool is_open = state->contrary ? reverse_round_is_open(state)
				       : state->measured != BOTH_PARITIES;
	unsigned least = state->failed == 0 && !state->contrary;

	if (state->passed < state->top && !state->failed && !state->contrary)
		return false;
	if (least > 0 && context->is_limited &&
		state->discovery.used > LIMITED_USED)
		return false;
	return state->flow_rounds < (is_open ? (unsigned)FLOW_ROUNDS : least);
}

/* The size that came, or did not, on one connection: on others, of which the
 * first is of the other parity, or of the one where a size vanished. */
static bool try_flows(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	uint32_t size = state->top;
	enum port_parity parity = port_parity_other(state->parity);
	unsigned flows = FLOWS;

	if (!needs_flows(state, context))
		return false;
	if (context->is_limited && state->flow_rounds == 0)
		state->collect_ms *= LIMITED_LONGER;
	if (context->is_limited || (state->failed && !state->contrary))
		flows = LIMITED_FLOWS;
	state->flow_rounds += !state->was_early;
	if (state->contrary) {
		size = state->contrary;
		parity = state->contrary_parity;
	} else if (state->failed && state->is_mute) {
		/* that the server is free to answer */
		(void)reverse_search_try(
			state, context, state->passed, tx_queue);
	}
	for (unsigned i = 0; i < flows; i++) {
		(void)try_on(state, context, size, parity, tx_queue);
		parity = port_parity_other(parity);
	}
	return !reverse_round_is_over(state);
}

/* One size on ports of each parity for which it is open; the number of tests.
 */
static unsigned try_parities(struct reverse_state *state,
	struct probe_context *context, uint32_t ip_bytes, unsigned known,
	struct tx_queue *tx_queue)
{
	enum port_parity parity =
		state->parity == PORT_ANY ? PORT_EVEN : state->parity;
	unsigned count = 0;

	for (int i = 0; i < 2; i++) {
		if (!(known & 1u << parity))
			count += try_on(
				state, context, ip_bytes, parity, tx_queue);
		parity = port_parity_other(parity);
	}
	return count;
}

/* A size that passes, and the next one, which fails: so often that it is not
 * by loss, on ports of both parities. */
static bool try_limit(struct reverse_state *state,
	struct probe_context *context, uint32_t size, struct tx_queue *tx_queue)
{
	bool is_passed = size == state->passed;
	bool is_failed = size + 1 == state->failed;

	if (is_passed && reverse_round_is_sure(state))
		return false;
	state->hinted = size;
	/* An answer shows that the server is free to answer those that get
	 * none. */
	if (try_parities(state, context, size,
		    is_passed ? state->passed_parities : 0, tx_queue) == 0 &&
		state->is_mute)
		(void)reverse_search_try(state, context, size, tx_queue);
	unsigned tries = try_parities(state, context, size + 1,
		is_failed ? state->failed_parities : 0, tx_queue);

	for (; state->misses + tries < SURE; tries++)
		(void)reverse_search_try(state, context, size + 1, tx_queue);
	return !reverse_round_is_over(state);
}

static bool search(struct reverse_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	uint32_t size = hint(state, context);

	if (state->failed == state->passed + 1)
		size = state->passed;
	if (size)
		return try_limit(state, context, size, tx_queue);
	if (!probe_context_is_final(context, RESULT_FORWARD) &&
		state->silences++ < HINT_TIMEOUTS) {
		state->phase = PHASE_HINT;
		return true;
	}
	return try_between(state, context, tx_queue);
}

bool reverse_search_next(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->phase = PHASE_TRY;
	state->result.limit = state->failed ? state->passed : 0;
	state->result.connections = state->discovery.used;
	if (!state->contrary && state->failed == 0 && state->was_early &&
		state->passed < state->top)
		return reverse_search_try(state, context, state->top, tx_queue);
	if (!state->contrary && state->failed &&
		search(state, context, tx_queue))
		return true;
	return try_flows(state, context, tx_queue);
}
