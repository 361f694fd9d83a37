/* When experiments begin, and what they get to know of each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "probe/engine/runner_state.h"
#include "probe/experiments/registry.h"

/* What an experiment saw when it began. */
struct seen {
	struct route_result route; /* that it provides, if it does */
	bool has_begun;
	struct probe_results results;
	uint32_t path_mtu;
	unsigned timers, timeouts;
};

enum {
	OPENER_LINES = 8,
	SSH = 22,
	FIRST_PORT = 40000,
	MS = 1000000,
	TIMER_MS = 5, /* less than a timeout */
};

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct seen *seen = memory;

	(void)tx_queue;
	seen->has_begun = true;
	seen->results = context->results;
	if (seen->results.forward)
		seen->path_mtu = seen->results.forward->path_mtu;
	return true;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	(void)memory;
	(void)context;
	(void)tx_queue;
	return event->kind != EVENT_TIMEOUT; /* a timeout ends it */
}

static bool count(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct seen *seen = memory;

	(void)context;
	(void)tx_queue;
	seen->timers += event->kind == EVENT_TIMER;
	seen->timeouts += event->kind == EVENT_TIMEOUT;
	return true;
}

static const struct experiment opener = {
	.id = EXPERIMENT_IDLE,
	.state_bytes = sizeof(struct seen),
	.connections = OPENER_LINES,
	.provides = RESULT_COUNT,
	.start = start,
	.step = count,
};

static const struct experiment route = {
	.id = EXPERIMENT_ROUTE,
	.state_bytes = sizeof(struct seen),
	.needs = 1u << RESULT_CONNECTION,
	.provides = RESULT_ROUTE,
	.result_at = offsetof(struct seen, route),
	.start = start,
	.step = step,
};

static const struct experiment early = {
	.id = EXPERIMENT_REVERSE,
	.state_bytes = sizeof(struct seen),
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

static const struct experiment reader = {
	.id = EXPERIMENT_MTU,
	.state_bytes = sizeof(struct seen),
	.needs = 1u << RESULT_CONNECTION,
	.reads = 1u << RESULT_ROUTE,
	.takes = RESOURCE_ROUTER_ERRORS,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

static const struct experiment needer = {
	.id = EXPERIMENT_LOSS,
	.state_bytes = sizeof(struct seen),
	.needs = 1u << RESULT_ROUTE | 1u << RESULT_FORWARD,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

static const struct experiment taker = {
	.id = EXPERIMENT_FRAGMENTS,
	.state_bytes = sizeof(struct seen),
	.needs = 1u << RESULT_CONNECTION,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

static struct runner *planned(
	const struct experiment *const *experiments, unsigned count)
{
	static const struct route way = {.interface_mtu = 1500};
	struct runner *runner = calloc(1, sizeof(*runner));

	assert_non_null(runner);
	runner->options = (struct runner_options){
		.route = &way, .family = 4, .experiment_count = count};
	for (unsigned i = 0; i < count; i++) {
		runner->options.experiments[i] = experiments[i];
		runner->running[i].experiment = experiments[i];
		runner->running[i].state =
			calloc(1, experiments[i]->state_bytes);
	}
	conn_slots_plan(runner);
	schedule_set_up(runner);
	runner->connections[0].state = CONNECTION_OPENING;
	return runner;
}

static void done(struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		free(runner->running[i].state);
	free(runner);
}

static const struct seen *seen_by(const struct runner *runner, unsigned index)
{
	return runner->running[index].state;
}

static void end(struct runner *runner, unsigned index)
{
	static const struct event timeout = {.kind = EVENT_TIMEOUT};

	schedule_step(runner, index, &timeout);
}

static void who_needs_no_connection_begins_at_once(void **state)
{
	const struct experiment *const both[] = {&route, &early};
	struct runner *runner = planned(both, 2);

	(void)state;
	schedule_start(runner, 0);
	assert_false(seen_by(runner, 0)->has_begun);
	assert_true(seen_by(runner, 1)->has_begun);
	runner->connections[0].state = CONNECTION_SILENT;
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 0)->has_begun);
	done(runner);
}

/* The run's own connection knows that the port is open, once another was. */
static void one_that_was_opened_shows_an_open_port(void **state)
{
	const struct experiment *const both[] = {&route, &early};
	struct runner *runner = planned(both, 2);

	(void)state;
	runner->slot_count = 2;
	(void)conn_slots_timeouts(runner, INT64_MAX / 2);
	assert_false(runner->connections[0].is_port_open);
	runner->tx_queue.count = 0; /* its SYN has left */
	runner->connections[1].peer_ttl = 60;
	(void)conn_slots_timeouts(runner, INT64_MAX - 1);
	assert_true(runner->connections[0].is_port_open);
	done(runner);
}

static void what_is_needed_is_final_first(void **state)
{
	const struct experiment *const both[] = {&route, &needer};
	struct runner *runner = planned(both, 2);

	(void)state;
	runner->connections[0].state = CONNECTION_OPEN;
	schedule_start(runner, 0);
	assert_false(seen_by(runner, 1)->has_begun);
	end(runner, 0);
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 1)->has_begun);
	/* It is the very result that the other keeps. */
	assert_ptr_equal(
		seen_by(runner, 1)->results.route, &seen_by(runner, 0)->route);
	done(runner);
}

static void who_only_reads_does_not_wait(void **state)
{
	const struct experiment *const both[] = {&route, &reader};
	struct runner *runner = planned(both, 2);

	(void)state;
	runner->connections[0].state = CONNECTION_OPEN;
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 1)->has_begun);
	assert_false(seen_by(runner, 1)->results.final &
		     probe_result_bit(RESULT_ROUTE));
	done(runner);
}

static void nobodys_result_is_zeros_and_final(void **state)
{
	const struct experiment *const one[] = {&needer};
	struct runner *runner = planned(one, 1);

	(void)state;
	runner->connections[0].state = CONNECTION_OPEN;
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 0)->has_begun);
	assert_non_null(seen_by(runner, 0)->results.forward);
	assert_int_equal(seen_by(runner, 0)->path_mtu, 0);
	done(runner);
}

static void only_declared_results_are_handed_out(void **state)
{
	const struct experiment *const both[] = {&route, &reader};
	struct runner *runner = planned(both, 2);

	(void)state;
	runner->connections[0].state = CONNECTION_OPEN;
	schedule_start(runner, 0);
	assert_null(seen_by(runner, 0)->results.route);
	assert_non_null(seen_by(runner, 1)->results.route);
	assert_null(seen_by(runner, 1)->results.forward);
	assert_null(seen_by(runner, 1)->results.reverse);
	done(runner);
}

static void who_takes_the_same_waits_for_its_turn(void **state)
{
	const struct experiment *const three[] = {&reader, &early, &taker};
	struct runner *runner = planned(three, 3);

	(void)state;
	runner->connections[0].state = CONNECTION_OPEN;
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 1)->has_begun);
	assert_false(seen_by(runner, 2)->has_begun);
	/* Who only listens takes nothing. */
	runner->running[0].tx_queue.is_listening = true;
	schedule_start(runner, 0);
	assert_true(seen_by(runner, 2)->has_begun);
	done(runner);
}

/* The server has eight connections, of which one is being closed, and the SYN
 * of a ninth is in the transmit queue. */
static struct runner *with_a_syn_that_waits(void)
{
	const struct experiment *const one[] = {&opener};
	struct runner *runner = planned(one, 1);

	runner->options.port = SSH;
	for (unsigned i = 0; i <= OPENER_LINES; i++)
		runner->slots[i].guard.port = (uint16_t)(FIRST_PORT + i);
	conn_slots_set_up(runner, 1);
	for (unsigned i = 0; i < OPENER_LINES; i++) {
		runner->slots[i].since_ns = 1;
		runner->connections[i].state = CONNECTION_OPEN;
	}
	runner->connections[1].state = CONNECTION_CLOSING;
	rto_take(&runner->rto, MS);
	schedule_start(runner, MS);
	connection_open(&runner->connections[OPENER_LINES],
		&runner->running[0].tx_queue);
	assert_false(runner_has_probe(runner));
	return runner;
}

static void time_goes_on_beside_a_syn_that_waits(void **state)
{
	struct runner *runner = with_a_syn_that_waits();
	int64_t now = MS;

	(void)state;
	runner->running[0].tx_queue.timer_ms = TIMER_MS;
	assert_int_equal(schedule_tell_silence(runner, now), TIMER_MS * MS);
	(void)schedule_tell_silence(runner, now + TIMER_MS * MS - 1);
	assert_int_equal(seen_by(runner, 0)->timers, 0);
	(void)schedule_tell_silence(runner, now + TIMER_MS * MS);
	assert_int_equal(seen_by(runner, 0)->timers, 1);
	assert_int_equal(seen_by(runner, 0)->timeouts, 0);
	(void)schedule_tell_silence(runner, now + rto_ns(&runner->rto));
	assert_int_equal(seen_by(runner, 0)->timeouts, 1);
	done(runner);
}

static void time_stands_still_while_a_packet_may_be_sent(void **state)
{
	struct runner *runner = with_a_syn_that_waits();
	struct tx_queue *tx_queue = &runner->running[0].tx_queue;

	(void)state;
	tx_queue->timer_ms = TIMER_MS;
	connection_allow(&runner->connections[2], UINT16_MAX, tx_queue);
	(void)schedule_tell_silence(runner, MS);
	(void)schedule_tell_silence(runner, MS + rto_ns(&runner->rto));
	assert_int_equal(tx_queue->timer_ms, TIMER_MS);
	assert_int_equal(seen_by(runner, 0)->timers, 0);
	assert_int_equal(seen_by(runner, 0)->timeouts, 0);
	done(runner);
}

/* Every result has one provider, who keeps it in its state and is listed before
 * all who need it: else they would wait for ever. */
static void every_declaration_is_met(void **state)
{
	static const size_t bytes[RESULT_COUNT] = {
		[RESULT_ROUTE] = sizeof(struct route_result),
		[RESULT_FORWARD] = sizeof(struct forward_result),
		[RESULT_REVERSE] = sizeof(struct reverse_result),
	};
	unsigned provided = probe_result_bit(RESULT_CONNECTION);

	(void)state;
	for (int i = 0; i < EXPERIMENT_COUNT; i++) {
		const struct experiment *one = registry_rows[i].experiment;

		assert_int_equal(one->id, i);
		assert_int_equal(one->needs & ~provided, 0);
		assert_int_equal(one->needs & one->reads, 0);
		if (one->provides == RESULT_COUNT)
			continue;
		assert_int_equal(provided & probe_result_bit(one->provides), 0);
		assert_true(one->result_at + bytes[one->provides] <=
			    one->state_bytes);
		provided |= probe_result_bit(one->provides);
	}
	assert_int_equal(provided, (1u << RESULT_COUNT) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_needs_no_connection_begins_at_once),
		cmocka_unit_test(one_that_was_opened_shows_an_open_port),
		cmocka_unit_test(what_is_needed_is_final_first),
		cmocka_unit_test(who_only_reads_does_not_wait),
		cmocka_unit_test(nobodys_result_is_zeros_and_final),
		cmocka_unit_test(only_declared_results_are_handed_out),
		cmocka_unit_test(who_takes_the_same_waits_for_its_turn),
		cmocka_unit_test(time_goes_on_beside_a_syn_that_waits),
		cmocka_unit_test(time_stands_still_while_a_packet_may_be_sent),
		cmocka_unit_test(every_declaration_is_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
