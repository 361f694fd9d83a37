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
	ROUTE_ASKED = 3, /* small packets to each hop, by the route */
	REFILL_ROUNDS = 4,
	REFILL_MS = 1050, /* Linux sends one error a second */
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
	struct ladder ladder;
	struct ladder back;
	/* matrix: what hop limits were answered for */
	bool large[TTL_MOST + 1], small[TTL_MOST + 1];
	unsigned tries[TTL_MOST + 1];
	unsigned refilled[TTL_MOST + 1]; /* small ones answered since */
	/* rulers: full distance, the size that passes */
	bool has_passed[RULER_COUNT];
	bool has_least[RULER_COUNT]; /* a short one was answered */
};

static uint32_t floor_bytes(const struct situation *situation)
{
	enum { FLOOR = 256 };

	return situation->interface_mtu < FLOOR ? situation->interface_mtu
						: (uint32_t)FLOOR;
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

/* To echo: the server has ended the connection, or it acknowledges old data
 * without naming it (no DSACK). False: that is asked already. */
static bool fall_back(
	struct mtu_state *state, const struct situation *situation)
{
	if (state->ladder.ruler != RULER_TCP)
		return false;
	ladder_begin(&state->ladder, RULER_ECHO, floor_bytes(situation),
		situation->interface_mtu);
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
	if (situation->silences[ttl] < UINT8_MAX)
		situation->silences[ttl]++;
}

static unsigned last_router(const struct situation *situation)
{
	unsigned last = situation->distance ? situation->distance - 1
					    : situation->max_ttl;

	return last < TTL_MOST ? last : TTL_MOST - 1;
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
static void ask_matrix(struct mtu_state *state, struct situation *situation,
	struct outbox *outbox)
{
	enum { AGAIN = 2, TRIES = 3 };
	unsigned last = last_router(situation), count = 0;

	for (unsigned ttl = last_reached(state, last) + 1; ttl <= last;
		ttl++) {
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

/* As analysis judges it, which counts the same packets. */
static bool is_rationing(const struct mtu_state *state,
	const struct situation *situation, unsigned ttl)
{
	return situation->silences[ttl] > 1 &&
		3u * situation->silences[ttl] >
			ROUTE_ASKED + state->tries[ttl];
}

/* Whether the hop behind the link is not known for lack of errors: where every
 * router that answers at all answers all, a silent one is so by nature. */
static bool is_out_of_errors(
	const struct mtu_state *state, const struct situation *situation)
{
	unsigned last = last_router(situation);
	unsigned reached = last_reached(state, last);
	bool is_rationed = false, is_any = false;

	if (situation->distance == 0 || reached == last ||
		(state->small[reached + 1] && state->tries[reached + 1] >= 2 &&
			!is_rationing(state, situation, reached + 1)))
		return false;
	for (unsigned ttl = 1; ttl <= last; ttl++) {
		bool is_answering = state->small[ttl] || state->large[ttl] ||
			situation->answering_hops >> (ttl - 1) & 1;

		is_any = is_any || is_answering;
		is_rationed = is_rationed ||
			(is_answering && is_rationing(state, situation, ttl));
	}
	return is_rationed || !is_any;
}

/* Hops up to the first that answered after the refill for the small packet
 * only. A router with one error to send spends it on the packet that comes
 * first, which is the large one, unless that never comes. */
static void ask_refilled(struct mtu_state *state, struct situation *situation,
	struct outbox *outbox)
{
	unsigned last = last_router(situation);

	for (unsigned ttl = last_reached(state, last) + 1; ttl <= last;
		ttl++) {
		ask_hop(state, situation, ttl, outbox);
		if (state->refilled[ttl] >= 2)
			break;
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
			if (!is_tcp_usable(situation))
				(void)fall_back(state, situation);
			state->pending = ladder_ask(
				&state->ladder, situation, "mtu", outbox);
			if (state->pending)
				return true;
			if (state->ladder.is_mute &&
				fall_back(state, situation))
				break;
			if (state->ladder.is_mute) {
				state->phase = PHASE_DONE;
				break;
			}
			if (state->ladder.failed)
				situation->forward_limit =
					state->ladder.passed;
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
			if (ladder_is_refused(&state->ladder,
				    state->ladder.failed) ||
				!is_out_of_errors(state, situation))
				break;
			state->phase = PHASE_REFILL;
			outbox_await_routers(outbox, REFILL_MS);
			return true;
		case PHASE_REFILL:
			if (state->rounds++ < REFILL_ROUNDS)
				ask_refilled(state, situation, outbox);
			if (state->rounds == REFILL_ROUNDS || !state->pending)
				outbox->wait_ms = 0; /* nothing follows */
			if (state->pending)
				return true;
			outbox->waits_for = NULL;
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
			situation->echo_limit = state->back.passed;
			state->phase = PHASE_DONE;
			break;
		case PHASE_DONE:
			situation->is_mtu_over = true;
			return false;
		}
	}
}

static void take_matrix(struct mtu_state *state, struct situation *situation,
	const struct event *event)
{
	unsigned ttl = event->asked->ttl;

	if (ttl > TTL_MOST || (event->answer != ANSWER_EXPIRED &&
				      event->answer != ANSWER_ARRIVED))
		return;
	if (event->asked->ip_bytes > state->ladder.passed)
		state->large[ttl] = true;
	else {
		state->small[ttl] = true;
		state->refilled[ttl] += state->phase == PHASE_REFILL;
		if (event->is_first && situation->silences[ttl] > 0)
			situation->silences[ttl]--;
	}
}

static void take_answer(struct mtu_state *state, struct situation *situation,
	const struct event *event)
{
	enum ruler ruler = ruler_of(event->asked);
	uint32_t ip_bytes = event->asked->ip_bytes;

	if (event->is_first && state->pending > 0)
		state->pending--;
	if (event->asked->ttl != FULL_TTL) {
		take_matrix(state, situation, event);
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
	if (ruler == RULER_ECHO && ip_bytes > situation->echo_passed)
		situation->echo_passed = ip_bytes;
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
		/* Who waits for routers waits for silence. */
		if (state->pending > 0 || state->phase == PHASE_ROUTE ||
			state->phase == PHASE_REFILL)
			return true;
	}
	return go_on(state, situation, outbox);
}

const struct experiment experiment_mtu = {
	.name = "mtu",
	.asks = "the largest packet that passes, and the link that stops more",
	.companion = "reverse",
	.state_bytes = sizeof(struct mtu_state),
	.most_packets = 1500,
	.start = start,
	.step = step,
};
