#include "probe/experiments/reverse_round.h"

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

static void take_contrary(
	struct reverse_state *state, uint32_t ip_bytes, enum port_parity parity)
{
	state->contrary_misses++;
	if (state->contrary && state->contrary <= ip_bytes)
		return;
	state->contrary = ip_bytes;
	state->contrary_parity = parity;
}

/* A test of the last round: did it miss the size that it was for? */
static void take_miss(struct reverse_state *state, const struct size_test *test)
{
	uint32_t size = test->ip_bytes;
	unsigned parity_bit =
		test->stage != STAGE_GONE ? 1u << size_test_parity(test) : 0;

	state->measured |= parity_bit;
	if (size <= state->passed) {
		if (test->stage != STAGE_GONE)
			take_contrary(state, size, size_test_parity(test));
		return;
	}
	state->is_mute = state->is_mute || test->stage == STAGE_NO_DATA;
	if (size == state->hinted && size != state->doubted) {
		state->doubted = size;
		return;
	}
	if (state->failed == 0 || size < state->failed) {
		state->failed = size;
		state->failed_parity = size_test_parity(test);
		state->failed_parities = 0;
	}
	if (size == state->failed)
		state->failed_parities |= parity_bit;
	state->misses += test->stage != STAGE_GONE;
}

static void take_largest(
	struct reverse_state *state, const struct size_test *test)
{
	if (test->largest > state->passed) {
		state->passed = test->largest;
		state->passed_parities = 0;
	}
	if (test->largest == state->passed)
		state->passed_parities |= 1u << size_test_parity(test);
}

static void take_arrivals(struct reverse_state *state)
{
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		const struct size_test *test = &state->tests[i];

		if (test->stage == STAGE_UNUSED)
			continue;
		if (test->stage == STAGE_ARRIVED &&
			test->ip_bytes >= state->top)
			state->measured |= 1u << size_test_parity(test);
		if (test->largest > 0)
			take_largest(state, test);
	}
}

/* What failed in an earlier round and came in this one. */
static void take_change(struct reverse_state *state)
{
	if (state->failed == 0 || state->failed > state->passed)
		return;
	take_contrary(state, state->failed, state->failed_parity);
	state->failed = 0;
}

bool reverse_round_is_over(const struct reverse_state *state)
{
	for (int i = 0; i < TESTS_AT_ONCE; i++)
		if (!size_test_is_over(&state->tests[i]))
			return false;
	return true;
}

bool reverse_round_is_sure(const struct reverse_state *state)
{
	return state->failed == state->passed + 1 && state->misses >= SURE &&
	       state->passed_parities == BOTH_PARITIES &&
	       state->failed_parities == BOTH_PARITIES;
}

bool reverse_round_is_open(const struct reverse_state *state)
{
	return state->contrary && state->contrary_misses < SURE;
}

/* Whether a test that came too early is to be done again: its size is open, on
 * ports of its parity at least, or nothing is known of that, or more
 * connections are compared. */
static bool is_needed(
	const struct reverse_state *state, const struct size_test *test)
{
	uint32_t size = test->ip_bytes;
	unsigned parity_bit = 1u << size_test_parity(test);

	return !(state->measured & parity_bit) ||
	       reverse_round_is_open(state) ||
	       (size == state->passed &&
		       !(state->passed_parities & parity_bit)) ||
	       (size > state->passed &&
		       (state->failed == 0 || size <= state->failed));
}

void reverse_round_take(struct reverse_state *state)
{
	bool has_time = state->collect_ms * COLLECT_LONGER <= COLLECT_MOST_MS;
	unsigned contrary_misses = state->contrary_misses;
	bool is_early[TESTS_AT_ONCE];

	take_arrivals(state);
	take_change(state);
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		struct size_test *test = &state->tests[i];

		is_early[i] = has_time && was_early(test);
		if (!is_early[i] && (test->stage == STAGE_MISSING ||
					    test->stage == STAGE_NO_DATA ||
					    test->stage == STAGE_GONE))
			take_miss(state, test);
	}
	/* It was loss, then: the search goes on. */
	if (state->failed && state->contrary_misses == contrary_misses)
		state->contrary = state->contrary_misses = 0;
	if (state->failed && state->measured == BOTH_PARITIES)
		state->parity = PORT_ANY;
	state->was_early = false;
	for (int i = 0; i < TESTS_AT_ONCE; i++) {
		struct size_test *test = &state->tests[i];

		if (is_early[i] && is_needed(state, test))
			state->was_early = true;
		test->stage = STAGE_UNUSED;
	}
	if (state->was_early)
		state->collect_ms *= COLLECT_LONGER;
}
