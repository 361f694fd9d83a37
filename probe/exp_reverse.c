/* The largest packet that comes back from the target over TCP.
 *
 * The server is made to say much (probe/speech.h) on connections whose SYN
 * offers the segment size in question. No window is open until the server has
 * had time to collect what it has to say; then it is open for one segment of
 * that size, alone so that nothing on the way puts it together with others. A
 * size that arrives passes. If nothing comes, the window is opened for the
 * rest: where the rest arrives and the large one does not, nor when it is
 * repeated, that size does not pass. What the way there and the echo tell of
 * the limit is tried first; without that, usual sizes, then what lies
 * between. The first connection is opened before it is known what to say, along
 * with the lesson's and the run's own. */
#include "probe/experiment.h"

#include "probe/trial.h"

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
	enum phase phase;
	struct lesson lesson;
	struct trial trials[AT_ONCE];
	uint32_t top, passed, failed; /* failed 0: none */
	unsigned misses;	      /* of which the rest came */
	uint32_t hinted;  /* the last size that was tried for a hint; */
	uint32_t doubted; /* that did not come, once: that may be loss */
	unsigned silences;
	unsigned collect_ms;
	bool is_short, is_again, has_asked_usual;
};

static const uint16_t usual_sizes[AT_ONCE] = {1400, 1420, 1450, 1480};

static bool try_size(struct reverse_state *state, struct situation *situation,
	uint32_t ip_bytes, struct outbox *outbox)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct trial *trial = &state->trials[i];

		if (trial->stage != STAGE_UNUSED)
			continue;
		*trial = (struct trial){.ip_bytes = ip_bytes,
			.stage = STAGE_OPENING,
			.connection = lesson_open(&state->lesson, situation,
				ip_bytes, outbox)};
		if (!trial->connection) {
			trial->stage = STAGE_UNUSED;
			return false;
		}
		return true;
	}
	return false;
}

/* By what the lesson has come to. */
static bool go_on(struct reverse_state *state, enum lesson_state lesson,
	struct situation *situation, struct outbox *outbox)
{
	struct trial *first = &state->trials[0];

	if (lesson == LESSON_GREETING)
		return true;
	if (lesson == LESSON_LOST) {
		for (unsigned i = 0; i < situation->own_count; i++)
			connection_close(&situation->own[i], outbox);
		return false;
	}
	if (first->stage == STAGE_UNUSED &&
		!try_size(state, situation, state->top, outbox))
		return false;
	if (lesson == LESSON_LEARNED) {
		state->phase = PHASE_TRY;
		trial_speak(first, &state->lesson.speech, state->collect_ms,
			outbox);
	}
	return true;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	struct reverse_state *state = memory;

	state->phase = PHASE_LESSON;
	state->top = situation->interface_mtu;
	state->collect_ms = outbox->wait_ms = COLLECT_FIRST_MS;
	return go_on(state, lesson_begin(&state->lesson, situation, outbox),
		situation, outbox);
}

static bool are_over(const struct reverse_state *state)
{
	for (int i = 0; i < AT_ONCE; i++)
		if (!trial_is_over(&state->trials[i]))
			return false;
	return true;
}

/* Whether the window was opened before the server was ready: it said no more
 * than it says anyway, or not all at once. */
static bool was_early(const struct trial *trial)
{
	if (trial->is_halved)
		return true;
	return !trial->is_cut && trial->pieces > 0 &&
		(trial->pieces > 1 ||
			connection_heard_bytes(trial->connection) <=
				trial->plain_bytes);
}

/* What the trials of a round say together. */
static void take_round(struct reverse_state *state)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct trial *trial = &state->trials[i];

		if (trial->stage != STAGE_UNUSED &&
			trial->largest > state->passed)
			state->passed = trial->largest;
	}
	for (int i = 0; i < AT_ONCE; i++) {
		struct trial *trial = &state->trials[i];
		uint32_t size = trial->ip_bytes;
		enum stage stage = trial->stage;

		if (stage == STAGE_SHORT && was_early(trial))
			state->is_short = true;
		trial->stage = STAGE_UNUSED;
		if ((stage != STAGE_MISSING && stage != STAGE_MUTE) ||
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
	const struct reverse_state *state, const struct situation *situation)
{
	const uint32_t hints[] = {
		situation->forward_limit, situation->echo_limit};

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
	struct situation *situation, struct outbox *outbox)
{
	uint32_t gap = state->failed - state->passed;

	for (int i = 0; i < AT_ONCE && !state->has_asked_usual; i++)
		if (usual_sizes[i] > state->passed &&
			usual_sizes[i] < state->failed)
			(void)try_size(
				state, situation, usual_sizes[i], outbox);
	state->has_asked_usual = true;
	if (!are_over(state))
		return true;
	for (uint32_t i = 0; i < AT_ONCE; i++)
		(void)try_size(state, situation,
			state->passed + 1 + gap * i / AT_ONCE, outbox);
	return !are_over(state);
}

/* The next round; false when there is nothing left to try. */
static bool next_round(struct reverse_state *state,
	struct situation *situation, struct outbox *outbox)
{
	state->phase = PHASE_TRY;
	situation->reverse_limit = state->failed ? state->passed : 0;
	if (state->is_short && !state->is_again) {
		/* It was not ready: once more, with more time. */
		state->is_again = true;
		state->collect_ms = COLLECT_LONG_MS;
	} else if (state->failed == 0) {
		return false;
	} else if (state->collect_ms == COLLECT_FIRST_MS) {
		state->collect_ms = COLLECT_MS;
	}
	outbox->wait_ms = state->collect_ms;
	if (state->failed == 0)
		return try_size(state, situation, state->top, outbox);
	uint32_t size = hint(state, situation);
	if (state->failed == state->passed + 1)
		size = state->passed;
	if (size) {
		state->hinted = size;
		if (size > state->passed)
			(void)try_size(state, situation, size, outbox);
		if (state->misses >= SURE && size + 1 == state->failed)
			return !are_over(state);
		unsigned tries = state->misses < SURE - 1
			? SURE - state->misses
			: 1;
		for (unsigned i = 0; i < tries; i++)
			(void)try_size(state, situation, size + 1, outbox);
		return !are_over(state);
	}
	if (!situation->is_mtu_over && state->silences++ < HINT_PATIENCE) {
		state->phase = PHASE_HINT;
		return true;
	}
	return try_between(state, situation, outbox);
}

static void tell_trials(struct reverse_state *state,
	const struct situation *situation, const struct event *event,
	struct outbox *outbox)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct trial *trial = &state->trials[i];

		if (trial->stage == STAGE_UNUSED)
			continue;
		if (event->kind == EVENT_SILENCE)
			trial_silence(trial, outbox);
		else if (event->kind == EVENT_ALARM)
			trial_alarm(
				trial, situation, state->collect_ms, outbox);
		else if (event->connection == trial->connection)
			trial_hear(trial, event, &state->lesson.speech,
				state->collect_ms, outbox);
		/* Echo has shown already that everything comes back. */
		if (trial_is_blurred(trial) &&
			situation->echo_passed >= state->top)
			trial_leave(trial, outbox);
	}
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct reverse_state *state = memory;

	switch (state->phase) {
	case PHASE_LESSON:
		tell_trials(state, situation, event, outbox);
		return go_on(state,
			lesson_step(&state->lesson, situation, event, outbox),
			situation, outbox);
	case PHASE_HINT:
		return event->kind != EVENT_SILENCE ||
			next_round(state, situation, outbox);
	case PHASE_TRY:
		break;
	}
	tell_trials(state, situation, event, outbox);
	if (!are_over(state))
		return true;
	take_round(state);
	return next_round(state, situation, outbox);
}

const struct experiment experiment_reverse = {
	.name = "reverse",
	.asks = "the largest packet that comes back",
	.companion = "mtu",
	.state_bytes = sizeof(struct reverse_state),
	.most_packets = 600,
	.connections = CONNECTIONS,
	.is_early = true,
	.start = start,
	.step = step,
};
