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
 * with the lesson's and the run's own. */
#include "probe/experiments/registry.h"

#include "probe/tcp/size_test.h"

enum {
	CONNECTIONS = 13, /* servers count strangers (sshd: MaxStartups) */
	AT_ONCE = 4,
	/* for the server to think: of one connection, of several at once, and
	 * when that was too short */
	COLLECT_FIRST_MS = 50,
	COLLECT_MS = 150,
	COLLECT_LONG_MS = 450,
	HINT_PATIENCE = 60,
	SURE = 3, /* large segments that went missing */
};

enum phase {
	PHASE_LESSON, /* what is to be said? */
	PHASE_TRY,
	PHASE_HINT, /* waiting for what the way there tells */
};

struct reverse_state {
	struct reverse_result result;
	enum phase phase;
	struct app_discovery discovery;
	struct size_test trials[AT_ONCE];
	uint32_t top, passed, failed; /* failed 0: none */
	unsigned misses;	      /* of which the rest came */
	uint32_t hinted;  /* the last size that was tried for a hint; */
	uint32_t doubted; /* that did not come, once: that may be loss */
	unsigned silences;
	unsigned collect_ms;
	bool is_short, is_again, has_asked_usual;
};

static const uint16_t usual_sizes[AT_ONCE] = {1400, 1420, 1450, 1480};

static bool try_size(struct reverse_state *state, struct probe_context *context,
	uint32_t ip_bytes, struct tx_queue *tx_queue)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct size_test *test = &state->trials[i];

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

/* By what the lesson has come to. */
static bool go_on(struct reverse_state *state,
	enum app_discovery_state discovery, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct size_test *first = &state->trials[0];

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
		size_test_speak(first, &state->discovery.stimulus,
			state->collect_ms, tx_queue);
	}
	return true;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct reverse_state *state = memory;

	state->phase = PHASE_LESSON;
	state->top = context->interface_mtu;
	state->collect_ms = tx_queue->wait_ms = COLLECT_FIRST_MS;
	return go_on(state,
		app_discovery_begin(&state->discovery, context, tx_queue),
		context, tx_queue);
}

static bool are_over(const struct reverse_state *state)
{
	for (int i = 0; i < AT_ONCE; i++)
		if (!size_test_is_over(&state->trials[i]))
			return false;
	return true;
}

/* Whether the window was opened before the server was ready: it said no more
 * than it says anyway, or not all at once. */
static bool was_early(const struct size_test *test)
{
	if (test->is_halved)
		return true;
	return !test->is_cut && test->pieces > 0 &&
	       (test->pieces > 1 ||
		       connection_received_bytes(test->connection) <=
			       test->plain_bytes);
}

/* What the trials of a round say together. */
static void take_round(struct reverse_state *state)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct size_test *test = &state->trials[i];

		if (test->stage != STAGE_UNUSED &&
			test->largest > state->passed)
			state->passed = test->largest;
	}
	for (int i = 0; i < AT_ONCE; i++) {
		struct size_test *test = &state->trials[i];
		uint32_t size = test->ip_bytes;
		enum stage stage = test->stage;

		if (stage == STAGE_SHORT && was_early(test))
			state->is_short = true;
		test->stage = STAGE_UNUSED;
		if ((stage != STAGE_MISSING && stage != STAGE_NO_DATA) ||
			size <= state->passed)
			continue;
		if (size == state->hinted && size != state->doubted) {
			state->doubted = size;
			continue;
		}
		if (state->failed == 0 || size < state->failed)
			state->failed = size;
		state->misses += stage == STAGE_MISSING;
	}
	if (state->failed <= state->passed)
		state->failed = 0;
}

/* A size that passes the way there, or returned as an echo, is worth trying
 * before all others, and the next one. 0: none. */
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

/* The size above the largest that passed is tried each time: limits are where
 * others have them. */
static bool try_between(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	uint32_t gap = state->failed - state->passed;

	for (int i = 0; i < AT_ONCE && !state->has_asked_usual; i++)
		if (usual_sizes[i] > state->passed &&
			usual_sizes[i] < state->failed)
			(void)try_size(
				state, context, usual_sizes[i], tx_queue);
	state->has_asked_usual = true;
	if (!are_over(state))
		return true;
	for (uint32_t i = 0; i < AT_ONCE; i++)
		(void)try_size(state, context,
			state->passed + 1 + gap * i / AT_ONCE, tx_queue);
	return !are_over(state);
}

/* The next round; false when there is nothing left to try. */
static bool next_round(struct reverse_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->phase = PHASE_TRY;
	state->result.limit = state->failed ? state->passed : 0;
	if (state->is_short && !state->is_again) {
		/* It was not ready: once more, with more time. */
		state->is_again = true;
		state->collect_ms = COLLECT_LONG_MS;
	} else if (state->failed == 0) {
		return false;
	} else if (state->collect_ms == COLLECT_FIRST_MS) {
		state->collect_ms = COLLECT_MS;
	}
	tx_queue->wait_ms = state->collect_ms;
	if (state->failed == 0)
		return try_size(state, context, state->top, tx_queue);
	uint32_t size = hint(state, context);
	if (state->failed == state->passed + 1)
		size = state->passed;
	if (size) {
		state->hinted = size;
		if (size > state->passed)
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
		state->silences++ < HINT_PATIENCE) {
		state->phase = PHASE_HINT;
		return true;
	}
	return try_between(state, context, tx_queue);
}

static void tell_trials(struct reverse_state *state,
	const struct probe_context *context, const struct event *event,
	struct tx_queue *tx_queue)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct size_test *test = &state->trials[i];

		if (test->stage == STAGE_UNUSED)
			continue;
		if (event->kind == EVENT_TIMEOUT)
			size_test_silence(test, tx_queue);
		else if (event->kind == EVENT_TIMER)
			size_test_alarm(
				test, context, state->collect_ms, tx_queue);
		else if (event->connection == test->connection)
			size_test_hear(test, event, &state->discovery.stimulus,
				state->collect_ms, tx_queue);
		/* Echo has shown already that everything comes back. */
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
	case PHASE_LESSON:
		tell_trials(state, context, event, tx_queue);
		return go_on(state,
			app_discovery_step(
				&state->discovery, context, event, tx_queue),
			context, tx_queue);
	case PHASE_HINT:
		return event->kind != EVENT_TIMEOUT ||
		       next_round(state, context, tx_queue);
	case PHASE_TRY:
		break;
	}
	tell_trials(state, context, event, tx_queue);
	if (!are_over(state))
		return true;
	take_round(state);
	return next_round(state, context, tx_queue);
}

const struct experiment experiment_reverse = {
	.id = EXPERIMENT_REVERSE,
	.state_bytes = sizeof(struct reverse_state),
	.most_packets = 600,
	.connections = CONNECTIONS,
	.reads = 1u << RESULT_FORWARD,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_REVERSE,
	.result_at = offsetof(struct reverse_state, result),
	.start = start,
	.step = step,
};
