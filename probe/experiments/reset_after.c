/* What is asked after a reset: whose it was, whether new connections are let
 * through, and where it comes from, once more. */
#include "probe/experiments/reset_state.h"

#include "probe/protocol/hop_distance.h"

enum {
	QUESTIONS = 3,
	BLOCKED_MS = 4000, /* so long new connections are tried */
	NEW_MS = 400,	   /* between them */
};

void reset_open_two(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	reset_open(state, context, LINE_WHOLE, 0, tx_queue);
	reset_open(state, context, LINE_LESSER, 0, tx_queue);
	reset_enter(state, RESET_OPENING_TWO);
	state->opening_ns = context->now_ns;
}

/* A device that waits has reset LINE_AGAIN before it was known: a new one is
 * in its place when the hop limits are tried again. */
static void use_or_close(
	struct reset_state *state, unsigned line, struct tx_queue *tx_queue)
{
	if (state->rounds != 1 || !state->reset_ttl[LINE_AGAIN]) {
		connection_close(state->lines[line], tx_queue);
		return;
	}
	state->lines[LINE_AGAIN] = state->lines[line];
	state->reset_ttl[LINE_AGAIN] = 0;
}

/* Opens one connection after another until one is let through, or no more may
 * be opened. */
static bool is_let_through(struct reset_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned line = LINE_NEW + state->opened_new - 1;

	if (state->opened_new &&
		state->lines[line]->state == CONNECTION_OPENING)
		return false;
	if (state->opened_new && reset_is_open(state, line)) {
		use_or_close(state, line, tx_queue);
		return true;
	}
	if (line == LINE_NEW_LAST ||
		(state->opened_new &&
			!reset_is_late(state->new_ns, context, NEW_MS)))
		return false;
	if (probe_context_may_hold(context, 1, 0) == 0)
		return true;
	state->opened_new++;
	state->new_ns = context->now_ns;
	reset_open(state, context, (enum reset_line)(line + 1), 0, tx_queue);
	return false;
}

/* The lines that were reset last. */
static void ask_lines(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	static const enum reset_line lines[2][2] = {
		{LINE_WALK, LINE_AGAIN}, {LINE_WHOLE, LINE_LESSER}};
	const enum reset_line *last = lines[state->rounds == 1];

	for (unsigned i = 0; i < 2; i++)
		if (state->reset_ttl[last[i]] && state->step < QUESTIONS)
			reset_send(state, context, last[i], RESET_QUESTION,
				HOP_LIMIT_WHOLE_WAY, tx_queue);
}

/* Whether a new connection had its time to be let through. A SYN that still
 * waits for its turn, since the server has others to close, was not blocked. */
static bool is_blocked(
	const struct reset_state *state, const struct probe_context *context)
{
	const struct connection *first;
	int64_t since_ns = state->reset_ns;

	if (state->opened_new > state->round_new) {
		first = state->lines[LINE_NEW + state->round_new];
		if (first->syn_ns == 0)
			return false;
		if (first->syn_ns > since_ns)
			since_ns = first->syn_ns;
	}
	return reset_is_late(since_ns, context, BLOCKED_MS);
}

/* Until a new connection is let through; then what is next. */
void reset_ask(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	ask_lines(state, context, tx_queue);
	state->is_let_through = state->is_let_through ||
				is_let_through(state, context, tx_queue);
	state->step++;
	if ((!state->is_let_through || state->step <= QUESTIONS) &&
		!is_blocked(state, context))
		return;
	if (!state->is_let_through || state->rounds > 1) {
		reset_enter(state, RESET_CLOSING);
		return;
	}
	state->is_let_through = false;
	state->round_new = state->opened_new;
	if (state->rounds++ == 0) {
		reset_open_two(state, context, tx_queue);
		return;
	}
	reset_plan(state, context);
	reset_enter(state, RESET_REPEATING);
}

static bool may_be_reset(const struct reset_state *state, unsigned line)
{
	return reset_is_open(state, line) && !state->reset_ttl[line];
}

/* Both at once: a device that then blocks this host has seen both. What their
 * resets take is what this device takes. */
void reset_level(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	static const unsigned hop_limits[] = {
		HOP_LIMIT_WHOLE_WAY, RESET_LESSER_HOP_LIMIT};
	bool is_awaited = may_be_reset(state, LINE_WHOLE) ||
			  may_be_reset(state, LINE_LESSER);

	for (unsigned i = 0; state->step == 0 && i < RESET_WHOLE_TRIES * 2;
		i++) {
		enum reset_line line = i % 2 ? LINE_LESSER : LINE_WHOLE;

		state->shown_ns = context->now_ns;
		if (reset_is_open(state, line))
			reset_send(state, context, line, RESET_TRIGGER,
				hop_limits[i % 2], tx_queue);
	}
	if (state->step++ == 0 ||
		(is_awaited && !reset_is_late(state->shown_ns, context,
				       RESET_LATE_MS)))
		return;
	reset_enter(state, RESET_ASKING);
}

/* Each hop limit of the plan, until the line is reset. */
void reset_repeat(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned hop_limit;

	if (!reset_is_open(state, LINE_AGAIN)) {
		state->rounds++;
		reset_enter(state, RESET_ASKING);
		return;
	}
	if (state->step == state->plan_count) {
		reset_enter(state, RESET_CLOSING);
		return;
	}
	if (state->step == 0)
		reset_measure(state, context, LINE_AGAIN, tx_queue);
	hop_limit = state->plan[state->step];
	while (state->step < state->plan_count &&
		state->plan[state->step] == hop_limit) {
		reset_send(state, context, LINE_AGAIN, RESET_TRIGGER, hop_limit,
			tx_queue);
		state->step++;
	}
}
