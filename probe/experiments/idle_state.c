#include "probe/experiments/idle_state.h"

enum {
	INTERVAL_SHARE = 4, /* one refresh may be lost, and come late */
	INTERVAL_LEAST_MS = 250,
	SSH_GRACE_S = 120, /* so long sshd keeps those that it can't reach */
};

int64_t idle_state_interval_ns(const struct idle_state *state)
{
	int64_t least_ns = INTERVAL_LEAST_MS * INT64_C(1000000);
	int64_t interval_ns = state->survived_ns / INTERVAL_SHARE;

	return interval_ns > least_ns ? interval_ns : least_ns;
}

static void take_span(struct idle_state *state, const struct idle_line *line)
{
	if (line->stage == IDLE_ALIVE) {
		if (line->idled_ns > state->survived_ns)
			state->survived_ns = line->idled_ns;
		return;
	}
	/* The first question may not have got to the device. */
	int64_t died_ns = line->fatal_ns[state->has_lost && line->tries > 1];

	state->deaths++;
	if (state->died_ns == 0 || died_ns < state->died_ns)
		state->died_ns = died_ns;
}

/* A connection that rested for less than the time-out tells nothing. */
static void take_hop(struct idle_state *state, const struct idle_line *line)
{
	if (state->died_ns == 0 || line->idled_ns < state->died_ns)
		return;
	if (line->stage == IDLE_ALIVE) {
		if (line->hop_limit < state->hop_lived)
			state->hop_lived = line->hop_limit;
		return;
	}
	state->deaths++;
	if (line->hop_limit > state->hop_died)
		state->hop_died = line->hop_limit;
}

void idle_state_take(struct idle_state *state, struct idle_line *line)
{
	if (line->stage != IDLE_ALIVE && line->stage != IDLE_DEAD)
		return;
	if (line->stage == IDLE_ALIVE && line->tries > 1)
		state->has_lost = true;
	if (line->duty == IDLE_SPAN ||
		(line->duty == IDLE_HOP && line->hop_limit == 0))
		take_span(state, line);
	else if (line->duty == IDLE_HOP)
		take_hop(state, line);
	line->duty = IDLE_NO_DUTY;
	if (line->stage == IDLE_ALIVE)
		line->stage = IDLE_RESTING;
}

/* Those that the server still has, as far as is known. */
static unsigned held_by_server(const struct idle_state *state, int64_t now_ns)
{
	unsigned held = 0;

	for (unsigned i = 0; i < state->opened; i++) {
		const struct idle_line *line = &state->lines[i];
		bool is_given_up = now_ns - line->opened_ns >=
				   SSH_GRACE_S * INT64_C(1000000000);
		bool is_closed = line->stage == IDLE_OVER &&
				 line->connection->has_peer_closed;

		held += !is_closed && !is_given_up;
	}
	return held;
}

struct idle_line *idle_state_open(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->opened >= IDLE_LINES - state->reserved ||
		state->opened >= context->own_count - state->reserved ||
		held_by_server(state, context->now_ns) >= state->at_once)
		return NULL;
	struct idle_line *line = &state->lines[state->opened];

	idle_line_open(
		line, &context->own[state->opened], context->now_ns, tx_queue);
	state->opened++;
	return line;
}

bool idle_state_is_pending(const struct idle_state *state)
{
	for (unsigned i = 0; i < state->opened; i++)
		if (idle_line_is_pending(&state->lines[i]))
			return true;
	return false;
}
