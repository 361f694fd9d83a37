/* How much is lost, small packets and large: old data in the connection, which
 * the target answers always, unlike routers' errors. */
#include "probe/experiment.h"

#include <stdio.h>

enum {
	SMALL_BYTES = 64,
	MEDIUM_BYTES = 576,
	UNMEASURED_BYTES = 1280,
	TIMES = 40, /* of each size */
	FULL_TTL = 64,
};

struct loss_state {
	unsigned pending;
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

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct loss_state *state = memory;

	(void)situation; /* nothing is asked anew */
	(void)outbox;
	if (event->kind == EVENT_ANSWER && event->is_first &&
		state->pending > 0)
		state->pending--;
	return event->kind != EVENT_SILENCE && state->pending > 0;
}

const struct experiment experiment_loss = {
	.name = "loss",
	.asks = "how many packets of which size are lost on the way and back",
	.state_bytes = sizeof(struct loss_state),
	.most_packets = 3 * TIMES,
	.is_late = true,
	.start = start,
	.step = step,
};
