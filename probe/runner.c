#include "probe/runner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "capture/live.h"
#include "probe/craft.h"
#include "probe/guard.h"
#include "probe/ours.h"
#include "probe/pace.h"
#include "probe/patience.h"

enum {
	SNAP_BYTES = 16384,
	BUFFER_KIB = 8192,
	CONNECTION_TAG = RUNNER_EXPERIMENTS, /* of the connection's packets */
	CONNECTION_PACKETS = 1000,
	PROGRESS_NS = 100000000,
	CLOSING_NS = 2000000000,
	MOST_SECONDS = 120, /* of waiting, beside the time that sending takes */
};

struct running {
	const struct experiment *experiment;
	void *state;
	struct outbox outbox;
	bool is_started, is_over;
	unsigned sent;
	int64_t since_ns; /* of the last packet sent, or silence */
};

struct runner {
	struct runner_options options;
	struct craft *craft;
	struct live *live;
	struct guard guard, spare;
	struct ours ours;
	struct batch *batch;
	struct connection connection;
	struct situation situation;
	struct patience patience;
	struct pace pace;
	struct outbox outbox; /* the connection's */
	int64_t connection_since_ns;
	unsigned connection_sent;
	struct running running[RUNNER_EXPERIMENTS];
	bool is_started;
	unsigned turn; /* whose question is next */
	bool was_connection; /* the last one sent */
	int64_t deadline_ns; /* then it ends, whatever floods in */
	unsigned sent;
	uint16_t ip_id;
	uint64_t recorded;
	int64_t progress_ns;
	struct answer_table table;
	bool has_answer[ASKED_MAX];
	char comments[ASKED_MAX][QUESTION_COMMENT];
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* these clocks always exist */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool open_live(struct runner *runner, struct failure *failure)
{
	struct live_options options = {
		.interface = runner->options.route->interface,
		.filter = runner->options.family == 4 ? "ip" : "ip6",
		.snap_bytes = SNAP_BYTES,
		.buffer_kib = BUFFER_KIB,
		.is_immediate = true,
	};

	runner->live = live_open(&options, failure);
	return runner->live != NULL;
}

static void set_up(struct runner *runner)
{
	const struct runner_options *options = &runner->options;
	uint32_t random[2] = {0x43554c50, 0x52495421};

	/* Without randomness the numbers are guessable, not wrong. */
	if (getrandom(random, sizeof(random), 0) < 0)
		random[0] ^= (uint32_t)now_ns(CLOCK_REALTIME);
	runner->ip_id = (uint16_t)random[1];
	runner->table.family = options->family;
	runner->table.own = options->route->own;
	runner->table.target = options->target;
	runner->ours = (struct ours){&runner->table,
		{runner->guard.port, runner->spare.port}, options->port};
	runner->connection = (struct connection){
		.own_port = runner->guard.port,
		.target_port = options->port,
		.first_sequence = random[0],
		.offered_mss = (uint16_t)(options->route->interface_mtu -
			(options->family == 4 ? 40 : 60)),
	};
	runner->situation = (struct situation){
		.connection = &runner->connection,
		.family = options->family,
		.port = options->port,
		.own_port = runner->guard.port,
		.spare_port = runner->spare.port,
		.interface_mtu = options->route->interface_mtu,
		.max_ttl = options->max_ttl,
		.echo_sequence = 1,
	};
}

static bool prepare(struct runner *runner, struct failure *failure)
{
	const struct runner_options *options = &runner->options;

	runner->batch = batch_new(BATCH_USUAL_BYTES);
	if (!runner->batch)
		return failure_set(
			failure, EXIT_NO_TARGET, "no memory for packets");
	for (unsigned i = 0; i < options->experiment_count; i++) {
		runner->running[i].experiment = options->experiments[i];
		runner->running[i].state =
			calloc(1, options->experiments[i]->state_bytes);
		if (!runner->running[i].state)
			return failure_set(failure, EXIT_NO_TARGET,
				"no memory for experiment %s",
				options->experiments[i]->name);
	}
	runner->craft = craft_open(options->family, &options->route->own,
		&options->target, options->route->interface, failure);
	if (!runner->craft)
		return false;
	if (!guard_open(&runner->guard, options->family, &options->route->own,
		    failure) ||
		!guard_open(&runner->spare, options->family,
			&options->route->own, failure))
		return false;
	if (!open_live(runner, failure))
		return false;
	set_up(runner);
	return true;
}

struct runner *runner_open(
	const struct runner_options *options, struct failure *failure)
{
	struct runner *runner = calloc(1, sizeof(*runner));

	if (!runner) {
		(void)failure_set(
			failure, EXIT_NO_TARGET, "no memory for a probe");
		return NULL;
	}
	runner->options = *options;
	runner->guard = runner->spare = (struct guard){-1, -1, 0};
	if (!prepare(runner, failure)) {
		runner_close(runner);
		return NULL;
	}
	return runner;
}

uint16_t runner_port(const struct runner *runner)
{
	return runner->guard.port;
}

void runner_close(struct runner *runner)
{
	if (!runner)
		return;
	for (unsigned i = 0; i < RUNNER_EXPERIMENTS; i++)
		free(runner->running[i].state);
	craft_close(runner->craft);
	if (runner->live)
		live_close(runner->live);
	guard_close(&runner->guard);
	guard_close(&runner->spare);
	batch_free(runner->batch);
	free(runner);
}

static bool send_question(struct runner *runner, const struct question *asks,
	unsigned tag, struct failure *failure)
{
	struct question question = *asks;

	if (question.kind != QUESTION_FRAGMENT) {
		runner->ip_id = runner->ip_id == UINT16_MAX
			? 1
			: (uint16_t)(runner->ip_id + 1);
		question.ip_id = runner->ip_id;
	}
	struct asked asked = ours_asked(runner->options.family, &question);
	asked.time_ns = now_ns(CLOCK_REALTIME);
	asked.tag = tag;
	int row = answer_add(&runner->table, &asked);
	if (row < 0)
		return true; /* more than can be told apart: not asked */
	(void)memcpy(runner->comments[row], question.comment,
		QUESTION_COMMENT);
	runner->sent++;
	if (craft_send(runner->craft, &question, failure))
		return true;
	/* The kernel refused this one; if it refuses all, that is said. */
	return runner->sent > 1 && failure->exit_code != EXIT_NO_PERMISSION;
}

static bool has_experiment_question(const struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (runner->running[i].outbox.count)
			return true;
	return false;
}

static bool has_question(const struct runner *runner)
{
	return runner->outbox.count || has_experiment_question(runner);
}

/* The connection goes first, but never twice in a row while an experiment
 * waits: a flood of segments to be acknowledged must not starve them. */
static bool send_next(
	struct runner *runner, int64_t now, struct failure *failure)
{
	bool is_turn = !runner->was_connection ||
		!has_experiment_question(runner);
	const struct question *question =
		is_turn ? outbox_take(&runner->outbox) : NULL;

	runner->was_connection = question != NULL;
	if (question && runner->connection_sent++ >= CONNECTION_PACKETS)
		return true;
	if (question) {
		runner->connection_since_ns = now;
		return send_question(runner, question, CONNECTION_TAG, failure);
	}
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		unsigned at = runner->turn++ % runner->options.experiment_count;
		struct running *running = &runner->running[at];

		question = outbox_take(&running->outbox);
		if (!question)
			continue;
		running->since_ns = now;
		if (running->sent++ >= running->experiment->most_packets) {
			running->is_over = true;
			return true;
		}
		return send_question(runner, question, at, failure);
	}
	return true;
}


static void record(struct runner *runner, const struct frame *frame,
	struct packet *packet, const char *comment)
{
	struct frame copy = *frame;

	copy.number = ++runner->recorded;
	copy.interface = 0;
	packet->frame = copy.number;
	packet->interface = 0;
	if (runner->options.writer)
		/* a full disk is told of by recording_writer_close */
		(void)recording_writer_frame(runner->options.writer, &copy,
			comment ? &comment : NULL, comment ? 1 : 0);
	runner->options.on_packet(runner->options.context, packet);
}

static void hear_own(struct runner *runner, struct frame *frame,
	struct packet *packet)
{
	int row = ours_find_sent(&runner->ours, packet);

	frame->direction = FRAME_OUTBOUND;
	packet->direction = FRAME_OUTBOUND;
	record(runner, frame, packet, row >= 0 ? runner->comments[row] : NULL);
	if (row < 0)
		return;
	runner->table.asked[row].frame = packet->frame;
	runner->table.asked[row].time_ns = packet->time_ns;
}

static void step(struct runner *runner, struct running *running,
	const struct event *event)
{
	if (running->is_over || !running->is_started)
		return;
	if (!running->experiment->step(running->state, &runner->situation,
		    event, &running->outbox))
		running->is_over = true;
}

static void hear_answer(struct runner *runner, struct packet *packet)
{
	enum answer_kind kind;
	int row = answer_find(&runner->table, packet, &kind);

	if (packet->kind == PACKET_TCP &&
		packet->source_port == runner->connection.target_port &&
		packet->target_port == runner->connection.own_port)
		connection_hear(&runner->connection, packet, &runner->outbox);
	if (row < 0) {
		struct event event = {EVENT_PACKET, .packet = packet};

		for (unsigned i = 0;
			runner->is_started &&
			i < runner->options.experiment_count;
			i++)
			step(runner, &runner->running[i], &event);
		return;
	}
	const struct asked *asked = &runner->table.asked[row];
	struct event event = {EVENT_ANSWER, kind, !runner->has_answer[row],
		asked, packet};

	if (event.is_first && kind == ANSWER_ARRIVED)
		patience_take(
			&runner->patience, packet->time_ns - asked->time_ns);
	runner->has_answer[row] = true;
	if (asked->tag < runner->options.experiment_count)
		step(runner, &runner->running[asked->tag], &event);
	else if (kind == ANSWER_UNREACHABLE &&
		runner->connection.state == CONNECTION_OPENING)
		runner->connection.state = CONNECTION_REFUSED;
}

static bool hear(struct runner *runner, struct failure *failure)
{
	struct batch *batch = runner->batch;

	batch->count = 0;
	batch->used_bytes = 0;
	if (live_read(runner->live, batch, 1, failure) < 0)
		return false;
	for (uint32_t i = 0; i < batch->count; i++) {
		struct frame *frame = &batch->frames[i];
		struct packet *packet = &batch->packets[i];

		packet_decode(frame, packet);
		if (ours_is_question(&runner->ours, packet)) {
			hear_own(runner, frame, packet);
		} else if (ours_is_answer(&runner->ours, packet)) {
			frame->direction = FRAME_INBOUND;
			packet->direction = FRAME_INBOUND;
			record(runner, frame, packet, NULL);
			hear_answer(runner, packet);
		}
	}
	return true;
}

/* Those that may begin: at once, or after all before them in the list. */
static void start_experiments(struct runner *runner, int64_t now)
{
	bool are_over = true;

	runner->is_started = true;
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];

		if (!running->is_started &&
			(are_over || !running->experiment->is_late)) {
			running->is_started = true;
			running->since_ns = now;
			running->is_over = !running->experiment->start(
				running->state, &runner->situation,
				&running->outbox);
		}
		are_over = are_over && running->is_over;
	}
}

static bool is_over(const struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (!runner->running[i].is_over)
			return false;
	return true;
}

/* Tells those of the silence who have waited long enough; returns how long
 * until the next. */
static int64_t tell_silence(struct runner *runner, int64_t now)
{
	int64_t wait = patience_ns(&runner->patience), next = wait;
	struct event event = {.kind = EVENT_SILENCE};

	if (connection_is_waiting(&runner->connection) &&
		runner->outbox.count == 0) {
		int64_t left = runner->connection_since_ns + wait - now;

		if (left <= 0) {
			runner->connection_since_ns = now;
			connection_silence(&runner->connection,
				&runner->outbox);
		} else if (left < next) {
			next = left;
		}
	}
	for (unsigned i = 0;
		runner->is_started && i < runner->options.experiment_count;
		i++) {
		struct running *running = &runner->running[i];
		int64_t least = (int64_t)running->outbox.wait_ms * 1000000;
		int64_t left = running->since_ns +
			(wait > least ? wait : least) - now;

		if (!running->is_started || running->is_over ||
			running->outbox.count)
			continue;
		if (left <= 0) {
			running->since_ns = now;
			connection_confirm(
				&runner->connection, &runner->outbox);
			step(runner, running, &event);
			next = 0;
		} else if (left < next) {
			next = left;
		}
	}
	return next;
}

static void show_progress(struct runner *runner, int64_t now)
{
	char names[128] = "";
	size_t used = 0;

	if (!runner->options.on_progress || now < runner->progress_ns)
		return;
	runner->progress_ns = now + PROGRESS_NS;
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		const struct running *running = &runner->running[i];

		if (!running->is_started || running->is_over ||
			used + 16 > sizeof(names))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used,
			"%s%.12s", used ? ", " : "",
			running->experiment->name);
	}
	runner->options.on_progress(
		runner->options.context, names, runner->sent);
}

static bool wait_for_packets(
	struct runner *runner, int64_t wait_ns, struct failure *failure)
{
	struct pollfd wanted = {live_descriptor(runner->live), POLLIN, 0};
	struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};

	if (ppoll(&wanted, 1, &wait, NULL) < 0 && errno != EINTR)
		return failure_set(failure, EXIT_INPUT_CUT,
			"waiting for packets failed: %s", strerror(errno));
	return hear(runner, failure);
}

static bool is_stopped(const struct runner *runner)
{
	return runner->options.is_stopped && *runner->options.is_stopped;
}

/* Begins what is due: experiments when the connection is decided, its end when
 * they are over. False when all is done. */
static bool advance(struct runner *runner, int64_t now)
{
	struct connection *connection = &runner->connection;

	if (connection->state != CONNECTION_OPENING)
		start_experiments(runner, now);
	if (is_stopped(runner) || now > runner->deadline_ns)
		for (unsigned i = 0; i < runner->options.experiment_count;
			i++) {
			runner->running[i].is_started = true;
			runner->running[i].is_over = true;
			runner->running[i].outbox.count = 0;
		}
	if (now > runner->deadline_ns + CLOSING_NS)
		return false;
	if (!runner->is_started && !is_stopped(runner))
		return true;
	if (!is_over(runner))
		return true;
	if (connection->state == CONNECTION_OPEN)
		connection_close(connection, &runner->outbox);
	return connection->state == CONNECTION_CLOSING ||
		runner->outbox.count > 0;
}

static unsigned most_packets(const struct runner_options *options)
{
	unsigned most = CONNECTION_PACKETS;

	for (unsigned i = 0; i < options->experiment_count; i++)
		most += options->experiments[i]->most_packets;
	return most;
}

bool runner_run(struct runner *runner, struct failure *failure)
{
	int64_t now = now_ns(CLOCK_MONOTONIC);

	if (runner->options.writer &&
		recording_writer_interface(runner->options.writer,
			live_linktype(runner->live),
			live_snap_bytes(runner->live),
			runner->options.route->interface) < 0)
		return failure_set(failure, EXIT_INPUT_CUT,
			"the recording can't be written");
	pace_begin(&runner->pace, runner->options.rate, now);
	runner->deadline_ns = now + MOST_SECONDS * INT64_C(1000000000) +
		most_packets(&runner->options) * pace_cost_ns(&runner->pace);
	runner->connection_since_ns = now;
	connection_open(&runner->connection, &runner->outbox);
	while (advance(runner, now)) {
		int64_t wait = tell_silence(runner, now);

		if (has_question(runner)) {
			int64_t pause = pace_wait_ns(&runner->pace, now);

			if (pause == 0) {
				if (!send_next(runner, now, failure))
					return false;
				pace_spend(&runner->pace);
				wait = 0;
			} else if (pause < wait) {
				wait = pause;
			}
		}
		if (!wait_for_packets(runner, wait, failure))
			return false;
		now = now_ns(CLOCK_MONOTONIC);
		show_progress(runner, now);
	}
	return hear(runner, failure);
}

unsigned runner_rehearse(const struct runner_options *options, unsigned hops,
	void (*each)(void *context, const char *experiment,
		const struct question *question),
	void *context)
{
	struct runner *runner = calloc(1, sizeof(*runner));

	if (!runner)
		return 0;
	runner->options = *options;
	runner->guard.port = 49152; /* stands for a free one */
	runner->spare.port = 49153;
	set_up(runner);
	connection_open(&runner->connection, &runner->outbox);
	runner->connection.state = CONNECTION_OPEN;
	runner->connection.has_sack = true;
	runner->connection.peer_ttl = (uint8_t)(65 - hops);
	runner->situation.distance = hops;
	runner->situation.path_mtu = options->route->interface_mtu;
	each(context, "connection", outbox_take(&runner->outbox));
	for (unsigned i = 0; i < options->experiment_count; i++) {
		const struct experiment *experiment = options->experiments[i];
		struct outbox *outbox = &runner->running[i].outbox;
		const struct question *question;

		runner->running[i].state = calloc(1, experiment->state_bytes);
		if (!runner->running[i].state)
			continue;
		(void)experiment->start(runner->running[i].state,
			&runner->situation, outbox);
		while ((question = outbox_take(outbox)) != NULL)
			each(context, experiment->name, question);
	}
	runner->guard = runner->spare = (struct guard){-1, -1, 0};
	runner_close(runner);
	return most_packets(options);
}
