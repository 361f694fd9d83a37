/* For how long may a connection be idle, and which device on the path forgets
 * it then?
 *
 * Connections are left idle side by side, each for a time of its own, and then
 * asked by a keepalive whether they live (probe/protocol/idle_rules.h): the
 * answer takes about one time-out and not the sum of all that are tried. Others
 * get keepalives whose hop limit ends at a hop each: a device up to that hop
 * sees traffic and keeps them, a device behind it does not. When the first idle
 * one falls silent they are asked as well: those that die were refreshed
 * in front of the device only. The run's own connection is kept alive the
 * whole way: what ends it too is no idle time-out.
 *
 * A connection that survives goes on with a longer time, so that few are idle
 * for longer than the time-out when it is found: these can't be closed any
 * more, and stay with the server until it gives them up. */
#include "probe/engine/probe_build.h"
#include "probe/experiments/idle_state.h"
#include "probe/experiments/registry.h"

#include <stdio.h>
#include <string.h>

enum {
	MOST_PACKETS = 4000,
	SPAN_LINES = 56,
	HOP_LINES = 12,
	FIRST_MS = 100,
	EARLY_TRIES = 2, /* unanswered questions until others are asked */
	LOOK_MS = 1000,
	BESIDE_MS = 150,
	MANY_LINES = 24,
	FEW_LINES = 4, /* then one of them tells about a hop */
	SSH = 22,
};
/* By what a surviving connection's idle time is multiplied. The first death is
 * seen after factor / (factor - 1) of the time-out, and up to a step of the
 * grid later: these make the two together least, about 1.11 and 1.68. */
static const double factor_of_many = 20, factor_of_few = 4;

static bool is_ssh(const struct probe_context *context)
{
	const struct connection *connection = context->connection;

	return connection->has_greeting
		       ? memcmp(connection->greeting, "SSH-", 4) == 0
		       : context->port == SSH;
}

static void plan(struct idle_state *state, const struct probe_context *context,
	unsigned hops)
{
	int64_t most_s = context->idle.max_s;
	unsigned lines = state->at_once - hops;

	if (state->is_ssh && most_s > IDLE_SSH_MOST_S)
		most_s = IDLE_SSH_MOST_S;
	if (lines > SPAN_LINES)
		lines = SPAN_LINES;
	state->grid = (struct idle_grid){
		.first_ns = FIRST_MS * INT64_C(1000000),
		.most_ns = most_s * 1000000000,
		.factor = lines >= MANY_LINES ? factor_of_many : factor_of_few,
		.lines = lines,
	};
}

static bool are_many(const struct idle_state *state)
{
	return state->at_once > MANY_LINES + HOP_LINES;
}

/* Those that are refreshed up to each hop, or one to a hop in the middle where
 * few may be open. */
static unsigned count_hops(
	const struct idle_state *state, const struct probe_context *context)
{
	unsigned distance = context->results.route->distance;

	if (distance <= 1 || state->at_once < FEW_LINES)
		return 0;
	if (!are_many(state))
		return 1;
	return distance - 1 < HOP_LINES ? distance - 1 : HOP_LINES;
}

/* Two for each hop, if there is room: a NAT may give one that it has forgotten
 * its own port again, by chance. And where there are many one that is not
 * refreshed at all, a second witness of the first death, for which it was idle
 * for longer. */
static unsigned count_hop_lines(const struct idle_state *state, unsigned hops)
{
	unsigned each = are_many(state) && 2 * hops <= HOP_LINES ? 2 : 1;

	return each * hops + (are_many(state) && hops > 0);
}

static void open_hops(struct idle_state *state,
	const struct probe_context *context, unsigned hops, unsigned count,
	struct tx_queue *tx_queue)
{
	unsigned distance = context->results.route->distance;

	for (unsigned i = 0; i < count; i++) {
		struct idle_line *line =
			idle_state_open(state, context, tx_queue);

		if (!line)
			return;
		line->duty = IDLE_HOP;
		line->hop_limit =
			i < count - are_many(state)
				? idle_plan_hop(0, distance, i % hops, hops)
				: 0;
	}
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct idle_state *state = memory;
	unsigned hops, hop_lines;
	unsigned most = context->own_count < IDLE_LINES ? context->own_count
							: IDLE_LINES;

	state->reserved = context->idle.is_verified;
	if (context->connection->state != CONNECTION_OPEN ||
		most <= state->reserved)
		return false;
	state->is_ssh = is_ssh(context);
	/* The run's own connection is one of them. */
	state->at_once = state->is_ssh && most > IDLE_SSH_CONNECTIONS - 1
				 ? IDLE_SSH_CONNECTIONS - 1
				 : most;
	state->at_once -= state->reserved;
	state->started_ns = context->now_ns;
	state->hop_lived = context->results.route->distance;
	hops = count_hops(state, context);
	hop_lines = count_hop_lines(state, hops);
	plan(state, context, hop_lines);
	open_hops(state, context, hops, hop_lines, tx_queue);
	for (unsigned i = 0; i < state->grid.lines; i++) {
		struct idle_line *line;

		if (idle_grid_is_past(&state->grid, i))
			break;
		line = idle_state_open(state, context, tx_queue);
		if (!line)
			break;
		line->duty = IDLE_SPAN;
		line->place = i;
		line->span_ns = idle_grid_span_ns(&state->grid, i);
	}
	tx_queue->wait_ms = tx_queue->timer_ms = LOOK_MS;
	return true;
}

/* It survived: a longer time is next. */
static void walk_on(struct idle_state *state, struct idle_line *line,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	/* It may have been asked before its time, in a survey. */
	bool is_early = line->idled_ns < line->span_ns;
	unsigned place = line->place + (is_early ? 0 : state->grid.lines);
	int64_t span_ns = idle_grid_span_ns(&state->grid, place);

	idle_state_take(state, line);
	if (idle_grid_is_past(&state->grid, place)) {
		idle_line_close(line, tx_queue);
		return;
	}
	if (state->is_ssh && context->now_ns - line->opened_ns + span_ns >
				     IDLE_SSH_MOST_S * INT64_C(1000000000)) {
		idle_line_close(line, tx_queue);
		state->at_once++; /* for the one that is closing */
		line = idle_state_open(state, context, tx_queue);
		state->at_once--;
	}
	if (!line)
		return;
	line->duty = IDLE_SPAN;
	line->place = place;
	line->span_ns = span_ns;
}

/* All are asked: those that rested about as long as the silent one are
 * witnesses, and first, so that no queue makes their idle times longer; the
 * others are not to be lost as well meanwhile. */
static void begin_survey(struct idle_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < 2 * state->opened; i++) {
		struct idle_line *line = &state->lines[i % state->opened];
		bool is_witness =
			context->now_ns - line->since_ns > state->survived_ns;

		if (line->duty != IDLE_NO_DUTY && idle_line_is_resting(line) &&
			(is_witness || i >= state->opened))
			idle_line_ask(line, context, tx_queue);
	}
	state->kept_ns = 0;
	state->phase = IDLE_SURVEY;
}

/* sshd would close it soon. */
static bool is_too_old(const struct idle_state *state,
	const struct idle_line *line, const struct probe_context *context)
{
	return state->is_ssh && idle_line_is_resting(line) &&
	       context->now_ns - line->opened_ns >
		       IDLE_SSH_MOST_S * INT64_C(1000000000);
}

static void search(struct idle_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	bool is_suspect = false, is_more = false;

	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];
		int64_t due_ns = idle_round_due_ns(state, line);

		if (line->duty == IDLE_HOP && is_too_old(state, line, context))
			idle_line_close(line, tx_queue);
		else if (line->duty == IDLE_HOP && due_ns <= context->now_ns)
			idle_line_refresh(line, context, tx_queue);
		if (line->duty != IDLE_SPAN)
			continue;
		if (line->stage == IDLE_ALIVE)
			walk_on(state, line, context, tx_queue);
		else if (due_ns <= context->now_ns)
			idle_line_ask(line, context, tx_queue);
		is_suspect = is_suspect || line->stage == IDLE_DEAD ||
			     (line->stage == IDLE_ASKED &&
				     line->tries > EARLY_TRIES);
	}
	for (unsigned i = 0; i < state->opened; i++)
		is_more = is_more ||
			  (state->lines[i].duty == IDLE_SPAN &&
				  (idle_line_is_pending(&state->lines[i]) ||
					  idle_line_is_resting(
						  &state->lines[i])));
	if (is_suspect)
		begin_survey(state, context, tx_queue);
	else if (!is_more)
		idle_round_close(state, context, tx_queue);
}

/* All that were asked have answered or not. Those that died after less than
 * others survived were unlucky. */
static void end_survey(struct idle_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (line->duty == IDLE_SPAN && line->stage == IDLE_DEAD &&
			line->idled_ns <= state->survived_ns)
			line->duty = IDLE_NO_DUTY;
		if (line->duty == IDLE_SPAN && line->stage == IDLE_DEAD)
			idle_state_take(state, line);
	}
	if (state->died_ns == 0) {
		state->phase = IDLE_SEARCH;
		return;
	}
	for (unsigned i = 0; i < state->opened; i++)
		if (state->lines[i].stage == IDLE_ALIVE ||
			state->lines[i].duty == IDLE_HOP)
			idle_state_take(state, &state->lines[i]);
	/* Nothing lives: the path or the server failed. */
	if (connection_is_gone(context->connection) &&
		state->hop_lived == context->results.route->distance)
		idle_round_close(state, context, tx_queue);
	else
		idle_round_decide(state, context, tx_queue);
}

/* While another is silent the run's own is asked beside it: whether path and
 * server live has to be known for that very time. */
static int64_t keep_interval_ns(const struct idle_state *state)
{
	for (unsigned i = 0; i < state->opened; i++)
		if (state->lines[i].stage == IDLE_ASKED &&
			state->lines[i].tries > 1)
			return BESIDE_MS * INT64_C(1000000);
	return idle_state_interval_ns(state);
}

/* The run's own connection lives as long as path and server do. */
static void keep(struct idle_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe;

	if (context->now_ns < state->kept_ns + keep_interval_ns(state))
		return;
	state->kept_ns = context->now_ns;
	if (!connection_is_measuring(context->connection))
		return;
	probe = probe_build(context, METHOD_TCP, LOSS_SMALL_BYTES,
		HOP_LIMIT_WHOLE_WAY, tx_queue);
	if (probe)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"idle: kept alive");
}

static int64_t next_due_ns(const struct idle_state *state)
{
	int64_t next_ns = state->kept_ns + keep_interval_ns(state);

	if (state->phase == IDLE_CLOSING && !idle_state_is_pending(state))
		return 0; /* it ends */
	for (unsigned i = 0; i < state->opened; i++) {
		const struct idle_line *line = &state->lines[i];
		int64_t due_ns = idle_line_is_pending(line)
					 ? line->due_ns
					 : idle_round_due_ns(state, line);

		if (due_ns < next_ns)
			next_ns = due_ns;
	}
	return next_ns;
}

/* For the progress line. */
static void tell(struct idle_state *state, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	double survived_s = (double)state->survived_ns / 1e9;
	double elapsed_s = (double)(context->now_ns - state->started_ns) / 1e9;
	double most_s = (double)state->grid.most_ns / 1e9 * state->grid.factor /
			(state->grid.factor - 1);

	if (state->died_ns)
		(void)snprintf(state->says, sizeof(state->says),
			"idle time: %.1f s are survived, %.1f s are not, "
			"round %u",
			survived_s, (double)state->died_ns / 1e9,
			state->rounds + 1);
	else
		(void)snprintf(state->says, sizeof(state->says),
			"idle time: %.1f s are survived, at most %.0f s left",
			survived_s,
			most_s > elapsed_s ? most_s - elapsed_s : 0);
	tx_queue->waits_for = state->says;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct idle_state *state = memory;

	for (unsigned i = 0; i < state->opened; i++) {
		struct idle_line *line = &state->lines[i];

		if (event->packet && event->connection == line->connection)
			idle_line_hear(line, event, context, tx_queue);
		idle_line_act(line, context, tx_queue);
	}
	switch (state->phase) {
	case IDLE_SEARCH:
		search(state, context, tx_queue);
		break;
	case IDLE_SURVEY:
		if (!idle_state_is_pending(state))
			end_survey(state, context, tx_queue);
		break;
	case IDLE_WAKING:
	case IDLE_ROUND:
	case IDLE_PROVING:
	case IDLE_CLOSING:
		idle_round_go_on(state, context, tx_queue);
		break;
	case IDLE_ENDED:
		break;
	}
	if (state->phase == IDLE_ENDED)
		return false;
	keep(state, context, tx_queue);
	int64_t left_ms =
		(next_due_ns(state) - context->now_ns + 999999) / 1000000;

	tx_queue->timer_ms = left_ms < 1	 ? 1
			     : left_ms > LOOK_MS ? LOOK_MS
						 : (unsigned)left_ms;
	tell(state, context, tx_queue);
	return true;
}

const struct experiment experiment_idle = {
	.id = EXPERIMENT_IDLE,
	.state_bytes = sizeof(struct idle_state),
	.most_packets = MOST_PACKETS,
	.usual_later = 90,
	.connections = IDLE_LINES,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
