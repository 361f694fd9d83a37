/* Does a TLS server take a client's first message, and if not, why? A
 * ClientHello as clients send it, in small segments; what answers it decides
 * what is asked next. A server that takes it is asked the same in the largest
 * segments, which shows what the path does to these, and where it speaks TLS
 * 1.3 once for TLS 1.2, whose certificates can be read. One that does not is
 * asked with all versions and suites that it may want, and without the name.
 * No key exchange is completed, and each connection is closed before the next
 * is opened.
 *
 * Where nothing else is measured, the run's own connection is closed before:
 * some servers attend to one at a time. */
#include "probe/experiments/registry.h"

#include "capture/numbers.h"
#include "probe/experiments/large_lost.h"
#include "probe/experiments/tls_line.h"

enum {
	MOST_PACKETS = 400,
	LOOK_MS = 50,
	CONNECTIONS = 3,
	CLOSING_S = 3, /* a connection may take to close */
	/* about as many packets as nginx and openssl's server make it send */
	USUAL_LATER = 25,
};

enum tls_step { STEP_FREE, STEP_TALK, STEP_CLOSING, STEP_OVER };

struct tls_state {
	enum tls_step step;
	int64_t since_ns; /* when the step began */
	unsigned used;	  /* of the experiment's connections */
	struct tls_line talk;
};

static void open_talk(struct tls_state *state, enum tls_purpose purpose,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->used >= context->own_count) {
		state->step = STEP_OVER;
		return;
	}
	state->step = STEP_TALK;
	state->since_ns = context->now_ns;
	tls_line_open(&state->talk, &context->own[state->used++], purpose,
		context, tx_queue);
}

static bool has_waited(
	const struct tls_state *state, const struct probe_context *context)
{
	return context->now_ns - state->since_ns >=
	       CLOSING_S * INT64_C(1000000000);
}

/* A server of TLS never speaks first: what the run's own connection heard is
 * another protocol, and it is not asked. (What may be TLS is an alert, since
 * that connection was closed.) */
static bool has_greeting(const struct probe_context *context)
{
	return context->connection->has_greeting &&
	       !tls_may_begin(context->connection->greeting[0]);
}

static bool is_run_free(const struct probe_context *context)
{
	return !context->is_alone ||
	       (context->connection->state != CONNECTION_OPEN &&
		       context->connection->state != CONNECTION_CLOSING);
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct tls_state *state = memory;
	enum connection_state run = context->connection->state;

	if (!context->tls || context->own_count == 0 ||
		run == CONNECTION_REFUSED || run == CONNECTION_SILENT ||
		has_greeting(context))
		return false;
	state->since_ns = context->now_ns;
	if (is_run_free(context))
		open_talk(state, TLS_PHASES, context, tx_queue);
	tx_queue->timer_ms = LOOK_MS;
	return true;
}

/* What is asked after a server that took the first message. */
static enum tls_purpose after_answer(const struct tls_line *talk)
{
	if (talk->purpose == TLS_PHASES)
		return TLS_LARGE;
	return talk->purpose == TLS_LARGE && talk->version == TLS_1_3
		       ? TLS_OLD
		       : TLS_PURPOSE_COUNT;
}

/* Where the alert says that it is the name, other suites tell nothing. */
static enum tls_purpose after_refusal(
	const struct tls_line *talk, const struct probe_context *context)
{
	enum tls_purpose nameless =
		context->tls->name[0] ? TLS_NAMELESS : TLS_PURPOSE_COUNT;
	bool is_name = talk->stage == TLS_ALERTED &&
		       talk->alert == TLS_ALERT_UNRECOGNIZED_NAME;

	if (talk->purpose == TLS_PHASES)
		return is_name || talk->stage == TLS_STALLED ? nameless
							     : TLS_WIDE;
	return talk->purpose == TLS_WIDE ? nameless : TLS_PURPOSE_COUNT;
}

static enum tls_purpose next_of(
	const struct tls_line *talk, const struct probe_context *context)
{
	switch (talk->stage) {
	case TLS_ANSWERED:
		return after_answer(talk);
	case TLS_ALERTED:
	case TLS_ENDED:
	case TLS_STALLED:
		/* After an answer to the first, it is known what fails. */
		return after_refusal(talk, context);
	case TLS_UNUSED:
	case TLS_OPENING:
	case TLS_ASKED:
	case TLS_FOREIGN:
	case TLS_SILENT:
		break;
	}
	return TLS_PURPOSE_COUNT;
}

/* The next connection waits until the last is closed. */
static void advance(struct tls_state *state,
	const struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct tls_line *talk = &state->talk;
	enum tls_purpose next = next_of(talk, context);

	if ((talk->connection->state == CONNECTION_CLOSING ||
		    talk->connection->state == CONNECTION_OPENING) &&
		!has_waited(state, context))
		return;
	if (next == TLS_PURPOSE_COUNT)
		state->step = STEP_OVER;
	else
		open_talk(state, next, context, tx_queue);
}

static void talk_step(struct tls_state *state, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct tls_line *talk = &state->talk;

	if (event->packet && event->connection == talk->connection)
		tls_line_hear(talk, event);
	if (large_lost(talk->connection, event))
		tls_line_retreat(talk, tx_queue);
	tls_line_act(talk, context, tx_queue);
	tx_queue->waits_for =
		talk->stage == TLS_ASKED ? "the server's answer" : NULL;
	if (!tls_line_is_over(talk))
		return;
	connection_close(talk->connection, tx_queue);
	state->step = STEP_CLOSING;
	state->since_ns = context->now_ns;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct tls_state *state = memory;

	switch (state->step) {
	case STEP_FREE:
		if (has_greeting(context))
			state->step = STEP_OVER;
		else if (is_run_free(context) || has_waited(state, context))
			open_talk(state, TLS_PHASES, context, tx_queue);
		break;
	case STEP_TALK:
		talk_step(state, context, event, tx_queue);
		break;
	case STEP_CLOSING:
		advance(state, context, tx_queue);
		break;
	case STEP_OVER:
		break;
	}
	if (state->step == STEP_OVER)
		return false;
	tx_queue->timer_ms = LOOK_MS;
	return true;
}

const struct experiment experiment_tls = {
	.id = EXPERIMENT_TLS,
	.state_bytes = sizeof(struct tls_state),
	.most_packets = MOST_PACKETS,
	.usual_later = USUAL_LATER,
	.connections = CONNECTIONS,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.leaves_run = true,
	.start = start,
	.step = step,
};
