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
 * found; with all hop limits, slowly, where the device waits for longer than
 * triggers were apart.
 *
 * If the user says so the trigger is sent as data as well, where nothing was
 * reset: for devices that read no old data, and servers that abort.
 *
 * Where the port is refused by a reset, SYNs with a traffic class show whether
 * the host's kernel refuses or a firewall in front of it. Where it is silent,
 * they show whether other ports are, and an ACK of no connection whether SYNs
 * alone are dropped (reset_mark.c). */
#include "probe/experiments/registry.h"
#include "probe/experiments/reset_state.h"

#include "probe/protocol/hop_distance.h"
#include "probe/tcp/reset_trigger.h"

enum {
	MOST_PACKETS = 400,
	CONTROL_TRIES = 3,
	MARK_ROUNDS = 3,
	SENT_STEPS = 6, /* for the server to answer */
	AGAIN_MS = 25,	/* more, where the delay of resets counts */
	OPENING_MS = 4000,
	CUT_MS = 12000, /* then it ends, whatever is left */
	LONG_WAY = 10,	/* unknown distance: see distance_of */
	FIRST_LINES = 4,
	TWO_LINES = 2,
};

static const enum reset_line first_lines[FIRST_LINES] = {
	LINE_WALK, LINE_CONTROL, LINE_AGAIN, LINE_CONTROL_TOO};
static const enum reset_line two_lines[TWO_LINES] = {LINE_WHOLE, LINE_LESSER};

static unsigned distance_of(const struct probe_context *context)
{
	unsigned distance = context->results.route->distance;

	if (distance == 0)
		distance = hop_distance_guess(context->connection->peer_ttl);
	return distance == 0		     ? LONG_WAY
	       : distance > context->max_ttl ? context->max_ttl
					     : distance;
}

/* As long as nothing is reset. */
static unsigned kept_for_ssh(const struct probe_context *context)
{
	return (context->chosen & probe_experiment_bit(EXPERIMENT_SSH))
		       ? SSH_TALKS
		       : 0;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct reset_state *state = memory;

	state->started_ns = context->now_ns;
	tx_queue->timer_ms = reset_pace_ms(context);
	state->phase = RESET_REFUSED;
	if (context->connection->state == CONNECTION_SILENT)
		return true;
	if (context->connection->state == CONNECTION_REFUSED)
		return !context->connection->is_rejected;
	if (context->connection->state != CONNECTION_OPEN ||
		!context->trigger || context->trigger->count == 0 ||
		!reset_share_out(state, context))
		return false;
	state->opening_ns = context->now_ns;
	state->phase = RESET_OPENING;
	state->distance = distance_of(context);
	for (unsigned i = 0; i < FIRST_LINES; i++)
		reset_open(state, context, first_lines[i],
			kept_for_ssh(context), tx_queue);
	return true;
}

/* Data without the trigger goes first: it confirms that the server has the
 * handshake's ACK and answers old data. */
static void open_lines(struct reset_state *state, struct probe_context *context,
	const enum reset_line *lines, unsigned count, struct tx_queue *tx_queue)
{
	bool is_waiting = false;

	for (unsigned i = 0; i < count; i++) {
		enum reset_line line = lines[i];
		const struct connection *own = state->lines[line];

		is_waiting = is_waiting || own->state == CONNECTION_OPENING;
		if (!reset_is_open(state, line) ||
			state->used[line][RESET_CONTROL] >= CONTROL_TRIES ||
			(own->is_confirmed && state->used[line][RESET_CONTROL]))
			continue;
		is_waiting = true;
		reset_send(state, context, line, RESET_CONTROL,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
	}
	if (is_waiting &&
		!reset_is_late(state->opening_ns, context, OPENING_MS))
		return;
	reset_enter(state, lines == first_lines ? RESET_WALKING
			   : state->is_sending	? RESET_SENDING
						: RESET_LEVELLING);
}

static void walk(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	unsigned hop_limit = state->step + 1;

	if (!reset_is_open(state, LINE_WALK) || state->reset_ttl[LINE_WALK]) {
		reset_enter(state, state->reset_ttl[LINE_WALK] ? RESET_ASKING
							       : RESET_CLOSING);
		return;
	}
	if (state->step == state->distance + RESET_WHOLE_TRIES) {
		reset_enter(state, RESET_SHOWING);
		return;
	}
	if (hop_limit > state->distance)
		hop_limit = HOP_LIMIT_WHOLE_WAY;
	if (state->step == 0)
		reset_measure(state, context, LINE_WALK, tx_queue);
	state->shown_ns = context->now_ns;
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
	bool is_reset = state->reset_ttl[LINE_WALK] != 0;

	if (!is_reset && reset_is_open(state, LINE_AGAIN) &&
		state->step < RESET_WHOLE_TRIES) {
		state->walked = HOP_LIMIT_WHOLE_WAY;
		state->shown_ns = context->now_ns;
		reset_send(state, context, LINE_AGAIN, RESET_TRIGGER,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
		state->step++;
		return;
	}
	reset_enter(state, RESET_WATCHING);
}

/* Other experiments go on meanwhile. */
static void watch(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	bool is_reset =
		state->reset_ttl[LINE_WALK] || state->reset_ttl[LINE_AGAIN];

	tx_queue->is_listening = !is_reset && !reset_is_late(state->shown_ns,
						      context, RESET_LATE_MS);
	if (tx_queue->is_listening)
		return;
	state->is_sending = !is_reset && context->trigger->is_sent;
	if (is_reset)
		reset_enter(state, RESET_ASKING);
	else if (state->is_sending)
		reset_open_two(state, context, tx_queue);
	else
		reset_enter(state, RESET_CLOSING);
}

/* As real data: the server's application gets it, and may end the connection.
 */
static void send_whole(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	const struct reset_trigger *trigger = context->trigger;

	for (unsigned i = 0; state->step == 0 && i < TWO_LINES; i++)
		(void)connection_send_whole( /* not open: not sent */
			state->lines[two_lines[i]], trigger->bytes,
			trigger->count, tx_queue);
	if (state->step++ == SENT_STEPS)
		reset_enter(state, RESET_CLOSING);
}

static void close_all(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	static const enum reset_line controls[] = {
		LINE_CONTROL, LINE_CONTROL_TOO};

	if (state->step++ < CONTROL_TRIES) {
		for (unsigned i = 0; i < 2; i++)
			if (reset_is_open(state, controls[i]))
				reset_send(state, context, controls[i],
					RESET_CONTROL, HOP_LIMIT_WHOLE_WAY,
					tx_queue);
		return;
	}
	for (unsigned i = 0; i < context->own_count; i++)
		connection_close(&context->own[i], tx_queue);
	reset_enter(state, RESET_ENDED);
}

static void mark(struct reset_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (state->step == MARK_ROUNDS) {
		reset_enter(state, RESET_ENDED);
		return;
	}
	if (context->connection->state == CONNECTION_SILENT)
		reset_stray(context, state->step, tx_queue);
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
		open_lines(state, context, first_lines, FIRST_LINES, tx_queue);
		break;
	case RESET_WALKING:
		walk(state, context, tx_queue);
		break;
	case RESET_SHOWING:
		show(state, context, tx_queue);
		break;
	case RESET_WATCHING:
		watch(state, context, tx_queue);
		break;
	case RESET_ASKING:
		reset_ask(state, context, tx_queue);
		break;
	case RESET_OPENING_TWO:
		open_lines(state, context, two_lines, TWO_LINES, tx_queue);
		break;
	case RESET_LEVELLING:
		reset_level(state, context, tx_queue);
		break;
	case RESET_SENDING:
		send_whole(state, context, tx_queue);
		break;
	case RESET_REPEATING:
		reset_repeat(state, context, tx_queue);
		break;
	case RESET_CLOSING:
		close_all(state, context, tx_queue);
		break;
	case RESET_ENDED:
		break;
	}
}

/* Has it the number that the connection expects, or the one that the trigger
 * acknowledged? A device takes no note of what the server said meanwhile. */
static bool has_its_number(const struct reset_state *state, unsigned line,
	const struct event *event)
{
	return event->connection->state == CONNECTION_LOST ||
	       (state->used[line][RESET_TRIGGER] &&
		       event->packet->sequence == state->acknowledged[line]);
}

/* The first reset of a line. */
static bool note_reset(struct reset_state *state,
	const struct probe_context *context, const struct event *event)
{
	for (unsigned line = 0; line < LINE_COUNT; line++) {
		if (!event->connection ||
			event->connection != state->lines[line] ||
			state->reset_ttl[line] ||
			!has_its_number(state, line, event))
			continue;
		state->reset_ttl[line] = event->packet->ttl;
		state->reset_ns = context->now_ns;
		if (state->phase == RESET_LEVELLING)
			state->delay_ms =
				(unsigned)((context->now_ns - state->shown_ns) /
					   1000000);
		return true;
	}
	return false;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct reset_state *state = memory;
	enum reset_phase phase;

	if (event->packet && event->packet->kind == PACKET_TCP &&
		event->packet->tcp_flags & TCP_RST &&
		note_reset(state, context, event)) {
		tx_queue->timer_ms = 1; /* the phase may be over */
		return true;
	}
	if (event->kind != EVENT_TIMER)
		return true;
	if (reset_is_late(state->started_ns, context, CUT_MS) &&
		state->phase < RESET_CLOSING)
		reset_enter(state, RESET_CLOSING);
	/* A phase that is over is not waited for. */
	do {
		phase = state->phase;
		advance(state, context, tx_queue);
	} while (state->phase > phase && tx_queue->count == 0);
	tx_queue->timer_ms =
		state->phase == RESET_REPEATING
			? reset_awaited_ms(state, context) + AGAIN_MS
			: reset_pace_ms(context);
	tx_queue->waits_for = "resets";
	return state->phase != RESET_ENDED;
}

const struct experiment experiment_reset = {
	.id = EXPERIMENT_RESET,
	.state_bytes = sizeof(struct reset_state),
	.most_packets = MOST_PACKETS,
	.usual_later = 20,
	.connections = LINE_COUNT,
	.is_sharing = true,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
