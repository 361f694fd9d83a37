/* What is changed on the way, and where: a handshake packet with everything in
 * it that devices like to change is sent with each hop limit that does not
 * reach the target, and each router quotes it as it arrived there. It leaves
 * from a port of its own, so that firewalls do not take it for the open
 * connection's; no server ever sees it. The target itself is asked by UDP,
 * where it answered that: it quotes the IP header and the ports. */
#include "probe/experiment.h"

#include <stdio.h>

enum {
	TTL_MOST = 64,
	ROUNDS = 4,
	REFILL_MS = 1050, /* Linux sends one error a second */
	/* AF21: neither the default nor rarely used; and ECN-capable, so that
	 * who clears either is seen */
	MARKED_TOS = 0x4a,
	ODD_WINDOW = 0x3b07,
};

struct rewritten_state {
	unsigned rounds, pending;
	bool is_answered[TTL_MOST + 1];
};

static void ask_hop(struct situation *situation, unsigned ttl,
	struct outbox *outbox)
{
	struct question *question = outbox_add(outbox);
	uint32_t header = situation->family == 4 ? 40 : 60;

	if (!question)
		return;
	question->kind = QUESTION_TCP;
	question->ttl = (uint8_t)ttl;
	question->tos = MARKED_TOS;
	question->source_port = situation->spare_port;
	question->target_port = situation->port;
	question->tcp_flags = TCP_SYN | TCP_ECE | TCP_CWR;
	question->sequence = situation->connection->first_sequence +
		0x5a5a0000u + ttl;
	/* Names the hop where devices change sequence numbers. */
	question->acknowledged = question->sequence ^ 0x00c0ffee;
	question->window = ODD_WINDOW;
	question->mss = (uint16_t)(situation->interface_mtu - header);
	question->has_options = true;
	question->window_scale = 7;
	question->has_timestamp = true;
	question->timestamp_value = 0x43554c50;
	(void)snprintf(question->comment, sizeof(question->comment),
		"rewritten: as it arrives at hop %u", ttl);
}

static void ask_target(struct situation *situation, struct outbox *outbox)
{
	struct question *question = ask(situation, RULER_UDP,
		ask_least_bytes(situation->family, RULER_UDP), TTL_MOST,
		outbox);

	if (!question)
		return;
	question->tos = MARKED_TOS;
	(void)snprintf(question->comment, sizeof(question->comment),
		"rewritten: as it arrives at the target");
}

/* Hops that never answered anything are asked once, not waited for. */
static bool ask_unanswered(struct rewritten_state *state,
	struct situation *situation, struct outbox *outbox)
{
	unsigned last = situation->distance;

	state->pending = 0;
	if (state->rounds > 0)
		outbox_await_routers(outbox, REFILL_MS);
	for (unsigned ttl = 1; ttl <= last && ttl <= TTL_MOST; ttl++) {
		bool is_talking = situation->answering_hops >> (ttl - 1) & 1;

		if (state->is_answered[ttl] ||
			(!is_talking && (state->rounds > 0 || ttl == last)))
			continue;
		if (ttl < last)
			ask_hop(situation, ttl, outbox);
		else
			ask_target(situation, outbox);
		state->pending += is_talking;
	}
	return state->pending > 0 || outbox->count > 0;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	outbox->wait_ms = REFILL_MS;
	return ask_unanswered(memory, situation, outbox);
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct rewritten_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_ANSWER) {
		unsigned hop = ruler_of(event->asked) == RULER_UDP
			? situation->distance
			: event->asked->ttl;

		if (hop <= TTL_MOST && !state->is_answered[hop]) {
			state->is_answered[hop] = true;
			if (state->pending > 0)
				state->pending--;
		}
		return state->pending > 0;
	}
	return ++state->rounds < ROUNDS &&
		ask_unanswered(state, situation, outbox);
}

const struct experiment experiment_rewritten = {
	.name = "rewritten",
	.asks = "what devices change in headers, and where",
	.state_bytes = sizeof(struct rewritten_state),
	.most_packets = ROUNDS * TTL_MOST,
	.is_late = true,
	.start = start,
	.step = step,
};
