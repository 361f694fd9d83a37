/* The largest packet that comes back from the target over TCP.
 *
 * The server is made to say much (probe/tcp/app_stimulus.h) on connections
 * whose SYN offers the segment size in question. No window is open until the
 * server has had time to collect what it has to say; then it is open for one
 * segment of that size, alone so that nothing on the way puts it together with
 * others. A size that arrives passes. If nothing comes, the window is opened
 * for the rest: where the rest arrives and the large one does not, nor when it
 * is repeated, that size does not pass. What the way there and the echo tell of
 * the limit is tried first; without that, usual sizes, then what lies
 * between. The first connection is opened before it is known what to say, along
 * with the discovery's and the run's own. */
#include "probe/experiments/registry.h"

#include "probe/tcp/size_test.h"

enum {
	CONNECTIONS = 24,
	SSH_CONNECTIONS = 13, /* sshd limits and counts unauthenticated ones
				 (MaxStartups, PerSourcePenalties) */
	LEFT_FOR_OTHERS = 3, /* where the run may open few */
	TESTS_AT_ONCE = 4,
	COLLECT_MS = 50,	/* for the server to produce its response, per
				   connection; */
	LIMITED_COLLECT_MS = 150, /* where a second try is a connection less */
	COLLECT_LONGER = 6,	/* times as long when that was too short, */
	COLLECT_MOST_MS = 2000, /* at most, of all in a round */
	HINT_MS = 150,
	HINT_TIMEOUTS = 60,
	SURE = 3, /* large segments that went missing */
	LEAST_BYTES = 576,
	FLOWS = 3, /* more connections on which the largest size is tried, */
	LIMITED_FLOWS = 1, /* where the run may open few, and no more than */
	LIMITED_USED = 2,  /* these were needed before; */
	FLOW_ROUNDS = 3,   /* so often where they differ */
};

enum reverse_phase {
	PHASE_DISCOVERY, /* what is to be said? */
	PHASE_TRY,
	PHASE_HINT, /* waiting for the forward path's limit */
};

struct reverse_state {
	struct reverse_result result;
	enum reverse_phase phase;
	struct app_discovery discovery;
	struct size_test tests[TESTS_AT_ONCE];
	uint32_t top, passed, failed; /* failed 0: none */
	unsigned misses;	      /* nothing of that size came */
	uint32_t hinted;  /* the last size that was tried for a hint; */
	uint32_t doubted; /* that did not come, once: that may be loss */
	unsigned silences;
	unsigned collect_ms; /* of one connection */
	bool was_early;	     /* the last round, for a size that is open */
	bool has_asked_usual, has_asked_least;
	unsigned flow_rounds; /* see FLOWS */
	bool is_contrary;     /* a size came on some connections only */
	bool is_mute;	      /* on a connection nothing came at all */
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

static bool try_size(struct reverse_state *state, struct probe_context *context,
	uint32_t ip_bytes, struct tx_queue *tx_queue)
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
				context, ip_bytes, tx_queue)};
		if (!test->connection) {
			test->stage = STAGE_UNUSED;
			return false;
		}
		return true;
	}
	return false;
}

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
	if (first->stage == STAGE_UNUSED &&
		!try_size(state, context, state->top, tx_queue))
		return false;
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
	state->top = context->interface_mtu;
	state->collect_ms = tx_queue->wait_ms =
		context->is_limited ? LIMITED_COLLECT_MS : COLLECT_MS;
	return go_on(state,
		app_discovery_begin(&state->discovery, context, tx_queue),
		context, tx_queue);
}

static bool are_over(const struct reverse_state *state)
{
	for (int i = 0; i < TESTS_AT_ONCE; i++)
		if (!size_test_is_over(&state->tests[i]))
			return false;
	return true;
}

/* Whether the window was opened before the server was ready: the server sent
 * no more than its greeting, or not all at once, or not even its greeting. */
static bool was_early(const struct size_test *test)
{
	if (test->stage == STAGE_NO_DATA)
		return test->plain_bytes > 0;
	if (test->stage != STAGE_SHORT)
		return false;
	if (test->is_halved)
		return true;
	return !test->is_cut && test->pieces > 0 &&
	       (test->pieces > 1 || test->is_first_alone ||
		       connection_received_bytes(test->connection) <=
			       test->plain_bytes);
}

/* A test of the last round: did it miss the size that it was for? */
static void take_miss(struct reverse_state *state, const struct size_test *test)
{
	uint32_t size = test->ip_bytes;

	state->is_contrary = state->is_contrary || size <= state->passed;
	if (size <= state->passed)
		return;
	state->is_mute = state->is_mute || test->stage == STAGE_NO_DATA;
	if (size == state->hinted && size != state->doubted) {
		state->doubted = size;
		return;
	}
	if (state->failed == 0 || size < state->failed)
		state->failed = size;
	state->misses += test->stage != STAGE_GONE;
}

/* The combined result of a round's tests. A test whose window opened too early
 * gives no result: its size is tested again, with more time. */
static void take_round(struct reverse_state *state)
{
	bool has_time = state->collect_ms * COLLECT_LONGER <= COLLECT_MOST_MS;
	bool is_early[TESTS_AT_ONCE];

	for (int i = 0; i < TESTS_AT_ONCE; i++)
		if (state->tests[i].stage != STAGE_UNUSED &&
			state->tests[i].largest > state->passed)
			state->passed = state->tests[i].largest;
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		struct size_test *test = &state->tests[i];

		is_early[i] = has_time && was_early(test);
		if (!is_early[i] && (test->stage == STAGE_MISSING ||
					    test->stage == STAGE_NO_DATA ||
					    test->stage == STAGE_GONE))
			take_miss(state, test);
	}
	if (state->failed <= state->passed)
		state->failed = 0;
	state->was_early = false;
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		uint32_t size = state->tests[i].ip_bytes;

		if (is_early[i] && size > state->passed &&
			(state->failed == 0 || size <= state->failed))
			state->was_early = true;
		state->tests[i].stage = STAGE_UNUSED;
	}
	if (state->was_early)
		state->collect_ms *= COLLECT_LONGER;
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

/* So many sizes in each round find the limit with the connections that are
 * left, or else one. */
static unsigned sizes_at_once(const struct reverse_state *state,
	const struct probe_context *context, uint32_t gap)
{
	unsigned left = connections_left(state, context);
	unsigned beside = state->is_mute; /* an answer, in each round */

	for (unsigned sizes = TESTS_AT_ONCE - beside; sizes > 1; sizes--) {
		unsigned needed = 0;

		for (uint32_t open = gap; open > 1; needed += sizes + beside)
			open = (open + sizes) / (sizes + 1);
		if (needed <= left)
			return sizes;
	}
	return 1;
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
	for (int i = 0; i < TESTS_AT_ONCE && is_asking_usual; i++)
		if (usual_sizes[i] > state->passed &&
			usual_sizes[i] < state->failed)
			(void)try_size(
				state, context, usual_sizes[i], tx_queue);
	state->has_asked_usual = true;
	if (!are_over(state))
		return true;
	/* A server that answers nothing at all is not asked on. */
	if (state->passed == 0) {
		bool is_first = !state->has_asked_least;

		state->has_asked_least = true;
		return is_first &&
		       try_size(state, context, LEAST_BYTES, tx_queue);
	}
	uint32_t gap = state->failed - low;
	uint32_t sizes = sizes_at_once(state, context, gap);

	if (state->is_mute && state->passed)
		(void)try_size(state, context, state->passed, tx_queue);
	for (uint32_t i = 1; i <= sizes; i++) {
		uint32_t size = low + gap * i / (sizes + 1);

		(void)try_size(
			state, context, size > low ? size : low + 1, tx_queue);
	}
	return !are_over(state);
}

/* Routers and load balancers choose by ports: the largest size came on one
 * connection. */
static bool try_flows(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned most = state->is_contrary ? FLOW_ROUNDS : 1;
	unsigned flows = context->is_limited ? LIMITED_FLOWS : FLOWS;

	if (state->flow_rounds >= most || state->passed < state->top ||
		(context->is_limited &&
			state->discovery.used > LIMITED_USED))
		return false;
	state->flow_rounds++;

	for (unsigned i = 0; i < flows; i++)
		(void)try_size(state, context, state->top, tx_queue);
	return !are_over(state);
}

/* The next round; false when there is nothing left to try. */
static bool next_round(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->phase = PHASE_TRY;
	state->result.limit = state->failed ? state->passed : 0;
	state->result.connections = state->discovery.used;
	if (state->failed == 0)
		return state->was_early
			       ? try_size(state, context, state->top, tx_queue)
			       : try_flows(state, context, tx_queue);
	uint32_t size = hint(state, context);
	if (state->failed == state->passed + 1)
		size = state->passed;
	if (size) {
		state->hinted = size;
		/* An answer shows that the server is free to answer those that
		 * get none. */
		if (size > state->passed || state->is_mute)
			(void)try_size(state, context, size, tx_queue);
		if (state->misses >= SURE && size + 1 == state->failed)
			return !are_over(state);
		unsigned tries =
			state->misses < SURE - 1 ? SURE - state->misses : 1;
		for (unsigned i = 0; i < tries; i++)
			(void)try_size(state, context, size + 1, tx_queue);
		return !are_over(state);
	}
	if (!probe_context_is_final(context, RESULT_FORWARD) &&
		state->silences++ < HINT_TIMEOUTS) {
		state->phase = PHASE_HINT;
		return true;
	}
	return try_between(state, context, tx_queue);
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
		if (!are_over(state))
			return true;
		take_round(state);
		break;
	}
	bool goes_on = next_round(state, context, tx_queue);

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
