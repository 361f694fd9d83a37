#include "probe/engine/runner_state.h"

void schedule_set_up(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	runner->context = (struct probe_context){
		.connection = &runner->connections[0],
		.family = options->family,
		.port = options->port,
		.own_port = runner->slots[0].guard.port,
		.spare_port = runner->spare.port,
		.interface_mtu = options->route->interface_mtu,
		.max_ttl = options->max_ttl,
		.is_alone = options->experiment_count <= 2,
		.echo_sequence = 1,
	};
}

/* Which connections are its own: before each of an experiment's turns. */
static struct probe_context *situation_for(
	struct runner *runner, const struct running *running)
{
	unsigned first = running->first_slot, count = 0;

	while (first + count < runner->slot_count &&
		runner->slots[first + count].owner ==
			runner->slots[first].owner)
		count++;
	if (running->experiment->connections == 0)
		count = 0;
	runner->context.own = &runner->connections[first];
	runner->context.own_count = count;
	runner->context.round_trip_ms =
		(uint32_t)(runner->rto.smoothed_ns / 1000000);
	return &runner->context;
}

bool schedule_begin(struct runner *runner, unsigned experiment)
{
	struct running *running = &runner->running[experiment];

	return running->experiment->start(running->state,
		situation_for(runner, running), &running->tx_queue);
}

void schedule_start(struct runner *runner, int64_t now)
{
	bool are_over = true;

	runner->is_started = runner->connections[0].state != CONNECTION_OPENING;
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];

		if (!running->is_started &&
			(runner->is_started || running->experiment->is_early) &&
			(are_over || !running->experiment->is_late)) {
			running->is_started = true;
			running->since_ns = now;
			running->is_over = !schedule_begin(runner, i);
		}
		are_over = are_over &&
			   (running->is_over || running->tx_queue.is_listening);
	}
}

void schedule_step(
	struct runner *runner, unsigned experiment, const struct event *event)
{
	struct running *running = &runner->running[experiment];

	if (running->is_over || !running->is_started)
		return;
	if (!running->experiment->step(running->state,
		    situation_for(runner, running), event, &running->tx_queue))
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

		if (!running->is_started || !running->is_over)
			running->tx_queue.count = 0;
		running->is_started = true;
		running->is_over = true;
	}
}

/* Tells of its alarm when that is due; returns how long until then. */
static int64_t tell_alarm(
	struct runner *runner, unsigned experiment, int64_t now)
{
	static const struct event event = {.kind = EVENT_TIMER};
	struct running *running = &runner->running[experiment];

	if (running->tx_queue.timer_ms) { /* all was sent just now */
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
			running->tx_queue.count)
			continue;
		int64_t alarm = tell_alarm(runner, i, now);

		if (alarm < next)
			next = alarm;
		if (alarm == 0)
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
