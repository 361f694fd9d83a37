/* After the first connection has died: further rounds of one time-out each,
 * with the connections that live and new ones, until the time-out is known
 * closely enough and the hop is known; then the advised keepalive, if it is to
 * be proved. */
#include "probe/experiments/idle_state.h"

enum {
	MOST_ROUNDS = 6,
	FEW_CONNECTIONS = 16, /* then hops are searched, not tried all */
	FEW_HOPS = 2,
	FEW_DEATHS = 2,
	MOST_PROOFS = 8,
};

static int64_t second(int64_t number)
{
	return number * 1000000000;
}

/* Idle times that are fatal for sure. */
static int64_t fatal_ns(const struct idle_state *state)
{
	return state->died_ns + state->died_ns / 100 + 50000000;
}

static unsigned open_hops(const struct idle_state *state)
{
	return state->hop_lived > state->hop_died + 1
		       ? state->hop_lived - state->hop_died - 1
		       : 0;
}

static bool is_open(
	const struct idle_state *state, const struct probe_context *context)
{
	return open_hops(state) > 0 || state->deaths < FEW_DEATHS ||
	       idle_plan_is_wide(state->survived_ns, state->died_ns,
		       context->idle.precision_percent);
}

/* sshd closes those that are too old for another round. */
static bool is_too_old(const struct idle_state *state,
	const struct idle_line *line, int64_t now_ns)
{
	return state->is_ssh && now_ns - line->opened_ns + fatal_ns(state) >
					second(IDLE_SSH_MOST_S);
}

static void wake_all(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned usable = 0;

	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (!idle_line_is_resting(line))
			continue;
		if (is_too_old(state, line, context->now_ns)) {
			idle_line_close(line, tx_queue);
			continue;
		}
		idle_line_wake(line, context, tx_queue);
		usable++;
	}
	while (usable++ < FEW_CONNECTIONS &&
		idle_state_open(state, context, tx_queue))
		;
	state->phase = IDLE_WAKING;
}

void idle_round_close(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (!idle_line_is_resting(line))
			continue;
		if (context->now_ns - line->since_ns < state->survived_ns / 2)
			idle_line_close(line, tx_queue); /* just asked */
		else
			idle_line_wake(line, context, tx_queue);
	}
	/* Whether path and server are there after the last reset. */
	state->kept_ns = 0;
	state->phase = IDLE_CLOSING;
}

static void begin_proof(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	struct idle_line *proof = NULL;

	state->at_once += state->reserved;
	state->reserved = 0;
	if (context->idle.is_verified && idle_keepalive_s(state->survived_ns))
		proof = idle_state_open(state, context, tx_queue);
	for (unsigned i = 0;
		context->idle.is_verified && !proof &&
		idle_keepalive_s(state->survived_ns) && i < state->opened;
		i++)
		if (idle_line_is_resting(&state->lines[i]) &&
			!is_too_old(state, &state->lines[i], context->now_ns))
			proof = &state->lines[i];
	if (proof && idle_line_is_resting(proof))
		idle_line_wake(proof, context, tx_queue);
	idle_round_close(state, context, tx_queue);
	if (!proof)
		return;
	proof->duty = IDLE_PROOF;
	proof->opened_ns = context->now_ns;
	state->proofs_begun = 1;
	state->phase = IDLE_PROVING;
}

void idle_round_decide(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	/* A connection survived what others did not: more rounds would not
	 * help. */
	bool is_split = state->survived_ns >= state->died_ns ||
			state->hop_died >= state->hop_lived;

	if (is_open(state, context) && !is_split && state->rounds < MOST_ROUNDS)
		wake_all(state, context, tx_queue);
	else
		begin_proof(state, context, tx_queue);
}

static unsigned count_resting(const struct idle_state *state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < state->opened; i++)
		count += idle_line_is_resting(&state->lines[i]);
	return count;
}

/* Shares the duties out; what is left over is closed. */
static void begin_round(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned usable = count_resting(state), hops = open_hops(state);
	unsigned points = idle_plan_points(state->survived_ns, state->died_ns,
		context->idle.precision_percent);
	unsigned most_hops =
		usable <= FEW_CONNECTIONS && hops > FEW_HOPS ? FEW_HOPS : hops;
	unsigned hop = 0, point = 0;
	bool has_witness = state->deaths >= FEW_DEATHS;

	hops = most_hops < usable ? most_hops : usable;
	/* One connection is kept for the time where several are there. */
	if (points > 0 && usable > 1 && hops == usable)
		hops--;
	if (points > usable - hops)
		points = usable - hops;
	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (!idle_line_is_resting(line))
			continue;
		if (hop < hops) {
			line->duty = IDLE_HOP;
			line->hop_limit = idle_plan_hop(
				state->hop_died, state->hop_lived, hop++, hops);
		} else if (point < points) {
			line->duty = IDLE_SPAN;
			line->span_ns = idle_plan_between_ns(state->survived_ns,
				state->died_ns, point++, points);
		} else if (!has_witness) {
			line->duty = IDLE_HOP; /* of none */
			line->hop_limit = 0;
			has_witness = true;
		} else {
			idle_line_close(line, tx_queue);
		}
	}
	state->rounds++;
	state->phase = IDLE_ROUND;
}

static int64_t keepalive_ns(const struct idle_state *state)
{
	return second(idle_keepalive_s(state->survived_ns));
}

/* The keepalives that were in time are enough, the first of them too, with one
 * of them to spare. */
static bool is_proof_over(const struct idle_state *state,
	const struct idle_line *line, int64_t now_ns)
{
	return now_ns - line->opened_ns >
	       state->died_ns / 100 * IDLE_PROOF_PERCENT +
		       2 * keepalive_ns(state);
}

/* A keepalive that is late proves nothing, nor do those before it. */
static void prove(struct idle_state *state, struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	int64_t most_ns = keepalive_ns(state) / 100 * IDLE_PROOF_LATE_PERCENT;

	if (context->now_ns - line->since_ns > most_ns &&
		state->proofs_begun < MOST_PROOFS) {
		line->opened_ns = context->now_ns;
		state->proofs_begun++;
	}
	idle_line_ask(line, context, tx_queue);
}

int64_t idle_round_due_ns(
	const struct idle_state *state, const struct idle_line *line)
{
	if (!idle_line_is_resting(line))
		return INT64_MAX;
	if (line->duty == IDLE_SPAN)
		return line->since_ns + line->span_ns;
	if (line->duty == IDLE_PROOF)
		return line->since_ns + keepalive_ns(state);
	if (line->duty != IDLE_HOP)
		return INT64_MAX;
	int64_t ask_ns = state->phase == IDLE_ROUND
				 ? line->since_ns + fatal_ns(state)
				 : INT64_MAX;
	int64_t refresh_ns =
		line->hop_limit
			? line->refreshed_ns + idle_state_interval_ns(state)
			: INT64_MAX;

	return ask_ns < refresh_ns ? ask_ns : refresh_ns;
}

static void act(struct idle_state *state, struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	int64_t now_ns = context->now_ns;

	if (idle_round_due_ns(state, line) > now_ns)
		return;
	if (line->duty == IDLE_HOP &&
		(state->phase != IDLE_ROUND ||
			now_ns < line->since_ns + fatal_ns(state)))
		idle_line_refresh(line, context, tx_queue);
	else if (line->duty == IDLE_PROOF)
		prove(state, line, context, tx_queue);
	else
		idle_line_ask(line, context, tx_queue);
}

static bool has_duty(const struct idle_state *state)
{
	for (unsigned i = 0; i < state->opened; i++)
		if (state->lines[i].duty != IDLE_NO_DUTY &&
			state->lines[i].stage != IDLE_OVER)
			return true;
	return false;
}

static void go_on_proving(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (line->duty != IDLE_PROOF)
			continue;
		if (line->stage == IDLE_DEAD || line->stage == IDLE_OVER ||
			(idle_line_is_resting(line) &&
				is_proof_over(state, line, context->now_ns)))
			break;
		if (line->stage == IDLE_ALIVE)
			line->stage = IDLE_RESTING;
		return;
	}
	idle_round_close(state, context, tx_queue);
}

void idle_round_go_on(struct idle_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->phase == IDLE_WAKING) {
		if (idle_state_is_pending(state))
			return;
		if (count_resting(state) == 0)
			begin_proof(state, context, tx_queue);
		else
			begin_round(state, context, tx_queue);
	}
	for (unsigned i = 0; i < state->opened; i++) {
		act(state, &state->lines[i], context, tx_queue);
		if (state->phase == IDLE_ROUND)
			idle_state_take(state, &state->lines[i]);
	}
	if (state->phase == IDLE_PROVING)
		go_on_proving(state, context, tx_queue);
	else if (state->phase == IDLE_CLOSING && !idle_state_is_pending(state))
		state->phase = IDLE_ENDED;
	else if (state->phase == IDLE_ROUND && !has_duty(state))
		idle_round_decide(state, context, tx_queue);
}
