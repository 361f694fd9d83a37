/* Do fragments arrive, in every shape they come in? ICMP echo requests are sent
 * whole and cut in ways that differ; the answer fits one packet, so that the
 * way back is not asked. One more is so long that its answer has to come back
 * in fragments, and one is whole and as large as those. Where they vanish is
 * asked with two pieces to every hop: routers report that the first of them
 * expired, and what they quote is longer than it was where someone put the two
 * together. Overlapping
 * fragments are not sent: they are attacks (RFC 5722). */
#include "probe/experiment.h"

#include <stdio.h>

#include "capture/echo_kind.h"

enum {
	WHOLE_BYTES = 1192, /* of the ICMP message; fits 1280 in IPv6 */
	HALF_BYTES = 600,
	PIECE_BYTES = 152,
	LONG_BYTES = 2008, /* no usual link takes it whole */
	LONG_HALF_BYTES = 1200,
	FULL_TTL = 64,
	TTL_MOST = 64,
	TRIES = 4,
	PAIR_ROUNDS = 4,
	REFILL_MS = 1050,
};

struct fragments_state {
	unsigned tries, pair_rounds, pending;
	bool has_arrived[ECHO_KIND_COUNT];
	bool is_hop_answered[TTL_MOST + 1];
};

static void add_piece(struct situation *situation, uint16_t sequence,
	uint16_t whole, uint16_t offset, uint16_t bytes, uint8_t ttl,
	struct outbox *outbox)
{
	struct question *question = outbox_add(outbox);

	if (!question)
		return;
	question->kind = QUESTION_FRAGMENT;
	question->is_df = false;
	question->ttl = ttl;
	question->source_port = situation->own_port;
	question->target_port = sequence;
	/* One for all pieces and of no other packet; never 0, which kernels
	 * replace. */
	question->ip_id =
		(uint16_t)((2u * sequence + situation->own_port) | 1u);
	question->whole_bytes = whole;
	question->offset = offset;
	question->piece_bytes = bytes;
	question->has_more = offset + bytes < whole;
	(void)snprintf(question->comment, sizeof(question->comment),
		"fragments: %s, bytes %u to %u, ttl %u",
		echo_kind_word(echo_kind_of(sequence)), offset,
		offset + bytes - 1u, ttl);
}

static void ask_whole(struct situation *situation, uint16_t sequence,
	uint32_t ip_bytes, struct outbox *outbox)
{
	struct question *question =
		ask(situation, RULER_ECHO, ip_bytes, FULL_TTL, outbox);

	if (!question)
		return;
	question->target_port = sequence;
	(void)snprintf(question->comment, sizeof(question->comment),
		"fragments: whole, %u bytes", question->ip_bytes);
}

static void ask_kind(struct situation *situation, enum echo_kind kind,
	unsigned try, struct outbox *outbox)
{
	uint16_t sequence = echo_kind_sequence(kind, try);
	uint32_t full = situation->interface_mtu < QUESTION_MOST_BYTES
		? situation->interface_mtu
		: (uint32_t)QUESTION_MOST_BYTES;

	switch (kind) {
	case ECHO_WHOLE:
		ask_whole(situation, sequence,
			WHOLE_BYTES + (situation->family == 4 ? 20u : 40u),
			outbox);
		break;
	case ECHO_FULL:
		ask_whole(situation, sequence, full, outbox);
		break;
	case ECHO_TWO:
		add_piece(situation, sequence, WHOLE_BYTES, 0, HALF_BYTES,
			FULL_TTL, outbox);
		add_piece(situation, sequence, WHOLE_BYTES, HALF_BYTES,
			WHOLE_BYTES - HALF_BYTES, FULL_TTL, outbox);
		break;
	case ECHO_MANY:
		for (unsigned at = 0; at < WHOLE_BYTES; at += PIECE_BYTES)
			add_piece(situation, sequence, WHOLE_BYTES,
				(uint16_t)at,
				at + PIECE_BYTES < WHOLE_BYTES
					? PIECE_BYTES
					: (uint16_t)(WHOLE_BYTES - at),
				FULL_TTL, outbox);
		break;
	case ECHO_TINY:
		add_piece(situation, sequence, WHOLE_BYTES, 0, 8, FULL_TTL,
			outbox);
		add_piece(situation, sequence, WHOLE_BYTES, 8, WHOLE_BYTES - 8,
			FULL_TTL, outbox);
		break;
	case ECHO_REVERSED:
		add_piece(situation, sequence, WHOLE_BYTES, HALF_BYTES,
			WHOLE_BYTES - HALF_BYTES, FULL_TTL, outbox);
		add_piece(situation, sequence, WHOLE_BYTES, 0, HALF_BYTES,
			FULL_TTL, outbox);
		break;
	case ECHO_LONG:
		add_piece(situation, sequence, LONG_BYTES, 0, LONG_HALF_BYTES,
			FULL_TTL, outbox);
		add_piece(situation, sequence, LONG_BYTES, LONG_HALF_BYTES,
			LONG_BYTES - LONG_HALF_BYTES, FULL_TTL, outbox);
		break;
	case ECHO_PAIR:
	case ECHO_KIND_COUNT:
		break;
	}
}

static bool ask_unanswered(struct fragments_state *state,
	struct situation *situation, struct outbox *outbox)
{
	state->pending = 0;
	for (int kind = 0; kind < ECHO_PAIR && state->tries < TRIES; kind++)
		if (!state->has_arrived[kind]) {
			ask_kind(situation, (enum echo_kind)kind, state->tries,
				outbox);
			state->pending++;
		}
	state->tries++;
	return state->pending > 0;
}

/* Both pieces of a packet to each hop that reports what expires. */
static bool ask_pairs(struct fragments_state *state,
	struct situation *situation, struct outbox *outbox)
{
	if (!state->has_arrived[ECHO_WHOLE] ||
		state->pair_rounds++ >= PAIR_ROUNDS)
		return false;
	outbox_await_routers(outbox, REFILL_MS);
	for (unsigned ttl = 1; ttl < situation->distance && ttl <= TTL_MOST;
		ttl++) {
		uint16_t sequence = echo_kind_sequence(ECHO_PAIR,
			(state->pair_rounds - 1) * TTL_MOST + ttl - 1);

		if (state->is_hop_answered[ttl] ||
			!(situation->answering_hops >> (ttl - 1) & 1))
			continue;
		add_piece(situation, sequence, WHOLE_BYTES, 0, 8, (uint8_t)ttl,
			outbox);
		add_piece(situation, sequence, WHOLE_BYTES, 8, WHOLE_BYTES - 8,
			(uint8_t)ttl, outbox);
		state->pending++;
	}
	return state->pending > 0;
}

static bool start(
	void *memory, struct situation *situation, struct outbox *outbox)
{
	return ask_unanswered(memory, situation, outbox);
}

static void take_answer(
	struct fragments_state *state, const struct event *event)
{
	enum echo_kind kind = echo_kind_of(event->asked->target_port);

	if (event->answer == ANSWER_EXPIRED && event->asked->ttl <= TTL_MOST) {
		if (!state->is_hop_answered[event->asked->ttl] &&
			state->pending > 0)
			state->pending--;
		state->is_hop_answered[event->asked->ttl] = true;
	}
	if (event->answer != ANSWER_ARRIVED || kind >= ECHO_PAIR ||
		state->has_arrived[kind])
		return;
	state->has_arrived[kind] = true;
	if (state->pending > 0)
		state->pending--;
}

static bool step(void *memory, struct situation *situation,
	const struct event *event, struct outbox *outbox)
{
	struct fragments_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_ANSWER) {
		take_answer(state, event);
		if (state->pending > 0)
			return true;
	}
	/* Nothing is to be compared with where echo is not answered at all. */
	if (state->tries >= TRIES / 2 && !state->has_arrived[ECHO_WHOLE])
		return false;
	return ask_unanswered(state, situation, outbox) ||
		ask_pairs(state, situation, outbox);
}

const struct experiment experiment_fragments = {
	.name = "fragments",
	.asks = "which fragments arrive, and where they vanish",
	.state_bytes = sizeof(struct fragments_state),
	.most_packets = TRIES * 18 + PAIR_ROUNDS * 2 * TTL_MOST,
	.is_late = true,
	.start = start,
	.step = step,
};
