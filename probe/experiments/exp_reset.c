/* Does a device on the path reset connections that carry certain bytes, and
 * which?
 *
 * The bytes, the trigger, are shown as old data (probe/protocol/reset_rules.h):
 * devices read them, the server's TCP acknowledges them, and no application
 * gets them. On one connection they are sent with the hop limits 1, 2, 3 and so
 * on: the smallest that provokes a reset ends behind the device. (CenTrace, by
 * Raman and others 2022, opens a connection for each hop limit and waits for
 * minutes; here each hop takes a round trip.) Connections without the trigger
 * are controls. When a reset came, its connection is asked whether the server
 * still has it, and new connections whether they are let through. Then other
 * connections show the trigger the whole way, with two hop limits (a device may
 * copy them, and may drop the trigger), and again around the hop that was
 * found.
 *
 * Where the port is refused by a reset, SYNs with a traffic class show whether
 * the host's kernel refuses or a firewall in front of it (reset_mark.c). */
#include "probe/experiments/registry.h"
#include "probe/experiments/reset_state.h"

#include "probe/protocol/hop_distance.h"
#include "probe/tcp/reset_trigger.h"

enum {
	MOST_PACKETS = 400,
	CONTROL_TRIES = 3,
	WHOLE_TRIES = 2, /* of triggers on one connection */
	QUESTIONS = 3,
	MARK_ROUNDS = 3,
	PACE_MS = 30,  /* beside two round trips */
	AGAIN_MS = 25, /* more, where the delay of resets counts */
	OPENING_MS = 4000,
	BLOCKED_MS = 4000, /* so long new connections are tried */
	NEW_MS = 400,	   /* between them */
	CUT_MS = 12000,	   /* then it ends, whatever is left */
	LONG_WAY = 10,	   /* unknown distance: see distance_of */
};

static bool is_late(
	int64_t since_ns, const struct probe_context *context, unsigned most_ms)
{
	return context->now_ns - since_ns > most_ms * INT64_C(1000000);
}

static const struct connection *line_of(
	const struct probe_context *context, unsigned line)
{
	return &context->own[line];
}

static bool is_open(const struct probe_context *context, unsigned line)
{
	return line_of(context, line)->state == CONNECTION_OPEN &&
	       !line_of(context, line)->has_peer_closed;
}

static unsigned distance_of(const struct probe_context *context)
{
	unsigned distance = context->results.route->distance;

	if (distance == 0)
		distance = hop_distance_guess(context->connection->peer_ttl);
	return distance == 0		     ? LONG_WAY
	       : distance > context->max_ttl ? context->max_ttl
					     : distance;
}

static void enter(struct reset_state *state, enum reset_phase phase)
{
	state->phase = phase;
	state->step = 0;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct reset_state *state = memory;

	state->started_ns = context->now_ns;
	tx_queue->timer_ms = PACE_MS + 2 * context->round_trip_ms;
	state->phase = RESET_REFUSED;
	if (context->connection->state == CONNECTION_REFUSED)
		return !context->connection->is_rejected;
	if (context->connection->state != CONNECTION_OPEN ||
		!context->trigger || context->trigger->count == 0 ||
		context->own_count < LINE_COUNT)
		return false;
	state->opening_ns = context->now_ns;
	state->phase = RESET_OPENING;
	state->distance = distance_of(context);
	for (unsigned line = LINE_CONTROL; line <= LINE_AGAIN; line++)
		connection_open(&context->own[line], tx_queue);
	return true;
}

/* Data without the trigger goes first: it confirms that the server has the
 * handshake's ACK and answers old data. */
static void open_lines(struct reset_state *state, struct probe_context *context,
	unsigned first, struct tx_queue *tx_queue)
{
	bool is_first = first == LINE_CONTROL, is_waiting = false;
	unsigned last = is_first ? LINE_AGAIN : LINE_LESSER;

	for (unsigned line = first; line <= last; line++) {
		const struct connection *own = line_of(context, line);

		is_waiting = is_waiting || own->state == CONNECTION_OPENING;
		if (!is_open(context, line) ||
			state->used[line][RESET_CONTROL] >= CONTROL_TRIES ||
			(own->is_confirmed && state->used[line][RESET_CONTROL]))
			continue;
		is_waiting = true;
		reset_send(state, context, (enum reset_line)line, RESET_CONTROL,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
	}
	if (is_waiting && !is_late(state->opening_ns, context, OPENING_MS))
		return;
	enter(state, is_first ? RESET_WALKING : RESET_LEVELLING);
}

static void walk(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned hop_limit = state->step + 1;

	if (!is_open(context, LINE_WALK)) {
		enter(state, state->reset_ttl[LINE_WALK] ? RESET_ASKING
							 : RESET_CLOSING);
		return;
	}
	if (state->step == state->distance + WHOLE_TRIES) {
		enter(state, RESET_SHOWING);
		return;
	}
	if (hop_limit > state->distance)
		hop_limit = HOP_LIMIT_WHOLE_WAY;
	state->walked = hop_limit;
	state->step++;
	reset_send(
		state, context, LINE_WALK, RESET_TRIGGER, hop_limit, tx_queue);
}

/* The first connection lives: a device that resets some only may show it on
 * another. */
static void show(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (is_open(context, LINE_AGAIN) && state->step < WHOLE_TRIES) {
		state->walked = HOP_LIMIT_WHOLE_WAY;
		reset_send(state, context, LINE_AGAIN, RESET_TRIGGER,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		state->step++;
		return;
	}
	enter(state,
		state->reset_ttl[LINE_AGAIN] ? RESET_ASKING : RESET_CLOSING);
}

/* Opens one connection after another until one is let through. */
static bool is_let_through(struct reset_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned line = LINE_NEW + state->opened_new - 1;

	if (state->opened_new &&
		line_of(context, line)->state == CONNECTION_OPENING)
		return false;
	if (state->opened_new && is_open(context, line)) {
		connection_close(&context->own[line], tx_queue);
		return true;
	}
	if (line == LINE_NEW_LAST ||
		(state->opened_new && !is_late(state->new_ns, context, NEW_MS)))
		return false;
	state->opened_new++;
	state->new_ns = context->now_ns;
	connection_open(&context->own[line + 1], tx_queue);
	return false;
}

/* The lines that were reset last. */
static void ask_lines(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned first = state->rounds == 1 ? LINE_WHOLE : LINE_WALK;

	for (unsigned line = first; line <= first + 1; line++)
		if (state->reset_ttl[line] && state->step < QUESTIONS)
			reset_send(state, context, (enum reset_line)line,
				RESET_QUESTION, HOP_LIMIT_WHOLE_WAY, tx_queue);
}

static void open_two(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	for (unsigned line = LINE_WHOLE; line <= LINE_LESSER; line++)
		connection_open(&context->own[line], tx_queue);
	enter(state, RESET_OPENING_TWO);
	state->opening_ns = context->now_ns;
}

/* Until a new connection is let through; then what is next. */
static void ask(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	ask_lines(state, context, tx_queue);
	state->is_let_through = state->is_let_through ||
				is_let_through(state, context, tx_queue);
	state->step++;
	if ((!state->is_let_through || state->step <= QUESTIONS) &&
		!is_late(state->reset_ns, context, BLOCKED_MS))
		return;
	if (!state->is_let_through || state->rounds > 1) {
		enter(state, RESET_CLOSING);
		return;
	}
	state->is_let_through = false;
	if (state->rounds++ == 0) {
		open_two(state, context, tx_queue);
		return;
	}
	reset_plan(state);
	enter(state, RESET_REPEATING);
}

/* Both at once: a device that then blocks this host has seen both. */
static void level(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	static const unsigned hop_limits[] = {
		HOP_LIMIT_WHOLE_WAY, RESET_LESSER_HOP_LIMIT};

	for (unsigned i = 0; state->step == 0 && i < WHOLE_TRIES * 2; i++) {
		enum reset_line line = (enum reset_line)(LINE_WHOLE + i % 2);

		if (is_open(context, line))
			reset_send(state, context, line, RESET_TRIGGER,
				hop_limits[i % 2], tx_queue);
	}
	if (state->step++ > 0)
		enter(state, RESET_ASKING);
}

/* Each hop limit of the plan, until the line is reset. */
static void repeat(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned hop_limit;

	if (!is_open(context, LINE_AGAIN)) {
		state->rounds++;
		enter(state, RESET_ASKING);
		return;
	}
	if (state->step == state->plan_count) {
		enter(state, RESET_CLOSING);
		return;
	}
	hop_limit = state->plan[state->step];
	while (state->step < state->plan_count &&
		state->plan[state->step] == hop_limit) {
		reset_send(state, context, LINE_AGAIN, RESET_TRIGGER, hop_limit,
			tx_queue);
		state->step++;
	}
}

static void close_all(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (state->step++ < CONTROL_TRIES) {
		for (unsigned line = 0; line <= LINE_CONTROL_TOO; line++)
			if (is_open(context, line))
				reset_send(state, context,
					(enum reset_line)line, RESET_CONTROL,
					HOP_LIMIT_WHOLE_WAY, tx_queue);
		return;
	}
	for (unsigned line = 0; line < LINE_COUNT; line++)
		connection_close(&context->own[line], tx_queue);
	enter(state, RESET_ENDED);
}

static void mark(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (state->step == MARK_ROUNDS)
		enter(state, RESET_ENDED);
	else
		reset_mark_ports(context, state->step++, tx_queue);
}

/* One step of its phase; each takes about two round trips. */
static void advance(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	switch (state->phase) {
	case RESET_REFUSED:
		mark(state, context, tx_queue);
		break;
	case RESET_OPENING:
		open_lines(state, context, LINE_CONTROL, tx_queue);
		break;
	case RESET_WALKING:
		walk(state, context, tx_queue);
		break;
	case RESET_SHOWING:
		show(state, context, tx_queue);
		break;
	case RESET_ASKING:
		ask(state, context, tx_queue);
		break;
	case RESET_OPENING_TWO:
		open_lines(state, context, LINE_WHOLE, tx_queue);
		break;
	case RESET_LEVELLING:
		level(state, context, tx_queue);
		break;
	case RESET_REPEATING:
		repeat(state, context, tx_queue);
		break;
	case RESET_CLOSING:
		close_all(state, context, tx_queue);
		break;
	case RESET_ENDED:
		break;
	}
}

/* A reset that the connection took for the server's ended it. */
static bool note_reset(struct reset_state *state,
	const struct probe_context *context, const struct event *event)
{
	for (unsigned line = 0; line < LINE_COUNT; line++) {
		if (event->connection != line_of(context, line) ||
			state->reset_ttl[line] ||
			event->connection->state != CONNECTION_LOST)
			continue;
		state->reset_ttl[line] = event->packet->ttl;
		state->reset_ns = context->now_ns;
		return true;
	}
	return false;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct reset_state *state = memory;
	unsigned pace_ms = PACE_MS + 2 * context->round_trip_ms;

	if (event->packet && event->packet->kind == PACKET_TCP &&
		event->packet->tcp_flags & TCP_RST &&
		note_reset(state, context, event)) {
		tx_queue->timer_ms = 1; /* the phase may be over */
		return true;
	}
	if (event->kind != EVENT_TIMER)
		return true;
	if (is_late(state->started_ns, context, CUT_MS) &&
		state->phase < RESET_CLOSING)
		enter(state, RESET_CLOSING);
	advance(state, context, tx_queue);
	tx_queue->timer_ms =
		state->phase == RESET_REPEATING ? pace_ms + AGAIN_MS : pace_ms;
	tx_queue->waits_for = "resets";
	return state->phase != RESET_ENDED;
}

const struct experiment experiment_reset = {
	.id = EXPERIMENT_RESET,
	.state_bytes = sizeof(struct reset_state),
	.most_packets = MOST_PACKETS,
	.connections = LINE_COUNT,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
