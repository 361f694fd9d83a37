/* At which phase does an SSH server fail, and why? A client's first messages up
 * to the key exchange, whose reply is the last; then the connection is closed.
 *
 * The first connection takes small segments only, in both directions: its
 * phases are the server's, whatever the path does to large packets. The second
 * one says and asks for the same in the largest segments: where it stalls and
 * the first did not, the path loses large packets in the key exchange. Packets
 * with the DSCP that clients set in mid-connection follow, on the run's own
 * connection. Last, connections are opened one after another and held, until
 * the server refuses one, or so many are open as is polite; those that other
 * experiments have left open count. */
#include "probe/engine/probe_build.h"
#include "probe/experiments/large_lost.h"
#include "probe/experiments/registry.h"
#include "probe/experiments/ssh_line.h"

#include <stdio.h>
#include <string.h>

enum {
	MOST_PACKETS = 1200,
	LOOK_MS = 50,
	SSH = 22,
	GREETING_MS = 2000,  /* for a greeting that is SSH's, elsewhere */
	STARTUPS_MS = 15000, /* for all of them */
};

enum ssh_step {
	STEP_GREETING, /* is it SSH at all? On other ports than its own. */
	STEP_PHASES,
	STEP_LARGE,
	STEP_MARKS,
	STEP_STARTUPS,
	STEP_GRACE,
	STEP_OVER,
};

struct ssh_state {
	enum ssh_step step;
	int64_t since_ns; /* when the step began */
	unsigned used;	  /* of the experiment's connections */
	bool is_slow;	  /* the server's identification took long */
	bool is_dropbear;
	struct ssh_line talk;	 /* the one that is said something, at a time */
	struct connection *held; /* one of several at once; NULL: none */
};

static bool has_ssh_greeting(const struct probe_context *context)
{
	const struct connection *connection = context->connection;

	return connection->has_greeting &&
	       memcmp(connection->greeting, "SSH-", CONNECTION_GREETING) == 0;
}

static void go_to(struct ssh_state *state, enum ssh_step step,
	const struct probe_context *context)
{
	state->step = step;
	state->since_ns = context->now_ns;
}

static bool open_talk(struct ssh_state *state, enum ssh_purpose purpose,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->used >= context->own_count ||
		probe_context_may_hold(context, 1, 0) == 0)
		return false;
	memset(state->talk.heard, 0, sizeof(state->talk.heard));
	ssh_line_open(&state->talk, &context->own[state->used++], purpose,
		context, tx_queue);
	return true;
}

static void close_all(
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	for (unsigned i = 0; i < context->own_count; i++)
		connection_close(&context->own[i], tx_queue);
}

static void begin_talk(struct ssh_state *state, enum ssh_step step,
	enum ssh_purpose purpose, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	go_to(state,
		open_talk(state, purpose, context, tx_queue) ? step : STEP_OVER,
		context);
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct ssh_state *state = memory;

	if (context->connection->state != CONNECTION_OPEN || !context->ssh ||
		context->own_count == 0)
		return false;
	if (context->port == SSH || has_ssh_greeting(context))
		begin_talk(state, STEP_PHASES, SSH_PHASES, context, tx_queue);
	else
		go_to(state, STEP_GREETING, context);
	tx_queue->timer_ms = LOOK_MS;
	return true;
}

static void greet(struct ssh_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	if (has_ssh_greeting(context))
		begin_talk(state, STEP_PHASES, SSH_PHASES, context, tx_queue);
	else if (context->connection->has_greeting ||
		 connection_is_gone(context->connection) ||
		 context->now_ns - state->since_ns >
			 GREETING_MS * INT64_C(1000000))
		go_to(state, STEP_OVER, context);
}

/* Old data of the run's own connection, with each mark and without. */
static void send_marks(struct probe_context *context, struct tx_queue *tx_queue)
{
	for (int i = 0; i < SSH_MARKED_TIMES * (SSH_MARKS + 1); i++) {
		int mark = i % (SSH_MARKS + 1);
		struct probe_packet *probe = probe_build(context, METHOD_TCP,
			LOSS_SMALL_BYTES, HOP_LIMIT_WHOLE_WAY, tx_queue);

		if (!probe)
			return;
		probe->tos = mark < SSH_MARKS ? ssh_marks[mark] : 0;
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"ssh: DSCP %d", probe->tos >> 2);
	}
}

static const char dropbear[] = "SSH-2.0-dropbear";

static bool is_open(const struct connection *connection)
{
	return connection->state == CONNECTION_OPEN &&
	       !connection->has_peer_closed;
}

static unsigned open_count(
	const struct connection *connections, unsigned count)
{
	unsigned open = 0;

	for (unsigned i = 0; i < count; i++)
		open += is_open(&connections[i]);
	return open;
}

/* Where other experiments have left connections open, few may be opened here:
 * what is open counts among those at once. */
static void end_talk(struct ssh_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	state->is_slow = state->is_slow ||
			 state->talk.banner_ns > SSH_SLOW_MS * INT64_C(1000000);
	state->is_dropbear =
		state->is_dropbear ||
		memcmp(state->talk.heard, dropbear, sizeof(dropbear) - 1) == 0;
	if (open_count(context->shared, context->shared_count) == 0)
		connection_close(state->talk.connection, tx_queue);
}

/* More only where the user wants more. */
static unsigned most_at_once(
	const struct ssh_state *state, const struct probe_context *context)
{
	unsigned most = context->ssh->at_once;

	return state->is_dropbear && most <= SSH_USUAL_AT_ONCE &&
			       most > SSH_DROPBEAR_AT_ONCE
		       ? SSH_DROPBEAR_AT_ONCE
		       : most;
}

/* What the first connection has come to decides whether there is more to ask. A
 * server that refuses is asked once more where it said nothing of the cause; a
 * server that is silent is not. */
static void after_phases(struct ssh_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct ssh_line *talk = &state->talk;
	bool has_said = connection_received_bytes(talk->connection) > 1;

	end_talk(state, context, tx_queue);
	if (talk->stage == SSH_DONE ||
		(talk->stage == SSH_REFUSED && talk->reached == SSH_BANNER &&
			!has_said))
		begin_talk(state, STEP_LARGE, SSH_LARGE, context, tx_queue);
	else
		go_to(state, STEP_OVER, context);
}

static void after_large(struct ssh_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	bool has_banner = state->talk.banner_ns > 0;

	end_talk(state, context, tx_queue);
	if (!has_banner) {
		go_to(state, STEP_OVER, context);
		return;
	}
	go_to(state, STEP_MARKS, context);
	if (connection_is_measuring(context->connection))
		send_marks(context, tx_queue);
}

static unsigned at_once(
	const struct ssh_state *state, const struct probe_context *context)
{
	return open_count(context->connection, 1) +
	       open_count(context->shared, context->shared_count) +
	       open_count(context->own, state->used);
}

/* The next of several: at most as many as are to be open, the run's own among
 * them. */
static void startups(struct ssh_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct ssh_line *talk = &state->talk;
	bool is_first = state->held == NULL;
	bool is_over = context->now_ns - state->since_ns >
		       STARTUPS_MS * INT64_C(1000000);

	if (!is_first && !ssh_line_is_over(talk))
		return;
	if (!is_first && talk->stage != SSH_DONE)
		is_over = true; /* refused: no more are opened */
	if (is_over || state->is_slow ||
		at_once(state, context) >= most_at_once(state, context) ||
		!open_talk(state, SSH_STARTUPS, context, tx_queue)) {
		go_to(state, STEP_GRACE, context);
		return;
	}
	if (is_first)
		state->held = talk->connection;
}

/* One is left alone until the server closes it, where that was asked. */
static void grace(struct ssh_state *state, const struct probe_context *context,
	struct tx_queue *tx_queue)
{
	/* Where others have left as many open as are polite, none was held. */
	const struct connection *held =
		state->held ? state->held : context->connection;
	bool is_over = !context->ssh->is_grace_awaited ||
		       held->has_peer_closed || connection_is_gone(held) ||
		       context->now_ns - state->since_ns >
			       SSH_GRACE_WAIT_S * INT64_C(1000000000);

	for (unsigned i = 0; i < state->used; i++)
		if (&context->own[i] != state->held)
			connection_close(&context->own[i], tx_queue);
	if (is_over)
		go_to(state, STEP_OVER, context);
	else
		tx_queue->waits_for = "the server's LoginGraceTime";
}

static void talk_step(struct ssh_state *state, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct ssh_line *talk = &state->talk;

	if (talk->stage == SSH_UNUSED)
		return;
	if (event->packet && event->connection == talk->connection)
		ssh_line_hear(talk, event);
	if (large_lost(talk->connection, event))
		ssh_line_retreat(talk, tx_queue);
	ssh_line_act(talk, context, tx_queue);
	if (talk->stage == SSH_BANNER)
		tx_queue->waits_for = "the server's banner";
	else
		tx_queue->waits_for = NULL;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct ssh_state *state = memory;

	talk_step(state, context, event, tx_queue);
	switch (state->step) {
	case STEP_GREETING:
		greet(state, context, tx_queue);
		break;
	case STEP_PHASES:
		if (ssh_line_is_over(&state->talk))
			after_phases(state, context, tx_queue);
		break;
	case STEP_LARGE:
		if (ssh_line_is_over(&state->talk))
			after_large(state, context, tx_queue);
		break;
	case STEP_MARKS:
		if (event->kind == EVENT_TIMEOUT ||
			!connection_is_measuring(context->connection))
			go_to(state, STEP_STARTUPS, context);
		break;
	case STEP_STARTUPS:
		startups(state, context, tx_queue);
		break;
	case STEP_GRACE:
		grace(state, context, tx_queue);
		break;
	case STEP_OVER:
		break;
	}
	if (state->step == STEP_OVER) {
		close_all(context, tx_queue);
		return false;
	}
	tx_queue->timer_ms = LOOK_MS;
	return true;
}

const struct experiment experiment_ssh = {
	.id = EXPERIMENT_SSH,
	.state_bytes = sizeof(struct ssh_state),
	.most_packets = MOST_PACKETS,
	.usual_later = 54,
	.usual_each = 7,
	.connections = SSH_MOST_AT_ONCE - 1 + SSH_TALKS,
	.needs = 1u << RESULT_CONNECTION,
	.is_sharing = true,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
