/* The connections of a run, the run's own and the experiments': their ports,
 * each guarded (probe/tcp/rst_guard.h), their timers, and their end. */
#include "probe/engine/runner_state.h"

#include <assert.h>

#include "probe/protocol/segment_size.h"

enum { PASSES_BYTES = 576 }; /* IPv4's least; no hole is below */

void conn_slots_plan(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	runner->slots[0].owner = RUN_OWNER;
	runner->slot_count = 1;
	for (unsigned i = 0; i < options->experiment_count; i++) {
		unsigned wanted = options->experiments[i]->connections;

		runner->running[i].first_slot = runner->slot_count;
		for (; wanted > 0 && runner->slot_count < CONN_SLOTS; wanted--)
			runner->slots[runner->slot_count++].owner = i;
	}
	runner->spare = (struct rst_guard){-1, -1, 0};
	for (unsigned i = 0; i < CONN_SLOTS; i++)
		runner->slots[i].guard = runner->spare;
}

bool conn_slots_open(struct runner *runner, struct failure *failure)
{
	uint8_t family = runner->options.family;
	const struct address *own = &runner->options.route->own;

	for (unsigned i = 0; i < runner->slot_count; i++)
		if (!rst_guard_open(&runner->slots[i].guard, family, own, i % 2,
			    failure))
			return false;
	return rst_guard_open(&runner->spare, family, own, 1, failure);
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

void conn_slots_set_up(struct runner *runner, uint32_t first_sequence)
{
	const struct runner_options *options = &runner->options;
	unsigned count = 0;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		uint16_t port = runner->slots[i].guard.port;
		unsigned owner = runner->slots[i].owner;

		runner->connections[i] = (struct connection){
			.name = owner == RUN_OWNER
					? "connection"
					: probe_experiment_word(
						  options->experiments[owner]
							  ->id),
			.own_port = port,
			.wants_confirmation = owner == RUN_OWNER,
			.target_port = options->port,
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

	return owner == RUN_OWNER ? &runner->tx_queue
				  : &runner->running[owner].tx_queue;
}

int64_t conn_slots_timeouts(struct runner *runner, int64_t now)
{
	int64_t wait = rto_ns(&runner->rto), next = wait;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		struct connection *connection = &runner->connections[i];
		struct tx_queue *tx_queue = conn_slot_tx_queue(runner, i);
		int64_t left = runner->slots[i].since_ns + wait - now;

		if (!connection_is_waiting(connection) || tx_queue->count)
			continue;
		/* To a target that does not respond, SYNs go on one connection
		 * only. */
		if (i > 0 && runner->connections[0].state == CONNECTION_OPENING)
			continue;
		if (left <= 0) {
			runner->slots[i].since_ns = now;
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

/* Whether already acknowledged data, which every TCP answers, was unanswered
 * in a size that passes every path. */
static bool has_lost(const struct runner *runner)
{
	const struct route_result *route = runner->results[RESULT_ROUTE];

	for (uint32_t i = 0; i < runner->table.count; i++) {
		const struct sent_probe *sent_probe =
			&runner->table.sent_probe[i];

		if (sent_probe->protocol == PROTOCOL_TCP &&
			sent_probe->payload_bytes &&
			sent_probe->tcp_flags == TCP_ACK &&
			sent_probe->ip_bytes <= PASSES_BYTES &&
			sent_probe->ttl >= route->distance &&
			!runner->has_answer[i])
			return true;
	}
	return false;
}

bool runner_is_settled(const struct runner *runner)
{
	/* Then the ACK of a FIN may be lost as well, and the target
	 * retransmits the FIN; where a signal ends all connections at once, it
	 * may do so before our packets arrive. */
	if (runner->options.is_stopped && *runner->options.is_stopped)
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
	return true;
}
