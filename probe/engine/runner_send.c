/* What goes out: packets of the run's own connection and probes of the
 * experiments, by turns. */
#include "probe/engine/runner_state.h"

#include <assert.h>
#include <string.h>

/* The analysis recognises the run's own connection in the recording by this. */
static void check_role(
	struct runner *runner, const struct probe_packet *probe, int slot)
{
	enum connection_role role = connection_roles_take(
		&runner->roles, probe->source_port, probe->tcp_flags);

	assert(slot < 0 || (role == CONNECTION_OF_RUN) == (slot == 0));
	(void)role;
}

/* The timeout counts from the time of sending, however long that took. */
static void count_silence(struct runner *runner,
	const struct probe_packet *probe, int slot, unsigned tag)
{
	int64_t now = time_now_ns(CLOCK_MONOTONIC);

	if (slot >= 0) {
		struct connection *connection = &runner->connections[slot];

		runner->slots[slot].since_ns = now;
		if (connection->syn_ns == 0)
			connection->syn_ns = now;
		if (probe->ttl >= HOP_LIMIT_WHOLE_WAY)
			connection->sent_ns = now;
	}
	if (tag != RUN_OWNER)
		runner->running[tag].since_ns = now;
}

static bool send_probe(struct runner *runner, const struct probe_packet *asks,
	unsigned tag, struct failure *failure)
{
	struct probe_packet probe = *asks;
	int slot = asks->kind == PROBE_PACKET_TCP
			   ? conn_slot_of_port(runner, asks->source_port)
			   : -1;

	if (probe.kind == PROBE_PACKET_TCP)
		check_role(runner, &probe, slot);
	if (probe.kind != PROBE_PACKET_FRAGMENT) {
		runner->ip_id = runner->ip_id == UINT16_MAX
					? 1
					: (uint16_t)(runner->ip_id + 1);
		probe.ip_id = runner->ip_id;
	}
	struct sent_probe sent_probe =
		own_traffic_sent_probe(runner->options.family, &probe);
	sent_probe.time_ns = time_now_ns(CLOCK_REALTIME);
	sent_probe.tag = tag;
	int row = probe_table_add(&runner->table, &sent_probe);
	bool is_sent = true; /* or more than can be distinguished: not sent */

	if (row >= 0) {
		(void)memcpy(runner->comments[row], probe.comment,
			PROBE_PACKET_COMMENT);
		runner->sent++;
		is_sent = craft_send(runner->craft, &probe, failure);
	}
	count_silence(runner, &probe, slot, tag);
	if (is_sent)
		return true;
	/* The kernel refused this one; if it refuses all, the run reports
	 * it. */
	return runner->sent > 1;
}

bool runner_is_ready(struct runner *runner, struct tx_queue *tx_queue)
{
	for (unsigned i = tx_queue->count; i > 0; i--) {
		const struct probe_packet *probe =
			&tx_queue->probes[tx_queue->first];

		if (conn_limit_drop(runner, probe))
			(void)tx_queue_take(tx_queue);
		else if (conn_limit_may_send(runner, probe))
			return true;
		else
			tx_queue_postpone(tx_queue);
	}
	return false;
}

static bool has_experiment_probe(struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (runner_is_ready(runner, &runner->running[i].tx_queue))
			return true;
	return false;
}

bool runner_has_probe(struct runner *runner)
{
	return runner->tx_queue.count || has_experiment_probe(runner);
}

/* Beyond its number an experiment sends what its connections owe. A server that
 * is owed still more is talked to no more. */
static bool send_for(struct runner *runner, unsigned experiment,
	const struct probe_packet *probe, struct failure *failure)
{
	struct running *running = &runner->running[experiment];
	unsigned most = running->experiment->most_packets;

	if (running->sent++ >= most && !running->is_over)
		running->is_over = running->is_cut = true;
	if (running->sent > most && !probe->is_duty)
		return true;
	bool is_sent = send_probe(runner, probe, experiment, failure);

	if (running->sent == most + DUTY_PACKETS)
		conn_slots_abort_of(runner, experiment);
	return is_sent;
}

/* The run's own connection goes first, but never twice in a row while an
 * experiment waits: a flood of segments to be acknowledged must not starve
 * them. */
bool runner_send(struct runner *runner, struct failure *failure)
{
	bool is_turn = !runner->was_connection || !has_experiment_probe(runner);
	const struct probe_packet *probe =
		is_turn ? tx_queue_take(&runner->tx_queue) : NULL;

	runner->was_connection = probe != NULL;
	if (probe) {
		bool is_sent = send_probe(runner, probe, RUN_OWNER, failure);

		if (runner->connection_sent++ == RUN_PACKETS) {
			conn_slots_abort_of(runner, RUN_OWNER);
			conn_slots_abort_of(runner, SHARED_OWNER);
		}
		return is_sent;
	}
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		unsigned at = runner->turn++ % runner->options.experiment_count;
		struct running *running = &runner->running[at];

		if (!runner_is_ready(runner, &running->tx_queue))
			continue;
		probe = tx_queue_take(&running->tx_queue);
		return send_for(runner, at, probe, failure);
	}
	return true;
}
