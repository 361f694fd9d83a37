#include "probe/engine/runner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "capture/numbers.h"
#include "probe/engine/runner_state.h"
#include "probe/protocol/stray_segment.h"

enum {
	SNAP_BYTES = 16384,
	BUFFER_KIB = 8192,
	PROGRESS_NS = 100000000,
	CLOSING_NS = 2000000000,
	ABORTING_NS = 1000000000,
	MOST_SECONDS = 120, /* of waiting, beside the time that sending takes */
	REHEARSED_PORT = 49152, /* stands for a free one */
	PASSES_BYTES = 576, /* IPv4's least; no hole is below */
};

/* The target's packets, those to it, and everybody's ICMP errors: what else
 * goes through the interface would fill the ring. */
static bool open_live(struct runner *runner, struct failure *failure)
{
	bool is_v6 = runner->options.family == 6;
	char target[INET6_ADDRSTRLEN] = "", filter[INET6_ADDRSTRLEN + 32];
	struct live_options options = {
		.interface = runner->options.route->interface,
		.filter = filter,
		.snap_bytes = SNAP_BYTES,
		.buffer_kib = BUFFER_KIB,
		.is_immediate = true,
	};

	(void)inet_ntop(is_v6 ? AF_INET6 : AF_INET,
		runner->options.target.bytes, target, sizeof(target));
	(void)snprintf(filter, sizeof(filter), "host %s or %s", target,
		is_v6 ? "icmp6" : "icmp");
	runner->live = live_open(&options, failure);
	return runner->live != NULL;
}

static void set_up(struct runner *runner)
{
	const struct runner_options *options = &runner->options;
	uint32_t random[2] = {0x43554c50, 0x52495421};

	/* Without randomness the numbers are guessable, not wrong. */
	if (getrandom(random, sizeof(random), 0) < 0)
		random[0] ^= (uint32_t)time_now_ns(CLOCK_REALTIME);
	runner->ip_id = (uint16_t)random[1];
	runner->table.family = options->family;
	runner->table.own = options->route->own;
	runner->table.target = options->target;
	conn_slots_set_up(runner, random[0]);
	schedule_set_up(runner);
}

static bool prepare(struct runner *runner, struct failure *failure)
{
	const struct runner_options *options = &runner->options;

	runner->batch = batch_new(BATCH_USUAL_BYTES);
	if (!runner->batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for packets");
	runner->craft = craft_open(options->family, &options->route->own,
		&options->target, options->route->interface, failure);
	if (!runner->craft || !conn_slots_open(runner, failure))
		return false;
	conn_slots_tell_guards(runner);
	if (!open_live(runner, failure))
		return false;
	set_up(runner);
	return true;
}

/* All but what takes privilege. */
static struct runner *runner_new(
	const struct runner_options *options, struct failure *failure)
{
	struct runner *runner = calloc(1, sizeof(*runner));
	bool has_memory = runner != NULL;

	if (runner) {
		runner->options = *options;
		conn_slots_plan(runner);
	}
	for (unsigned i = 0; runner && i < options->experiment_count; i++) {
		struct running *running = &runner->running[i];

		running->experiment = options->experiments[i];
		running->state = calloc(1, running->experiment->state_bytes);
		has_memory = has_memory && running->state;
	}
	if (has_memory)
		return runner;
	(void)failure_set(failure, EXIT_INPUT_CUT, "no memory for a probe");
	runner_close(runner);
	return NULL;
}

struct runner *runner_open(
	const struct runner_options *options, struct failure *failure)
{
	struct runner *runner = runner_new(options, failure);

	if (!runner || prepare(runner, failure))
		return runner;
	runner_close(runner);
	return NULL;
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
	conn_slots_close(runner);
	batch_free(runner->batch);
	free(runner);
}

static void show_progress(struct runner *runner, int64_t now)
{
	struct runner_progress progress = {
		.packets = runner->sent,
		.count = runner->options.experiment_count,
	};

	if (!runner->options.on_progress || now < runner->progress_ns)
		return;
	runner->progress_ns = now + PROGRESS_NS;
	for (unsigned i = 0; i < progress.count; i++) {
		const struct running *running = &runner->running[i];

		progress.experiments[i] = (struct experiment_progress){
			.experiment = running->experiment->id,
			.waits_for = running->tx_queue.waits_for,
			.sent = running->sent,
			.is_running = running->is_started && !running->is_over,
		};
	}
	runner->options.on_progress(runner->options.context, &progress);
}

/* Takes the packets that come within a time, and returns up to when all are
 * read: packets that arrive meanwhile may still be unread, and do not count as
 * a timeout. */
static bool wait_for_packets(struct runner *runner, int64_t wait_ns,
	int64_t *heard_ns, struct failure *failure)
{
	struct pollfd wanted = {live_descriptor(runner->live), POLLIN, 0};
	struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};

	if (ppoll(&wanted, 1, &wait, NULL) < 0 && errno != EINTR)
		return failure_set(failure, EXIT_INPUT_CUT,
			"waiting for packets failed: %s", strerror(errno));
	*heard_ns = time_now_ns(CLOCK_MONOTONIC);
	return runner_receive(runner, failure);
}

void runner_stop_on(
	struct runner *runner, const volatile sig_atomic_t *is_stopped)
{
	runner->is_stopped = is_stopped;
}

static bool is_stopped(const struct runner *runner)
{
	return runner->is_stopped && *runner->is_stopped;
}

/* Begins what is due: experiments, and the end of all connections when they
 * are over. False when all is done. */
static bool advance(struct runner *runner, int64_t now)
{
	schedule_start(runner, now);
	if (is_stopped(runner) || now > runner->deadline_ns)
		schedule_stop(runner);
	if (now > runner->deadline_ns + CLOSING_NS + ABORTING_NS)
		return false;
	if (now > runner->deadline_ns + CLOSING_NS && !runner->is_aborted) {
		conn_slots_abort(runner);
		runner->is_aborted = true;
	}
	if (!runner->is_started && !is_stopped(runner))
		return true;
	conn_slots_close_shared(runner);
	if (!schedule_is_over(runner))
		return true;
	if (now < runner->deadline_ns)
		runner->deadline_ns = now;
	return !conn_slots_end(runner);
}

unsigned runner_most_of(const struct experiment *experiment)
{
	if (!experiment)
		return RUN_PACKETS;
	return experiment->most_packets +
	       (experiment->connections ? DUTY_PACKETS : 0);
}

unsigned runner_most_packets(const struct runner_options *options)
{
	unsigned most = runner_most_of(NULL);

	for (unsigned i = 0; i < options->experiment_count; i++)
		most += runner_most_of(options->experiments[i]);
	return most;
}

static int64_t tell_silence(struct runner *runner, int64_t now)
{
	int64_t slots = conn_slots_timeouts(runner, now);
	int64_t schedule = schedule_tell_silence(runner, now);

	return slots < schedule ? slots : schedule;
}

bool runner_run(struct runner *runner, struct recording_writer *writer,
	struct failure *failure)
{
	/* Up to then all packets were read. */
	int64_t now = time_now_ns(CLOCK_MONOTONIC);

	runner->writer = writer;
	if (writer && (recording_writer_interface(writer,
			       live_linktype(runner->live),
			       live_snap_bytes(runner->live),
			       runner->options.route->interface) < 0 ||
			      !recording_writer_flush(writer)))
		return failure_set(failure, EXIT_INPUT_CUT,
			"the recording can't be written");
	token_bucket_begin(&runner->pace, runner->options.rate, now);
	runner->deadline_ns = now +
			      (MOST_SECONDS + runner->options.longer_s) *
				      INT64_C(1000000000) +
			      runner_most_packets(&runner->options) *
				      token_bucket_cost_ns(&runner->pace);
	runner->slots[0].since_ns = now;
	connection_open(&runner->connections[0], &runner->tx_queue);
	while (advance(runner, now)) {
		int64_t wait = tell_silence(runner, now);

		if (runner_has_probe(runner)) {
			int64_t pause =
				token_bucket_wait_ns(&runner->pace, now);

			if (pause == 0) {
				if (!runner_send(runner, failure))
					return false;
				token_bucket_spend(&runner->pace);
				wait = 0;
			} else if (pause < wait) {
				wait = pause;
			}
		}
		if (!wait_for_packets(runner, wait, &now, failure))
			return false;
		show_progress(runner, now);
	}
	return runner_receive(runner, failure);
}

uint32_t runner_lost(const struct runner *runner)
{
	uint64_t received, dropped;

	/* Not known is none: the statistics are the kernel's. */
	if (!live_statistics(runner->live, &received, &dropped))
		return 0;
	return dropped < UINT32_MAX ? (uint32_t)dropped : UINT32_MAX;
}

uint32_t runner_ended(const struct runner *runner)
{
	uint32_t ended = 0;

	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		const struct running *running = &runner->running[i];

		if (running->is_over && !running->is_cut)
			ended |= probe_experiment_bit(running->experiment->id);
	}
	return ended;
}

/* Whether already acknowledged data, which every TCP answers, was unanswered
 * in a size that passes every path. Firewalls drop stray segments. */
static bool has_lost(const struct runner *runner)
{
	const struct route_result *route = runner->results[RESULT_ROUTE];

	for (uint32_t i = 0; i < runner->table.count; i++) {
		const struct sent_probe *sent_probe =
			&runner->table.sent_probe[i];

		if (sent_probe->protocol == PROTOCOL_TCP &&
			sent_probe->payload_bytes &&
			sent_probe->tcp_flags == TCP_ACK &&
			!stray_segment_is(sent_probe) &&
			sent_probe->ip_bytes <= PASSES_BYTES &&
			sent_probe->ttl >= route->distance &&
			!runner->has_answer[i])
			return true;
	}
	return false;
}

/* Whether the target may still answer a SYN of the spare port: one that was
 * meant for hops has reached it, over a shorter path, or is not known to have
 * expired; or one of `reset`'s, to this port and to unused ones, has got no
 * reset. */
static bool is_spare_awaited(const struct runner *runner)
{
	for (uint32_t i = 0; i < runner->table.count; i++)
		if (runner->table.sent_probe[i].protocol == PROTOCOL_TCP &&
			runner->table.sent_probe[i].tcp_flags & TCP_SYN &&
			runner->table.sent_probe[i].source_port ==
				runner->spare.port &&
			!runner->has_answer[i])
			return true;
	return runner->has_spare_heard;
}

bool runner_is_settled(const struct runner *runner)
{
	/* Then the ACK of a FIN may be lost as well, and the target
	 * retransmits the FIN; where a signal ends all connections at once, it
	 * may do so before our packets arrive. */
	if (runner->is_stopped && *runner->is_stopped)
		return false;
	if (has_lost(runner))
		return false;
	for (unsigned i = 0; i < runner->slot_count; i++) {
		const struct connection *connection = &runner->connections[i];

		if (connection->state != CONNECTION_IDLE &&
			connection->state != CONNECTION_REFUSED &&
			connection->state != CONNECTION_LOST &&
			!connection->has_peer_closed)
			return false;
	}
	return !is_spare_awaited(runner);
}

void runner_dry_run(const struct runner_options *options, unsigned hops,
	void (*each)(void *context, const struct experiment *experiment,
		const struct probe_packet *probe),
	void *context)
{
	struct failure failure;
	struct runner *runner = runner_new(options, &failure);

	if (!runner)
		return;
	for (unsigned i = 0; i < runner->slot_count; i++)
		runner->slots[i].guard.port = (uint16_t)(REHEARSED_PORT + i);
	runner->spare.port = REHEARSED_PORT + CONN_SLOTS;
	set_up(runner);
	struct connection *connection = &runner->connections[0];
	connection_open(connection, &runner->tx_queue);
	connection->state = CONNECTION_OPEN;
	connection->has_sack = true;
	connection->is_confirmed = true;
	connection->peer_ttl = (uint8_t)(65 - hops);
	runner->results[RESULT_ROUTE] =
		&(struct route_result){.distance = hops};
	runner->results[RESULT_FORWARD] = &(struct forward_result){
		.path_mtu = options->route->interface_mtu};
	each(context, NULL, tx_queue_take(&runner->tx_queue));
	for (unsigned i = 0; i < options->experiment_count; i++) {
		struct running *running = &runner->running[i];
		const struct probe_packet *probe;

		(void)schedule_begin(runner, i);
		while ((probe = tx_queue_take(&running->tx_queue)) != NULL)
			each(context, running->experiment, probe);
	}
	runner_close(runner);
}
