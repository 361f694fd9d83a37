/* How many connections the server holds, and when another one is opened.
 *
 * A server that counts connections (sshd: MaxStartups) has one until its own
 * process has closed it: the server's FIN, or its reset as an answer to ours,
 * shows that, our FIN does not. While connections are being closed the SYN of
 * another one waits, where it would be more than the usual number. It waits no
 * longer than the closing does, which is bounded (connection_silence); how many
 * an experiment keeps open is its own decision. */
#include "probe/engine/runner_state.h"

#include "probe/tcp/app_stimulus.h"

static bool is_held(const struct connection *connection)
{
	return connection->state == CONNECTION_OPENING ||
	       ((connection->state == CONNECTION_OPEN ||
			connection->state == CONNECTION_CLOSING) &&
		       !connection->has_peer_closed);
}

/* A reset of an open one may be forged: only what follows our FIN shows that
 * the server has it no more. */
static bool may_be_held(const struct connection *connection)
{
	return is_held(connection) || connection->state == CONNECTION_LOST;
}

unsigned conn_limit_opened(const struct runner *runner)
{
	unsigned count = 0;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		enum connection_state state = runner->connections[i].state;

		count += state != CONNECTION_IDLE &&
			 state != CONNECTION_REFUSED &&
			 state != CONNECTION_SILENT;
	}
	return count;
}

unsigned conn_limit_held(const struct runner *runner)
{
	unsigned count = 0;

	for (unsigned i = 0; i < runner->slot_count; i++)
		count += is_held(&runner->connections[i]);
	return count;
}

/* SSH servers count connections. A server that has said nothing yet, on a port
 * where it may speak first, may be one. */
static bool is_counting(const struct runner *runner)
{
	const struct connection *own = &runner->connections[0];

	return own->is_ssh ||
	       (!own->has_greeting && app_stimulus_of(runner->options.port,
					      NULL) == APP_STIMULUS_NONE);
}

static bool is_to_wait(const struct runner *runner)
{
	unsigned most = runner->connections[0].is_dropbear
				? SSH_DROPBEAR_AT_ONCE
				: SSH_USUAL_AT_ONCE;
	unsigned held = 0, closing = 0;

	for (unsigned i = 0; i < runner->slot_count; i++) {
		const struct connection *connection = &runner->connections[i];

		if (runner->slots[i].since_ns == 0 || !may_be_held(connection))
			continue;
		held++;
		closing += connection->state == CONNECTION_CLOSING;
	}
	return held >= most && closing > 0;
}

/* The first packet of a connection is its SYN: `since_ns` is 0 until then.
 * Stray segments open none. */
bool conn_limit_may_send(
	const struct runner *runner, const struct probe_packet *probe)
{
	int slot = conn_slot_of_port(runner, probe->source_port);

	return slot < 0 || runner->slots[slot].since_ns != 0 ||
	       runner->connections[slot].is_stray ||
	       !is_counting(runner) || !is_to_wait(runner);
}

/* A shared connection is not dropped when the experiment that opened it ends:
 * others may need it. */
bool conn_limit_drop(struct runner *runner, const struct probe_packet *probe)
{
	int slot = conn_slot_of_port(runner, probe->source_port);
	struct connection *connection;
	unsigned owner;

	if (slot < 0 || runner->slots[slot].since_ns != 0)
		return false;
	connection = &runner->connections[slot];
	owner = runner->slots[slot].owner;
	if (!connection->is_unwanted &&
		(owner >= RUN_OWNER || !runner->running[owner].is_over))
		return false;
	connection->state = CONNECTION_IDLE;
	connection->is_unwanted = false;
	return true;
}
