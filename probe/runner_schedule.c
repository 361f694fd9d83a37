#include "probe/runner_state.h"

void schedule_set_up(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	runner->situation = (struct situation){
		.connection = &runner->connections[0],
		.family = options->family,
		.port = options->port,
		.own_port = runner->lines[0].guard.port,
		.spare_port = runner->spare.port,
		.interface_mtu = options->route->interface_mtu,
		.max_ttl = options->max_ttl,
		.is_alone = options->experiment_count <= 2,
		.echo_sequence = 1,
	};
}

/* Which connections are its own: before each of an experiment's turns. */
static struct situation *situation_for(
	struct runner *runner, const struct running *running)
{
	unsigned first = running->first_line, count = 0;

	while (first + count < runner->line_count &&
		runner->lines[first + count].owner ==
			runner->lines[first].owner)
		count++;
	if (running->experiment->connections == 0)
		count = 0;
	runner->situation.own = &runner->connections[first];
	runner->situation.own_count = count;
	runner->situation.round_trip_ms =
		(uint32_t)(runner->patience.smoothed_ns / 1000000);
	return &runner->situation;
}

bool schedule_begin(struct runner *runner, unsigned experiment)
{
	struct running *running = &runner->running[experiment];

	return running->experiment->start(running->state,
		situation_for(runner, running), &running->outbox);
}

void schedule_start(struct runner *runner, int64_t now)
{
	bool are_over = true;

	runner->is_started =
		runner->connections[0].state != CONNECTION_OPENING;
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
			(running->is_over || running->outbox.is_listening);
	}
}

void schedule_step(struct runner *runner, unsigned experiment,
	const struct event *event)
{
	struct running *running = &runner->running[experiment];

	if (running->is_over || !running->is_started)
		return;
	if (!running->experiment->step(running->state,
		    situation_for(runner, running), event, &running->outbox))
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
			running->outbox.count = 0;
		running->is_started = true;
		running->is_over = true;
	}
}

/* Tells of its alarm when that is due; returns how long until then. */
static int64_t tell_alarm(
	struct runner *runner, unsigned experiment, int64_t now)
{
	static const struct event event = {.kind = EVENT_ALARM};
	struct running *running = &runner->running[experiment];

	if (running->outbox.alarm_ms) { /* all was sent just now */
		running->alarm_ns =
			now + (int64_t)running->outbox.alarm_ms * 1000000;
		running->outbox.alarm_ms = 0;
	}
	if (running->alarm_ns == 0)
		return INT64_MAX;
	if (running->alarm_ns > now)
		return running->alarm_ns - now;
	running->alarm_ns = 0;
	schedule_step(runner, experiment, &event);
	return 0;
}

int64_t schedule_tell_silence(struct runner *runner, int64_t now)
{
	int64_t wait = patience_ns(&runner->patience), next = wait;
	static const struct event event = {.kind = EVENT_SILENCE};

	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		struct running *running = &runner->running[i];
		int64_t least = (int64_t)running->outbox.wait_ms * 1000000;
		int64_t left = running->since_ns +
			(wait > least ? wait : least) - now;

		if (!running->is_started || running->is_over ||
			running->outbox.count)
			continue;
		int64_t alarm = tell_alarm(runner, i, now);

		if (alarm < next)
			next = alarm;
		if (alarm == 0)
			continue;
		if (left <= 0) {
			running->since_ns = now;
			connection_confirm(
				&runner->connections[0], &runner->outbox);
			schedule_step(runner, i, &event);
			next = 0;
		} else if (left < next) {
			next = left;
		}
	}
	return next;
}
