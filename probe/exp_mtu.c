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
#include "probe/experiment.h"

#include <stdio.h>

#include "probe/ladder.h"

enum {
	FULL_TTL = 64,
	TTL_MOST = 64,
	MATRIX_ROUNDS = 6,
	RULER_ROUNDS = 3,
	RULER_TRIES = 2,
	PATIENCE = 40, /* silences to wait for the route */
};

enum phase {
	PHASE_LADDER,
	PHASE_ROUTE, /* waiting for its end */
	PHASE_MATRIX,
	PHASE_RULERS,
	PHASE_BACK, /* the echo's own ladder */
	PHASE_DONE,
};

struct mtu_state {
	enum phase phase;
	unsigned pending, rounds;
	struct ladder ladder;
	struct ladder back;
	/* matrix: what hop limits were answered for */
	bool large[TTL_MOST + 1], small[TTL_MOST + 1];
	unsigned tries[TTL_MOST + 1];
	/* rulers: full distance, the size that passes */
	bool has_passed[RULER_COUNT];
	bool has_least[RULER_COUNT]; /* a short one was answered */
};

static uint32_t floor_bytes(const struct situation *situation)
{
	uint32_t floor = 256;

	return situation->interface_mtu < floor ? situation->interface_mtu
						: floor;
}

static bool is_tcp_usable(const struct situation *situation)
{
	return situation->connection->state == CONNECTION_OPEN &&
		situation->connection->has_sack &&
		!situation->connection->has_peer_closed;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	struct mtu_state *state = memory;

	ladder_begin(&state->ladder,
		is_tcp_usable(situation) ? RULER_TCP : RULER_ECHO,
		floor_bytes(situation), situation->interface_mtu);
	state->pending = ladder_ask(&state->ladder, situation, "mtu", outbox);
	return true;
}

static void ask_sized(struct mtu_state *state, struct situation *situation,
	enum ruler ruler, uint32_t ip_bytes, unsigned ttl,
	struct outbox *outbox)
{
	if (ruler == RULER_TCP && !is_tcp_usable(situation))
		return;
	struct question *question =
		ask(situation, ruler, ip_bytes, (uint8_t)ttl, outbox);

	if (!question)
		return;
	if (ttl == FULL_TTL)
		(void)snprintf(question->comment, sizeof(question->comment),
			"mtu: does %u pass?", ip_bytes);
	else
		(void)snprintf(question->comment, sizeof(question->comment),
			"mtu: does %u reach hop %u?", ip_bytes, ttl);
	state->pending++;
}

/* The large one first: when the small one is answered after it, the hop was
 * not merely out of answers. */
static void ask_hop(struct mtu_state *state, struct situation *situation,
	unsigned ttl, struct outbox *outbox)
{
	ask_sized(state, situation, state->ladder.ruler, state->ladder.failed,
		ttl, outbox);
	ask_sized(state, situation, state->ladder.ruler, state->ladder.passed,
		ttl, outbox);
	state->tries[ttl]++;
}

static unsigned last_router(const struct situation *situation)
{
	unsigned last = situation->distance ? situation->distance - 1
					    : situation->max_ttl;

	return last < TTL_MOST ? last : TTL_MOST - 1;
}

/* Routers from the first that large packets did not reach. Two of them are
 * asked again: one may be silent by nature. */
static void ask_matrix(struct mtu_state *state, struct situation *situation,
	struct outbox *outbox)
{
	enum { AGAIN = 2, TRIES = 3 };
	unsigned last = last_router(situation), reached = 0, count = 0;

	for (unsigned ttl = 1; ttl <= last; ttl++)
		if (state->large[ttl])
			reached = ttl;
	for (unsigned ttl = reached + 1; ttl <= last; ttl++) {
		if (state->rounds > 0 && count == AGAIN)
			break;
		if (state->rounds > 0 && !state->small[ttl] &&
			state->tries[ttl] >= 2)
			continue; /* silent */
		count++;
		if (state->tries[ttl] < TRIES)
			ask_hop(state, situation, ttl, outbox);
	}
}

static bool is_other(const struct mtu_state *state, enum ruler ruler)
{
	return ruler != state->ladder.ruler && ruler != RULER_TCP;
}

static void ask_rulers(struct mtu_state *state, struct situation *situation,
	struct outbox *outbox)
{
	const struct ladder *ladder = &state->ladder;

	for (int i = 0; i < RULER_COUNT; i++) {
		enum ruler ruler = (enum ruler)i;

		if (!is_other(state, ruler) || state->has_passed[ruler])
			continue;
		if (!state->has_least[ruler])
			ask_sized(state, situation, ruler,
				ask_least_bytes(situation->family, ruler) + 1,
				FULL_TTL, outbox);
		ask_sized(state, situation, ruler, ladder->passed, FULL_TTL,
			outbox);
		for (int t = 0; t < RULER_TRIES && ladder->failed &&
			state->rounds == 0; t++)
			ask_sized(state, situation, ruler, ladder->failed,
				FULL_TTL, outbox);
	}
}

/* Echo answers short packets and not the size that passes the way there. */
static bool is_way_back_narrower(const struct mtu_state *state)
{
	return state->ladder.ruler == RULER_TCP &&
		state->has_least[RULER_ECHO] &&
		!state->has_passed[RULER_ECHO];
}

/* Goes through the phases until one of them asks something. */
static bool go_on(struct mtu_state *state, struct situation *situation,
	struct outbox *outbox)
{
	state->pending = 0;
	for (;;) {
		situation->path_mtu = state->ladder.passed;
		switch (state->phase) {
		case PHASE_LADDER:
			/* The server has ended the connection. */
			if (state->ladder.ruler == RULER_TCP &&
				!is_tcp_usable(situation))
				ladder_begin(&state->ladder, RULER_ECHO,
					floor_bytes(situation),
					situation->interface_mtu);
			state->pending = ladder_ask(
				&state->ladder, situation, "mtu", outbox);
			if (state->pending)
				return true;
			if (state->ladder.is_mute) {
				state->phase = PHASE_DONE;
				break;
			}
			state->phase = state->ladder.failed ? PHASE_ROUTE
							    : PHASE_RULERS;
			break;
		case PHASE_ROUTE:
			if (!situation->is_route_done &&
				state->rounds++ < PATIENCE)
				return true;
			state->rounds = 0;
			state->phase = PHASE_MATRIX;
			break;
		case PHASE_MATRIX:
			if (state->rounds < MATRIX_ROUNDS &&
				!ladder_is_refused(&state->ladder,
					state->ladder.failed))
				ask_matrix(state, situation, outbox);
			state->rounds++;
			if (state->pending)
				return true;
			state->rounds = 0;
			state->phase = PHASE_RULERS;
			break;
		case PHASE_RULERS:
			if (state->rounds < RULER_ROUNDS)
				ask_rulers(state, situation, outbox);
			state->rounds++;
			if (state->pending)
				return true;
			state->phase = PHASE_BACK;
			if (!is_way_back_narrower(state)) {
				state->phase = PHASE_DONE;
				break;
			}
			ladder_begin(&state->back, RULER_ECHO,
				floor_bytes(situation), state->ladder.passed);
			break;
		case PHASE_BACK:
			state->pending = ladder_ask(
				&state->back, situation, "mtu", outbox);
			if (state->pending)
				return true;
			state->phase = PHASE_DONE;
			break;
		case PHASE_DONE:
			return false;
		}
	}
}

static void take_matrix(struct mtu_state *state, const struct event *event)
{
	unsigned ttl = event->asked->ttl;

	if (ttl > TTL_MOST || (event->answer != ANSWER_EXPIRED &&
				      event->answer != ANSWER_ARRIVED))
		return;
	if (event->asked->ip_bytes > state->ladder.passed)
		state->large[ttl] = true;
	else
		state->small[ttl] = true;
}

static void take_answer(struct mtu_state *state,
	const struct situation *situation, const struct event *event)
{
	enum ruler ruler = ruler_of(event->asked);
	uint32_t ip_bytes = event->asked->ip_bytes;

	if (event->is_first && state->pending > 0)
		state->pending--;
	if (event->asked->ttl != FULL_TTL) {
		take_matrix(state, event);
		return;
	}
	if (ruler == state->ladder.ruler)
		ladder_take(&state->ladder, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (ruler == RULER_ECHO && state->back.is_begun)
		ladder_take(&state->back, ip_bytes, event->answer,
			event->packet->icmp_mtu);
	if (event->answer != ANSWER_ARRIVED)
		return;
	if (ip_bytes <= ask_least_bytes(situation->family, ruler) + 1)
		state->has_least[ruler] = true;
	else if (ip_bytes == state->ladder.passed)
		state->has_passed[ruler] = true;
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct mtu_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_ANSWER) {
		take_answer(state, situation, event);
		if (state->pending > 0 || state->phase == PHASE_ROUTE)
			return true;
	}
	return go_on(state, situation, outbox);
}

const struct experiment experiment_mtu = {
	.name = "mtu",
	.asks = "the largest packet that passes, and the link that stops more",
	.state_bytes = sizeof(struct mtu_state),
	.most_packets = 1500,
	.start = start,
	.step = step,
};
