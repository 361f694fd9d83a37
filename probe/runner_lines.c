#include "probe/runner_state.h"

#include <assert.h>

enum { PASSES_BYTES = 576 }; /* IPv4's least; no hole is below */

void lines_plan(struct runner *runner)
{
	const struct runner_options *options = &runner->options;

	runner->lines[0].owner = RUN_OWNER;
	runner->line_count = 1;
	for (unsigned i = 0; i < options->experiment_count; i++) {
		unsigned wanted = options->experiments[i]->connections;

		runner->running[i].first_line = runner->line_count;
		for (; wanted > 0 && runner->line_count < LINES; wanted--)
			runner->lines[runner->line_count++].owner = i;
	}
	runner->spare = (struct guard){-1, -1, 0};
	for (unsigned i = 0; i < LINES; i++)
		runner->lines[i].guard = runner->spare;
}

bool lines_open(struct runner *runner, struct failure *failure)
{
	uint8_t family = runner->options.family;
	const struct address *own = &runner->options.route->own;

	for (unsigned i = 0; i < runner->line_count; i++)
		if (!guard_open(&runner->lines[i].guard, family, own, failure))
			return false;
	return guard_open(&runner->spare, family, own, failure);
}

static unsigned add_guard(
	const struct guard *guard, int *descriptors, unsigned count)
{
	descriptors[count] = guard->stream;
	descriptors[count + 1] = guard->datagram;
	return count + 2;
}

void lines_tell_guards(const struct runner *runner)
{
	int descriptors[RUNNER_GUARDS];
	unsigned count = add_guard(&runner->spare, descriptors, 0);

	static_assert(2 * (LINES + 1) <= RUNNER_GUARDS, "room for all");
	for (unsigned i = 0; i < runner->line_count; i++)
		count = add_guard(
			&runner->lines[i].guard, descriptors, count);
	if (runner->options.on_guarded)
		runner->options.on_guarded(
			runner->options.context, descriptors, count);
}

void lines_close(struct runner *runner)
{
	for (unsigned i = 0; i < runner->line_count; i++)
		guard_close(&runner->lines[i].guard);
	guard_close(&runner->spare);
}

void lines_set_up(struct runner *runner, uint32_t first_sequence)
{
	const struct runner_options *options = &runner->options;
	uint32_t header = options->family == 4 ? 40 : 60;
	unsigned count = 0;

	for (unsigned i = 0; i < runner->line_count; i++) {
		uint16_t port = runner->lines[i].guard.port;
		unsigned owner = runner->lines[i].owner;

		runner->connections[i] = (struct connection){
			.name = owner == RUN_OWNER
				? "connection"
				: options->experiments[owner]->name,
			.own_port = port,
			.target_port = options->port,
			.first_sequence = first_sequence + i * 0x01234567u,
			.offered_mss = (uint16_t)(
				options->route->interface_mtu - header),
		};
		runner->ports[count++] = port;
	}
	runner->ports[count++] = runner->spare.port;
	runner->ours = (struct ours){
		&runner->table, runner->ports, count, options->port};
}

int line_of_port(const struct runner *runner, uint16_t port)
{
	for (unsigned i = 0; i < runner->line_count; i++)
		if (runner->lines[i].guard.port == port)
			return (int)i;
	return -1;
}

struct outbox *line_outbox(struct runner *runner, unsigned line)
{
	unsigned owner = runner->lines[line].owner;

	return owner == RUN_OWNER ? &runner->outbox
				  : &runner->running[owner].outbox;
}

int64_t lines_tell_silence(struct runner *runner, int64_t now)
{
	int64_t wait = patience_ns(&runner->patience), next = wait;

	for (unsigned i = 0; i < runner->line_count; i++) {
		struct connection *connection = &runner->connections[i];
		struct outbox *outbox = line_outbox(runner, i);
		int64_t left = runner->lines[i].since_ns + wait - now;

		if (!connection_is_waiting(connection) || outbox->count)
			continue;
		/* A target that is not there is knocked at on one line. */
		if (i > 0 &&
			runner->connections[0].state == CONNECTION_OPENING)
			continue;
		if (left <= 0) {
			runner->lines[i].since_ns = now;
			connection_silence(connection, outbox);
			next = 0;
		} else if (left < next) {
			next = left;
		}
	}
	return next;
}

bool lines_end(struct runner *runner)
{
	bool is_ended = true;

	for (unsigned i = 0; i < runner->line_count; i++) {
		struct connection *connection = &runner->connections[i];

		connection_close(connection, line_outbox(runner, i));
		is_ended = is_ended &&
			connection->state != CONNECTION_OPENING &&
			connection->state != CONNECTION_CLOSING &&
			line_outbox(runner, i)->count == 0;
	}
	return is_ended;
}

/* Whether old data, which every TCP answers, had no answer in a size that
 * passes everywhere. */
static bool has_lost(const struct runner *runner)
{
	for (uint32_t i = 0; i < runner->table.count; i++) {
		const struct asked *asked = &runner->table.asked[i];

		if (asked->protocol == PROTOCOL_TCP && asked->payload_bytes &&
			asked->tcp_flags == TCP_ACK &&
			asked->ip_bytes <= PASSES_BYTES &&
			asked->ttl >= runner->situation.distance &&
			!runner->has_answer[i])
			return true;
	}
	return false;
}

bool runner_is_settled(const struct runner *runner)
{
	/* Then the acknowledgment of an end may be lost as well, and the
	 * target sends that end again; where a signal ends all connections at
	 * once, it may do so before it hears of us. */
	if (runner->options.is_stopped && *runner->options.is_stopped)
		return false;
	if (has_lost(runner))
		return false;
	for (unsigned i = 0; i < runner->line_count; i++) {
		const struct connection *connection = &runner->connections[i];

		if (connection->state != CONNECTION_IDLE &&
			connection->state != CONNECTION_REFUSED &&
			connection->state != CONNECTION_LOST &&
			!connection->has_peer_closed)
			return false;
	}
	return true;
}
