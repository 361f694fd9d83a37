/* The connections of a run, the run's own and the experiments': their ports,
 * each guarded (probe/tcp/rst_guard.h), their timers, and their end. */
#include "probe/engine/runner_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "capture/numbers.h"
#include "probe/protocol/segment_size.h"

static void plan_shared(struct runner *runner)
{
	bool is_shared = false;

	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		is_shared = is_shared ||
			    runner->options.experiments[i]->is_sharing;
	runner->shared_first = runner->slot_count;
	runner->shared_count = is_shared ? SHARED_SLOTS : 0;
	for (unsigned i = 0; i < runner->shared_count; i++)
		runner->slots[runner->slot_count++].owner = SHARED_OWNER;
}

void conn_slots_plan(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	runner->slots[0].owner = RUN_OWNER;
	runner->slot_count = 1;
	plan_shared(runner);
	for (unsigned i = 0; i < options->experiment_count; i++) {
		unsigned wanted = options->experiments[i]->connections;

		runner->running[i].first_slot = runner->slot_count;
		for (; wanted > 0 && runner->slot_count < CONN_SLOTS; wanted--)
			runner->slots[runner->slot_count++].owner = i;
		assert(wanted == 0);
	}
	runner->spare = (struct rst_guard){-1, -1, 0};
	for (unsigned i = 0; i < CONN_SLOTS; i++)
		runner->slots[i].guard = runner->spare;
}

bool conn_slots_open(struct runner *runner, struct failure *failure)
{
	uint8_t family = runner->options.family;
	const struct address *own = &runner->options.route->own;
	uint32_t interface_index = runner->options.route->interface_index;

	for (unsigned i = 0; i < runner->slot_count; i++)
		if (!rst_guard_open(&runner->slots[i].guard, family, own,
			    interface_index, i % 2, failure))
			return false;
	return rst_guard_open(
		&runner->spare, family, own, interface_index, 1, failure);
}

static unsigned add_guard(
	const struct rst_guard *guard, int *descriptors, unsigned count)
{
	descriptors[count] = guard->stream;
	descriptors[count + 1] = guard->datagram;
	return count + 2;
}

void conn_slots_tell_guards(const struct runner *runner)
{
	int descriptors[RUNNER_GUARDS];
	unsigned count = add_guard(&runner->spare, descriptors, 0);

	static_assert(2 * (CONN_SLOTS + 1) <= RUNNER_GUARDS, "room for all");
	for (unsigned i = 0; i < runner->slot_count; i++)
		count = add_guard(&runner->slots[i].guard, descriptors, count);
	if (runner->options.on_guarded)
		runner->options.on_guarded(
			runner->options.context, descriptors, count);
}

void conn_slots_close(struct runner *runner)
{
	for (unsigned i = 0; i < runner->slot_count; i++)
		rst_guard_close(&runner->slots[i].guard);
	rst_guard_close(&runner->spare);
}

static const char *name_of(const struct runner *runner, unsigned owner)
{
	if (owner == RUN_OWNER)
		return "connection";
	if (owner == SHARED_OWNER)
		return "shared";
	return probe_experiment_word(runner->options.experiments[owner]->id);
}

void conn_slots_set_up(struct runner *runner, uint32_t first_sequence)
{
	const struct runner_options *options = &runner->options;
	unsigned count = 0;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		uint16_t port = runner->slots[i].guard.port;
		unsigned owner = runner->slots[i].owner;

		runner->connections[i] = (struct connection){
			.name = name_of(runner, owner),
			.own_port = port,
			.wants_confirmation = owner == RUN_OWNER,
			.target_port = options->port,
			.is_ssh = options->port == SSH_PORT,
			.first_sequence = first_sequence + i * 0x01234567u,
			.offered_mss = segment_mss_of(
				options->family, options->route->interface_mtu),
		};
		runner->ports[count++] = port;
	}
	runner->ports[count++] = runner->spare.port;
	runner->own_traffic = (struct own_traffic){
		&runner->table, runner->ports, count, options->port};
}

int conn_slot_of_port(const struct runner *runner, uint16_t port)
{
	for (unsigned i = 0; i < runner->slot_count; i++)
		if (runner->slots[i].guard.port == port)
			return (int)i;
	return -1;
}

struct tx_queue *conn_slot_tx_queue(struct runner *runner, unsigned slot)
{
	unsigned owner = runner->slots[slot].owner;

	return owner >= RUN_OWNER ? &runner->tx_queue
				  : &runner->running[owner].tx_queue;
}

static bool is_queued(const struct tx_queue *tx_queue, uint16_t port)
{
	for (unsigned i = 0; i < tx_queue->count; i++)
		if (tx_queue->probes[(tx_queue->first + i) % TX_QUEUE_PROBES]
				.source_port == port)
			return true;
	return false;
}

/* Whether a packet of the connection waits to be sent: then nothing is late.
 * Those that share it send it through queues of their own. */
static bool is_slot_queued(struct runner *runner, unsigned slot)
{
	uint16_t port = runner->slots[slot].guard.port;

	if (runner->slots[slot].owner != SHARED_OWNER)
		return is_queued(conn_slot_tx_queue(runner, slot), port);
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (is_queued(&runner->running[i].tx_queue, port))
			return true;
	return is_queued(&runner->tx_queue, port);
}

static bool has_opened_another(const struct runner *runner)
{
	for (unsigned i = 1; i < runner->slot_count; i++)
		if (runner->connections[i].peer_ttl)
			return true;
	return false;
}

int64_t conn_slots_timeouts(struct runner *runner, int64_t now)
{
	int64_t rto = rto_ns(&runner->rto), next = rto;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		struct connection *connection = &runner->connections[i];
		struct tx_queue *tx_queue = conn_slot_tx_queue(runner, i);
		int64_t left = runner->slots[i].since_ns +
			       connection_wait_ns(connection, rto) - now;

		if (!connection_is_waiting(connection) ||
			is_slot_queued(runner, i))
			continue;
		/* To a target that does not respond, SYNs go on one connection
		 * only. */
		if (i > 0 && runner->connections[0].state == CONNECTION_OPENING)
			continue;
		if (left <= 0) {
			runner->slots[i].since_ns = now;
			connection->is_port_open =
				i == 0 && has_opened_another(runner);
			connection_silence(connection, tx_queue);
			next = 0;
		} else if (left < next) {
			next = left;
		}
	}
	return next;
}

bool conn_slots_end(struct runner *runner)
{
	bool is_ended = true;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		struct connection *connection = &runner->connections[i];

		connection_close(connection, conn_slot_tx_queue(runner, i));
		is_ended = is_ended &&
			   connection->state != CONNECTION_OPENING &&
			   connection->state != CONNECTION_CLOSING &&
			   conn_slot_tx_queue(runner, i)->count == 0;
	}
	return is_ended;
}

void conn_slots_close_shared(struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (runner->running[i].experiment->is_sharing &&
			!runner->running[i].is_over)
			return;
	for (unsigned i = 0; i < runner->shared_count; i++)
		connection_close(
			&runner->connections[runner->shared_first + i],
			&runner->tx_queue);
}

void conn_slots_abort_of(struct runner *runner, unsigned owner)
{
	for (unsigned i = 0; i < runner->slot_count; i++) {
		struct tx_queue *tx_queue = conn_slot_tx_queue(runner, i);

		if (runner->slots[i].owner == owner)
			connection_abort(&runner->connections[i], tx_queue);
	}
}

/* Of acknowledgments that wait in a transmit queue the last one says what all
 * of them do. */
void conn_slots_abort(struct runner *runner)
{
	bool is_owed[CONN_SLOTS] = {false};

	for (unsigned i = 0; i < runner->slot_count; i++)
		is_owed[i] = is_queued(conn_slot_tx_queue(runner, i),
			runner->slots[i].guard.port);
	runner->tx_queue.count = 0;
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		runner->running[i].tx_queue.count = 0;
	for (unsigned i = 0; i < runner->slot_count; i++) {
		struct connection *connection = &runner->connections[i];
		struct tx_queue *tx_queue = conn_slot_tx_queue(runner, i);

		connection_abort(connection, tx_queue);
		if (is_owed[i])
			connection_acknowledge_end(connection, tx_queue);
	}
}

void conn_slots_refuse(
	struct runner *runner, const struct packet *packet, unsigned owner)
{
	struct probe_packet *probe;

	if (packet->target_port != runner->spare.port ||
		!(packet->tcp_flags & TCP_SYN) ||
		!(packet->tcp_flags & TCP_ACK))
		return;
	runner->has_spare_heard = true;
	probe = tx_queue_add(&runner->tx_queue);
	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->source_port = packet->target_port;
	probe->target_port = packet->source_port;
	probe->tcp_flags = TCP_RST;
	probe->sequence = packet->acknowledged;
	probe->window = UINT16_MAX;
	probe->is_duty = true;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"%s: the SYN arrived, no connection is wanted",
		name_of(runner, owner));
}

void conn_slots_note_greeting(struct runner *runner, unsigned slot)
{
	const struct connection *heard = &runner->connections[slot];

	if (heard->is_ssh || !heard->has_greeting ||
		memcmp(heard->greeting, "SSH-", CONNECTION_GREETING) != 0)
		return;
	for (unsigned i = 0; i < runner->slot_count; i++)
		runner->connections[i].is_ssh = true;
}
