/* Which experiments run, when the next may begin, and what they are told of
 * time: silences and timers. */
#include "probe/engine/runner_state.h"

#include <limits.h>

/* Where results without a provider are. */
static const struct route_result no_route;
static const struct forward_result no_forward;
static const struct reverse_result no_reverse;

static void set_up_results(struct runner *runner)
{
	runner->results[RESULT_ROUTE] = &no_route;
	runner->results[RESULT_FORWARD] = &no_forward;
	runner->results[RESULT_REVERSE] = &no_reverse;
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		const struct running *running = &runner->running[i];
		const struct experiment *experiment = running->experiment;

		if (experiment->provides != RESULT_COUNT)
			runner->results[experiment->provides] =
				(const char *)running->state +
				experiment->result_at;
	}
}

static uint32_t chosen_of(const struct runner_options *options)
{
	uint32_t chosen = 0;

	for (unsigned i = 0; i < options->experiment_count; i++)
		chosen |= probe_experiment_bit(options->experiments[i]->id);
	return chosen;
}

void schedule_set_up(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	set_up_results(runner);

	runner->context = (struct probe_context){
		.connection = &runner->connections[0],
		.family = options->family,
		.port = options->port,
		.own_port = runner->slots[0].guard.port,
		.spare_port = runner->spare.port,
		.interface_mtu = options->route->interface_mtu,
		.max_ttl = options->max_ttl,
		.idle = options->idle,
		.trigger = options->trigger,
		.ssh = options->ssh,
		.tls = options->tls,
		.is_alone = options->experiment_count <= 2,
		.chosen = chosen_of(options),
		.shared = &runner->connections[runner->shared_first],
		.shared_count = runner->shared_count,
		.echo_sequence = 1,
	};
}

static unsigned own_connections(
	const struct runner *runner, const struct running *running)
{
	unsigned first = running->first_slot, count = 0;

	while (running->experiment->connections &&
		first + count < runner->slot_count &&
		runner->slots[first + count].owner ==
			runner->slots[first].owner)
		count++;
	return count;
}

/* Whether a result is final. A result without a provider is final. */
static bool is_final(const struct runner *runner, enum probe_result result)
{
	if (result == RESULT_CONNECTION)
		return runner->connections[0].state != CONNECTION_OPENING &&
		       !connection_is_confirming(&runner->connections[0]);
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (runner->running[i].experiment->provides == result &&
			!runner->running[i].is_over)
			return false;
	return true;
}

static unsigned final_results(const struct runner *runner)
{
	unsigned final = 0;

	for (int i = 0; i < RESULT_COUNT; i++)
		if (is_final(runner, (enum probe_result)i))
			final |= probe_result_bit((enum probe_result)i);
	return final;
}

/* An SSH server counts those who do not log in. */
static void set_limit(struct runner *runner)
{
	unsigned most = runner->options.most_ssh_connections;
	unsigned opened = conn_limit_opened(runner);
	unsigned held = conn_limit_held(runner);

	runner->context.is_limited = most && runner->connections[0].is_ssh;
	runner->context.may_open = opened < most ? most - opened : 0;
	runner->context.may_hold = UINT_MAX;
	if (runner->connections[0].is_dropbear)
		runner->context.may_hold =
			held < SSH_DROPBEAR_AT_ONCE
				? SSH_DROPBEAR_AT_ONCE - held
				: 0;
}

/* Updates an experiment's context, before each of its turns. */
static struct probe_context *context_for(
	struct runner *runner, const struct running *running)
{
	const struct experiment *experiment = running->experiment;
	unsigned declared = experiment->needs | experiment->reads;
	struct probe_results *results = &runner->context.results;
	const void *const *all = runner->results;

	results->route = (declared & probe_result_bit(RESULT_ROUTE))
				 ? all[RESULT_ROUTE]
				 : NULL;
	results->forward = (declared & probe_result_bit(RESULT_FORWARD))
				   ? all[RESULT_FORWARD]
				   : NULL;
	results->reverse = (declared & probe_result_bit(RESULT_REVERSE))
				   ? all[RESULT_REVERSE]
				   : NULL;
	results->final = declared & final_results(runner);
	runner->context.own = &runner->connections[running->first_slot];
	runner->context.own_count = own_connections(runner, running);
	set_limit(runner);
	runner->context.round_trip_ms =
		(uint32_t)(runner->rto.smoothed_ns / 1000000);
	runner->context.now_ns = time_now_ns(CLOCK_MONOTONIC);
	return &runner->context;
}

bool schedule_begin(struct runner *runner, unsigned experiment)
{
	struct running *running = &runner->running[experiment];

	return running->experiment->start(running->state,
		context_for(runner, running), &running->tx_queue);
}

/* Whether an earlier experiment uses its resource. */
static bool is_taken(const struct runner *runner, unsigned experiment)
{
	unsigned takes = runner->running[experiment].experiment->takes;

	for (unsigned i = 0; i < experiment; i++) {
		const struct running *other = &runner->running[i];

		if (other->experiment->takes & takes && !other->is_over &&
			!other->tx_queue.is_listening)
			return true;
	}
	return false;
}

void schedule_start(struct runner *runner, int64_t now)
{
	runner->is_started = is_final(runner, RESULT_CONNECTION);
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];
		unsigned needs = running->experiment->needs;

		if (running->is_started || is_taken(runner, i) ||
			(needs & final_results(runner)) != needs)
			continue;
		running->is_started = true;
		running->since_ns = now;
		if (running->experiment->leaves_run &&
			runner->context.is_alone)
			connection_close(
				&runner->connections[0], &runner->tx_queue);
		running->is_over = !schedule_begin(runner, i);
	}
}

void schedule_step(
	struct runner *runner, unsigned experiment, const struct event *event)
{
	struct running *running = &runner->running[experiment];

	if (running->is_over || !running->is_started)
		return;
	if (!running->experiment->step(running->state,
		    context_for(runner, running), event, &running->tx_queue))
		running->is_over = true;
}

bool schedule_is_over(const struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (!runner->running[i].is_over)
			return false;
	return true;
}

void schedule_stop(struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];

		if (!running->is_started || !running->is_over) {
			running->tx_queue.count = 0;
			running->is_cut = true;
		}
		running->is_started = true;
		running->is_over = true;
	}
}

/* Tells of its timer when that is due; returns how long until then. */
static int64_t tell_timer(
	struct runner *runner, unsigned experiment, int64_t now)
{
	static const struct event event = {.kind = EVENT_TIMER};
	struct running *running = &runner->running[experiment];

	if (running->tx_queue.timer_ms) { /* all that may be was sent */
		running->timer_ns =
			now + (int64_t)running->tx_queue.timer_ms * 1000000;
		running->tx_queue.timer_ms = 0;
	}
	if (running->timer_ns == 0)
		return INT64_MAX;
	if (running->timer_ns > now)
		return running->timer_ns - now;
	running->timer_ns = 0;
	schedule_step(runner, experiment, &event);
	return 0;
}

int64_t schedule_tell_silence(struct runner *runner, int64_t now)
{
	int64_t wait = rto_ns(&runner->rto), next = wait;
	static const struct event event = {.kind = EVENT_TIMEOUT};

	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];
		int64_t least = (int64_t)running->tx_queue.wait_ms * 1000000;
		int64_t left =
			running->since_ns + (wait > least ? wait : least) - now;

		if (!running->is_started || running->is_over ||
			runner_is_ready(runner, &running->tx_queue))
			continue;
		int64_t timer = tell_timer(runner, i, now);

		if (timer < next)
			next = timer;
		if (timer == 0)
			continue;
		if (left <= 0) {
			running->since_ns = now;
			connection_confirm(
				&runner->connections[0], &runner->tx_queue);
			running->given_up = runner->table.count;
			schedule_step(runner, i, &event);
			next = 0;
		} else if (left < next) {
			next = left;
		}
	}
	return next;
}
