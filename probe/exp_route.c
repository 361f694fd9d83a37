/* Which routers lie between: one packet per hop limit and ruler, all at once.
 *
 * TCP goes inside the open connection, as old data, so that stateful firewalls
 * let it pass and every router that chooses paths by ports sees one flow. A
 * Linux router answers six such packets at once and then one a second; three
 * per hop are spent here. */
#include "probe/experiment.h"

#include <stdio.h>

enum {
	TTL_MOST = 64,
	BLOCK_HOPS = 6, /* asked at once when the end is not in sight */
	FIRST_HOPS = 8, /* when nothing tells the distance */
	SPARE_HOPS = 1, /* beyond the guess: the way back may be shorter */
	ROUTE_RETRIES = 1,
};

struct route_state {
	unsigned top;	  /* highest hop limit asked so far */
	unsigned pending; /* questions of this round without an answer */
	unsigned retries;
	uint8_t answered[TTL_MOST + 1]; /* bit per ruler */
	unsigned arrived; /* least hop limit; 0: not yet */
	/* by the connection's packets, which a load balancer may pass on where
	 * it answers others itself */
	bool has_arrived[TTL_MOST + 1], has_expired[TTL_MOST + 1];
};

/* Systems begin at 64, 128 or 255: what is missing is the way back. */
static unsigned guess_distance(const struct connection *connection)
{
	unsigned ttl = connection->peer_ttl;

	if (connection->state != CONNECTION_OPEN || ttl == 0)
		return 0;
	return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl + 1;
}

static void ask_hop(struct route_state *state, struct situation *situation,
	enum ruler ruler, unsigned ttl, struct outbox *outbox)
{
	if (ruler == RULER_TCP &&
		situation->connection->state != CONNECTION_OPEN)
		return;
	/* The size tells questions apart where nothing else is quoted. */
	uint32_t bytes = ask_least_bytes(situation->family, ruler) + ttl;
	struct question *question =
		ask(situation, ruler, bytes, (uint8_t)ttl, outbox);

	if (!question)
		return;
	(void)snprintf(question->comment, sizeof(question->comment),
		"route: hop %u", ttl);
	situation->silences[ttl]++;
	state->pending++;
}

static void ask_block(struct route_state *state, struct situation *situation,
	unsigned last, struct outbox *outbox)
{
	unsigned first = state->top + 1;

	if (last > situation->max_ttl)
		last = situation->max_ttl;
	if (last > TTL_MOST)
		last = TTL_MOST;
	for (int ruler = 0; ruler < RULER_COUNT; ruler++)
		for (unsigned ttl = first; ttl <= last; ttl++)
			ask_hop(state, situation, (enum ruler)ruler, ttl,
				outbox);
	state->top = last;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	struct route_state *state = memory;
	unsigned guess = guess_distance(situation->connection);
	unsigned last = guess ? guess + SPARE_HOPS : FIRST_HOPS;

	if (last > situation->max_ttl)
		last = FIRST_HOPS; /* the guess was wrong */
	ask_block(state, situation, last, outbox);
	return true;
}

/* More than any hop limit at which the connection's packets expired, if none
 * arrived with as little. */
static unsigned distance_of(const struct route_state *state)
{
	unsigned distance = state->arrived;

	for (unsigned ttl = 1; ttl <= TTL_MOST && !state->has_arrived[ttl];
		ttl++)
		if (state->has_expired[ttl] && ttl >= distance)
			distance = ttl + 1;
	return distance;
}

static void take_answer(struct route_state *state,
	struct situation *situation, const struct event *event)
{
	unsigned ttl = event->asked->ttl;
	enum ruler ruler = ruler_of(event->asked);

	if (ttl == 0 || ttl > TTL_MOST)
		return;
	state->answered[ttl] |= (uint8_t)(1u << ruler);
	if (event->is_first && state->pending > 0)
		state->pending--;
	if (event->is_first && situation->silences[ttl] > 0)
		situation->silences[ttl]--;
	if (event->answer == ANSWER_EXPIRED ||
		(event->answer == ANSWER_ARRIVED && ruler == RULER_UDP))
		situation->answering_hops |= UINT64_C(1) << (ttl - 1);
	if (event->answer == ANSWER_EXPIRED && ruler == RULER_TCP)
		state->has_expired[ttl] = true;
	if (event->answer == ANSWER_ARRIVED && ruler == RULER_TCP)
		state->has_arrived[ttl] = true;
	if (event->answer == ANSWER_ARRIVED &&
		(state->arrived == 0 || ttl < state->arrived))
		state->arrived = ttl;
	if (state->arrived)
		situation->distance = distance_of(state);
}

/* Those before the target, or not more than one behind the last that answered:
 * it may ration what it says. */
static bool ask_silent_hops(struct route_state *state,
	struct situation *situation, struct outbox *outbox)
{
	unsigned before = state->pending, end = situation->distance;

	for (unsigned ttl = 1; ttl <= state->top && !situation->distance; ttl++)
		if (state->answered[ttl])
			end = ttl + 2;
	for (unsigned ttl = 1; ttl < end && ttl <= state->top; ttl++)
		if (state->answered[ttl] == 0) {
			ask_hop(state, situation, RULER_TCP, ttl, outbox);
			ask_hop(state, situation, RULER_ECHO, ttl, outbox);
		}
	return state->pending > before;
}

static bool finish(struct situation *situation)
{
	situation->is_route_done = true;
	return false;
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct route_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_ANSWER)
		take_answer(state, situation, event);
	if (event->kind == EVENT_ANSWER && state->pending > 0)
		return true;
	state->pending = 0;
	if (situation->distance == 0) {
		if (state->top >= situation->max_ttl || state->top >= TTL_MOST)
			return (state->retries++ < ROUTE_RETRIES &&
				       ask_silent_hops(
					       state, situation, outbox)) ||
				finish(situation);
		ask_block(state, situation, state->top + BLOCK_HOPS, outbox);
		return true;
	}
	if (state->retries++ < ROUTE_RETRIES &&
		ask_silent_hops(state, situation, outbox))
		return true;
	return finish(situation);
}

const struct experiment experiment_route = {
	.name = "route",
	.asks = "which routers lie between, by TCP, ICMP and UDP",
	.state_bytes = sizeof(struct route_state),
	.most_packets = RULER_COUNT * TTL_MOST + 2 * TTL_MOST,
	.start = start,
	.step = step,
};
