/* Which kinds of fragments arrive, and where are the others dropped? The probe
 * sends ICMP echo requests whole and fragmented in several ways; the reply
 * fits one packet, so that the return path has no influence. One more request
 * is so long that its reply has to come back in fragments, and one is whole
 * and as large as those fragments. The place is measured with two fragments to
 * every hop: routers report the first as expired, in IPv6 the second too, and
 * their quote is longer than the fragment where a device reassembled the
 * two.
 *
 * The target itself reports the fragments that the last router forwarded. In
 * IPv6 it rejects fragments of odd length at once (RFC 8200, 4.5). In IPv4 it
 * sends "reassembly time exceeded" after half a minute: the probe waits for
 * that only where fragments are lost that every router reported. Overlapping
 * fragments are not sent: they are attacks (RFC 5722). */
#include "probe/experiments/registry.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"
#include "probe/protocol/probe_rules.h"

enum {
	WHOLE_BYTES = 1192, /* of the ICMP message; fits 1280 in IPv6 */
	HALF_BYTES = 600,
	PIECE_BYTES = 152,
	LONG_BYTES = 2008, /* no usual link takes it whole */
	LONG_HALF_BYTES = 1200,
	/* as long as a pair, and neither length a multiple of eight */
	ODD_FIRST_BYTES = 9,
	ODD_LATER_AT = 16,
	ODD_LATER_BYTES = 1173,
};

enum fragments_phase { PHASE_SHAPES, PHASE_PLACES, PHASE_LISTENING };

/* Whether an ICMP error reported first and later fragments there. */
struct seen {
	bool first, later;
};

struct fragments_state {
	enum fragments_phase phase;
	unsigned tries, pair_rounds, listenings, pending;
	bool has_arrived[ECHO_KIND_COUNT];
	struct seen hops[HOP_LIMIT_WHOLE_WAY + 1];
	struct seen target;
};

static void add_piece(struct probe_context *context, uint16_t sequence,
	uint16_t whole, uint16_t offset, uint16_t bytes, uint8_t ttl,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_FRAGMENT;
	probe->is_df = false;
	probe->ttl = ttl;
	probe->source_port = context->own_port;
	probe->target_port = sequence;
	/* One IP ID for all fragments and for no other packet; never 0, which
	 * kernels replace. */
	probe->ip_id = (uint16_t)((2u * sequence + context->own_port) | 1u);
	probe->whole_bytes = whole;
	probe->offset = offset;
	probe->piece_bytes = bytes;
	probe->has_more = offset + bytes < whole;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"fragments: %s, bytes %u to %u, ttl %u",
		echo_kind_word(echo_kind_of(sequence)), offset,
		offset + bytes - 1u, ttl);
}

/* Two pieces that make `whole` bytes, `first` of them in the first. */
static void add_two(struct probe_context *context, uint16_t sequence,
	uint16_t whole, uint16_t first, bool is_reversed,
	struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < 2; i++) {
		bool is_second = (i == 1) != is_reversed;

		add_piece(context, sequence, whole, is_second ? first : 0,
			is_second ? (uint16_t)(whole - first) : first,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
	}
}

static void ask_whole(struct probe_context *context, uint16_t sequence,
	uint32_t ip_bytes, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(
		context, METHOD_ECHO, ip_bytes, HOP_LIMIT_WHOLE_WAY, tx_queue);

	if (!probe)
		return;
	probe->target_port = sequence;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"fragments: whole, %u bytes", probe->ip_bytes);
}

static void ask_kind(struct probe_context *context, enum echo_kind kind,
	unsigned try, struct tx_queue *tx_queue)
{
	uint16_t sequence = echo_kind_sequence(kind, try);
	uint32_t full = context->interface_mtu < PROBE_MOST_BYTES
				? context->interface_mtu
				: (uint32_t)PROBE_MOST_BYTES;

	switch (kind) {
	case ECHO_WHOLE:
		ask_whole(context, sequence,
			WHOLE_BYTES + (ip_header_bytes(context->family)),
			tx_queue);
		break;
	case ECHO_FULL:
		ask_whole(context, sequence, full, tx_queue);
		break;
	case ECHO_TWO:
		add_two(context, sequence, WHOLE_BYTES, HALF_BYTES, false,
			tx_queue);
		break;
	case ECHO_MANY:
		for (unsigned at = 0; at < WHOLE_BYTES; at += PIECE_BYTES)
			add_piece(context, sequence, WHOLE_BYTES, (uint16_t)at,
				at + PIECE_BYTES < WHOLE_BYTES
					? PIECE_BYTES
					: (uint16_t)(WHOLE_BYTES - at),
				HOP_LIMIT_WHOLE_WAY, tx_queue);
		break;
	case ECHO_TINY:
		add_piece(context, sequence, WHOLE_BYTES, 0, 8,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		add_piece(context, sequence, WHOLE_BYTES, 8, WHOLE_BYTES - 8,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		break;
	case ECHO_REVERSED:
		add_two(context, sequence, WHOLE_BYTES, HALF_BYTES, true,
			tx_queue);
		break;
	case ECHO_LONG:
		add_two(context, sequence, LONG_BYTES, LONG_HALF_BYTES, false,
			tx_queue);
		break;
	case ECHO_PAIR:
	case ECHO_CONTROL:
	case ECHO_ODD:
	case ECHO_KIND_COUNT:
		break;
	}
}

static bool ask_unanswered(struct fragments_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	state->pending = 0;
	for (int kind = 0; kind < ECHO_PAIR && state->tries < FRAGMENT_TRIES;
		kind++)
		if (!state->has_arrived[kind]) {
			ask_kind(context, (enum echo_kind)kind, state->tries,
				tx_queue);
			state->pending++;
		}
	state->tries++;
	return state->pending > 0;
}

/* Whether the kinds of fragments that are sent to hops never arrive: then the
 * place is measured. */
static bool are_dropped(const struct fragments_state *state)
{
	return state->has_arrived[ECHO_WHOLE] && !state->has_arrived[ECHO_TINY];
}

static bool is_hop_done(const struct fragments_state *state,
	const struct probe_context *context, unsigned ttl)
{
	bool is_asked = context->results.route->answering_hops >> (ttl - 1) & 1;

	return !is_asked ||
	       (state->hops[ttl].first &&
		       (state->hops[ttl].later || context->family == 4 ||
			       !are_dropped(state)));
}

static bool is_target_done(const struct fragments_state *state,
	const struct probe_context *context)
{
	return context->family == 4 || !are_dropped(state) ||
	       (state->target.first && state->target.later);
}

static unsigned last_ttl(const struct probe_context *context)
{
	return context->results.route->distance <= HOP_LIMIT_WHOLE_WAY
		       ? context->results.route->distance - 1
		       : (unsigned)HOP_LIMIT_WHOLE_WAY;
}

static bool is_place_missing(const struct fragments_state *state,
	const struct probe_context *context)
{
	unsigned missing = !is_target_done(state, context);

	if (context->results.route->distance > 0)
		for (unsigned ttl = 1; ttl <= last_ttl(context); ttl++)
			missing += !is_hop_done(state, context, ttl);
	return missing > 0;
}

/* Two fragments of a packet. The one not yet reported goes first: a router
 * with one error left sends it for that fragment, or else for the other, which
 * shows that it had an error left. */
static void add_pair(struct probe_context *context, struct seen seen,
	uint16_t sequence, uint16_t first, uint16_t at, uint16_t later,
	uint8_t ttl, struct tx_queue *tx_queue)
{
	bool is_later_first = seen.first && !seen.later;

	if (is_later_first)
		add_piece(context, sequence, WHOLE_BYTES, at, later, ttl,
			tx_queue);
	add_piece(context, sequence, WHOLE_BYTES, 0, first, ttl, tx_queue);
	if (!is_later_first)
		add_piece(context, sequence, WHOLE_BYTES, at, later, ttl,
			tx_queue);
}

static void ask_control(struct probe_context *context, uint8_t ttl,
	unsigned number, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(context, METHOD_ECHO,
		probe_build_least_bytes(context->family, METHOD_ECHO), ttl,
		tx_queue);

	if (!probe)
		return;
	probe->target_port = echo_kind_sequence(ECHO_CONTROL, number);
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"fragments: a whole packet for comparison, ttl %u", ttl);
}

/* Both fragments of a packet to each hop that reports expired packets; a whole
 * packet behind them where the fragments had no response before. */
static bool ask_places(struct fragments_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned round = state->pair_rounds++;

	if (!state->has_arrived[ECHO_WHOLE] ||
		context->results.route->distance == 0 ||
		round >= FRAGMENT_PAIR_ROUNDS ||
		!is_place_missing(state, context))
		return false;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	for (unsigned ttl = 1; ttl <= last_ttl(context); ttl++) {
		unsigned number = round * HOP_LIMIT_WHOLE_WAY + ttl - 1;

		if (is_hop_done(state, context, ttl))
			continue;
		add_pair(context, state->hops[ttl],
			echo_kind_sequence(ECHO_PAIR, number), 8, 8,
			WHOLE_BYTES - 8, (uint8_t)ttl, tx_queue);
		if (round > 0 && !state->hops[ttl].first)
			ask_control(context, (uint8_t)ttl, number, tx_queue);
	}
	if (!is_target_done(state, context))
		add_pair(context, state->target,
			echo_kind_sequence(ECHO_ODD, round), ODD_FIRST_BYTES,
			ODD_LATER_AT, ODD_LATER_BYTES, HOP_LIMIT_WHOLE_WAY,
			tx_queue);
	return true;
}

/* IPv4: every router that reports anything reported the first piece, and yet
 * nothing arrives. */
static bool is_listening_worthwhile(const struct fragments_state *state,
	const struct probe_context *context)
{
	if (context->family != 4 || !are_dropped(state) ||
		context->results.route->distance == 0 || state->target.first)
		return false;
	for (unsigned ttl = last_ttl(context); ttl > 0; ttl--)
		if (context->results.route->answering_hops >> (ttl - 1) & 1)
			return state->hops[ttl].first;
	return true;
}

/* Wait for the target's "reassembly time exceeded" for the packets sent so
 * far. The last echo request records how long the probe waited. */
static bool listen(struct fragments_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned times = state->listenings++;

	if (!is_listening_worthwhile(state, context) ||
		times > REASSEMBLY_LISTENS)
		return false;
	state->phase = PHASE_LISTENING;
	tx_queue->is_listening = true;
	tx_queue->waits_for = "the target's reassembly timeout, up to 34 s";
	tx_queue->wait_ms = times < REASSEMBLY_LISTENS ? REASSEMBLY_LISTEN_MS
						       : ERROR_RATION_REFILL_MS;
	if (times > 0)
		ask_whole(context,
			echo_kind_sequence(ECHO_WHOLE, FRAGMENT_TRIES + times),
			WHOLE_BYTES + 20, tx_queue);
	return true;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	return ask_unanswered(memory, context, tx_queue);
}

static void take_seen(struct seen *seen, const struct event *event)
{
	bool is_joined =
		event->answer == RESPONSE_EXPIRED &&
		event->packet->quoted.total_bytes > event->sent_probe->ip_bytes;

	seen->first = seen->first || !event->sent_probe->is_later || is_joined;
	seen->later = seen->later || event->sent_probe->is_later || is_joined;
}

static void take_answer(
	struct fragments_state *state, const struct event *event)
{
	const struct sent_probe *sent_probe = event->sent_probe;
	enum echo_kind kind = echo_kind_of(sent_probe->target_port);

	if (event->answer == RESPONSE_EXPIRED && sent_probe->is_fragment &&
		sent_probe->ttl <= HOP_LIMIT_WHOLE_WAY)
		take_seen(&state->hops[sent_probe->ttl], event);
	if (event->answer == RESPONSE_INCOMPLETE)
		take_seen(&state->target, event);
	if (event->answer != RESPONSE_ARRIVED || kind >= ECHO_PAIR ||
		state->has_arrived[kind])
		return;
	state->has_arrived[kind] = true;
	if (state->pending > 0)
		state->pending--;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct fragments_state *state = memory;
	bool is_answer = event->kind == EVENT_RESPONSE;

	if (event->kind == EVENT_PACKET)
		return true;
	if (is_answer)
		take_answer(state, event);
	switch (state->phase) {
	case PHASE_SHAPES:
		if (is_answer && state->pending > 0)
			return true;
		/* Without any echo reply there is nothing to compare fragments
		 * with. */
		if (state->tries >= FRAGMENT_TRIES / 2 &&
			!state->has_arrived[ECHO_WHOLE] &&
			!state->has_arrived[ECHO_FULL])
			return false;
		if (ask_unanswered(state, context, tx_queue))
			return true;
		state->phase = PHASE_PLACES;
		break;
	case PHASE_PLACES:
		if (is_answer && is_place_missing(state, context))
			return true;
		break;
	case PHASE_LISTENING:
		if (is_answer)
			return !state->target.first &&
			       state->listenings <= REASSEMBLY_LISTENS;
		break;
	}
	return (state->phase == PHASE_PLACES &&
		       ask_places(state, context, tx_queue)) ||
	       listen(state, context, tx_queue);
}

const struct experiment experiment_fragments = {
	.id = EXPERIMENT_FRAGMENTS,
	.state_bytes = sizeof(struct fragments_state),
	.most_packets = FRAGMENT_TRIES * 18 +
			FRAGMENT_PAIR_ROUNDS * (3 * HOP_LIMIT_WHOLE_WAY + 2) +
			REASSEMBLY_LISTENS,
	.usual_later = 14,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
