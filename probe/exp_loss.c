/* How much is lost, small packets and large: old data in the connection, which
 * the target answers always, unlike routers' errors.
 *
 * Where something is lost, and nothing else is to be found out, the hops are
 * asked as well, as often as routers answer: once a second (Linux). That takes
 * up to a minute. */
#include "probe/experiment.h"

#include <stdio.h>

enum {
	SMALL_BYTES = 64,
	MEDIUM_BYTES = 576,
	UNMEASURED_BYTES = 1280,
	TIMES = 40, /* of each size */
	FULL_TTL = 64,
	TTL_MOST = 64,
	LEAST_LOST = 2,
	ROUNDS = 60, /* of asking every hop */
	TELLING_LOSSES = 12, /* expected of a hop: enough rounds */
	REFILL_MS = 1050,
};

struct loss_state {
	unsigned pending; /* then: lost end to end */
	unsigned rounds;
};

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	struct loss_state *state = memory;
	const uint32_t sizes[] = {SMALL_BYTES, MEDIUM_BYTES,
		situation->path_mtu ? situation->path_mtu
				    : (uint32_t)UNMEASURED_BYTES};
	bool is_tcp = situation->connection->state == CONNECTION_OPEN &&
		situation->connection->has_sack &&
		!situation->connection->has_peer_closed;

	for (int time = 0; time < TIMES; time++)
		for (int i = 0; i < 3; i++) {
			struct question *question = ask(situation,
				is_tcp ? RULER_TCP : RULER_ECHO, sizes[i],
				FULL_TTL, outbox);

			if (!question)
				continue;
			(void)snprintf(question->comment,
				sizeof(question->comment),
				"loss: %u bytes, %d of %d", sizes[i], time + 1,
				TIMES);
			state->pending++;
		}
	return state->pending > 0;
}

/* As many rounds as make a hop behind the loss lose some packets surely. */
static bool is_told(const struct loss_state *state)
{
	return state->rounds * state->pending >= TELLING_LOSSES * 3 * TIMES;
}

/* One packet to each hop that reports what expires. */
static bool ask_hops(struct loss_state *state, struct situation *situation,
	struct outbox *outbox)
{
	const struct connection *connection = situation->connection;
	bool is_asked = false;

	if (!situation->is_alone || state->pending < LEAST_LOST ||
		state->rounds == ROUNDS || is_told(state) ||
		connection->state != CONNECTION_OPEN ||
		connection->has_peer_closed)
		return false;
	outbox_await_routers(outbox, REFILL_MS);
	state->rounds++;
	for (unsigned ttl = 1; ttl < situation->distance && ttl <= TTL_MOST;
		ttl++) {
		if (!(situation->answering_hops >> (ttl - 1) & 1))
			continue;
		struct question *question = ask(situation, RULER_TCP,
			SMALL_BYTES, (uint8_t)ttl, outbox);

		if (!question)
			continue;
		(void)snprintf(question->comment, sizeof(question->comment),
			"loss: hop %u, %u of %d", ttl, state->rounds, ROUNDS);
		is_asked = true;
	}
	return is_asked;
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct loss_state *state = memory;

	if (event->kind == EVENT_SILENCE)
		return ask_hops(state, situation, outbox);
	if (event->kind == EVENT_ANSWER && state->rounds == 0 &&
		event->is_first && state->pending > 0)
		state->pending--;
	/* Hops are asked in time with what they answer, not with answers. */
	return state->rounds > 0 || state->pending > 0;
}

const struct experiment experiment_loss = {
	.name = "loss",
	.asks = "how many packets of which size are lost on the way and back",
	.state_bytes = sizeof(struct loss_state),
	.most_packets = 3 * TIMES + ROUNDS * TTL_MOST,
	.is_late = true,
	.start = start,
	.step = step,
};
