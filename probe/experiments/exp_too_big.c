/* Does the server honour a PTB? (The idea is tbit's.) The client makes the
 * server send much data; it does not acknowledge the first large segment but
 * sends an ICMP "fragmentation needed" or ICMPv6 "packet too big" that quotes
 * it, from its own address: an endpoint may send a PTB, too. A server that
 * honours it retransmits the same bytes in smaller segments.
 *
 * Servers cache the path MTU for our address (Linux: ten minutes), so this
 * experiment runs only when named, and last. */
#include "probe/experiments/registry.h"

#include <stdio.h>

#include "probe/protocol/probe_rules.h"
#include "probe/tcp/app_discovery.h"

enum {
	CONNECTIONS = 2,
	COLLECT_MS = 450,
	COLLECTS = 4, /* so often, where nothing shows that data waits */
	WAIT_MS = 1000,
	WAITS = 9,	   /* Linux' tcp_mtu_probing begins at 6.5 s */
	LEAST_LIMIT = 600, /* Linux honours none below 552 */
};

enum too_big_phase {
	PHASE_DISCOVERY,
	PHASE_REQUEST,
	PHASE_COLLECTING,
	PHASE_PTB_SENT
};

struct too_big_state {
	enum too_big_phase phase;
	struct app_discovery discovery;
	struct connection *connection;
	uint32_t limit;
	unsigned told, silences;
	/* the server asks for a window (RFC 9293, 3.8.6.1): data waits there */
	bool has_asked;
};

static bool begin(struct too_big_state *state, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	uint32_t limit = context->results.reverse->limit;
	uint32_t size = limit ? limit : context->interface_mtu;

	state->limit =
		size > PTB_LIMIT_BYTES ? PTB_LIMIT_BYTES : size - size / 4;
	if (state->limit < LEAST_LIMIT ||
		(context->family == 6 && state->limit < PTB_LIMIT_BYTES))
		return false;
	state->phase = PHASE_REQUEST;
	state->silences = 0;
	state->has_asked = false;
	state->connection = app_discovery_open(
		&state->discovery, context, size, PORT_ANY, tx_queue);
	return state->connection != NULL;
}

static bool go_on(struct too_big_state *state,
	enum app_discovery_state discovery, struct probe_context *context,
	struct tx_queue *tx_queue)
{
	switch (discovery) {
	case APP_DISCOVERY_GREETING:
	case APP_DISCOVERY_LISTENING:
		return true;
	case APP_DISCOVERY_LEARNED:
		return begin(state, context, tx_queue);
	case APP_DISCOVERY_LOST:
		break;
	}
	return false;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	struct too_big_state *state = memory;

	tx_queue->wait_ms = COLLECT_MS;
	return go_on(state,
		app_discovery_begin(&state->discovery, context, tx_queue),
		context, tx_queue);
}

static void tell(struct too_big_state *state, const struct packet *packet,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TOO_BIG;
	probe->claimed_mtu = (uint16_t)state->limit;
	probe->quote = (struct quotation){
		.family = packet->family,
		.protocol = PROTOCOL_TCP,
		.source = packet->source,
		.target = packet->target,
		.source_port = packet->source_port,
		.target_port = packet->target_port,
		.has_ports = true,
		.sequence = packet->sequence,
		.has_sequence = true,
		.acknowledged = packet->acknowledged,
		.tcp_flags = packet->tcp_flags,
		.has_acknowledged = true,
		.total_bytes = (uint16_t)packet->ip_bytes,
		.ip_id = packet->ip_id,
		.is_df = packet->is_df,
		.ttl = packet->ttl,
		.tos = packet->tos,
	};
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"too-big: PTB of %u", state->limit);
	state->told++;
}

/* False when the server has answered in one way or another. */
static bool take_data(struct too_big_state *state, const struct event *event,
	struct tx_queue *tx_queue)
{
	const struct packet *packet = event->packet;
	bool is_first = packet->sequence == state->connection->receive_next;

	if (packet->kind != PACKET_TCP || packet->payload_bytes == 0 ||
		!is_first || !event->is_one_segment)
		return true;
	if (packet->family == 4 && !packet->is_df)
		return false; /* DF is clear: routers may fragment its
				 packets */
	if (packet->ip_bytes <= state->limit) {
		/* A server that took its time began with little: what
		 * follows may be larger. */
		connection_ack_resume(state->connection);
		return state->told == 0;
	}
	if (state->told < PTB_MOST_SENT)
		tell(state, packet, tx_queue);
	return true;
}

static bool take_packet(struct too_big_state *state, const struct event *event,
	struct tx_queue *tx_queue)
{
	struct connection *connection = state->connection;

	if (connection_is_gone(connection))
		return false;
	if (state->phase == PHASE_REQUEST &&
		connection->state == CONNECTION_OPEN && !connection->said) {
		connection_allow(connection, 0, tx_queue);
		(void)connection_send(connection,
			state->discovery.stimulus.bytes,
			state->discovery.stimulus.used, tx_queue);
	}
	if (state->phase == PHASE_COLLECTING &&
		(event->packet->payload_bytes > 0 ||
			event->packet->sequence != connection->receive_next))
		state->has_asked = true;
	if (state->phase == PHASE_REQUEST && connection->said &&
		connection_is_heard(connection))
		state->phase = PHASE_COLLECTING;
	if (state->phase != PHASE_PTB_SENT)
		return true;
	if (!connection->is_ignoring) {
		if (event->packet->payload_bytes > 0)
			connection_ack_withhold(connection);
		return true;
	}
	return take_data(state, event, tx_queue);
}

static bool take_silence(struct too_big_state *state, struct tx_queue *tx_queue)
{
	struct connection *connection = state->connection;

	if (state->phase == PHASE_COLLECTING) {
		if (!state->has_asked && ++state->silences < COLLECTS)
			return true;
		state->phase = PHASE_PTB_SENT;
		state->silences = 0;
		tx_queue->wait_ms = WAIT_MS;
		connection_ack_withhold(connection);
		connection_allow(connection, UINT16_MAX, tx_queue);
		return true;
	}
	state->silences++;
	if (state->phase == PHASE_PTB_SENT && state->told == 0)
		return state->silences <= 1;
	return state->silences < WAITS;
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct too_big_state *state = memory;
	bool goes_on = true;

	if (state->phase == PHASE_DISCOVERY)
		return go_on(state,
			app_discovery_step(
				&state->discovery, context, event, tx_queue),
			context, tx_queue);
	if (event->kind == EVENT_TIMEOUT)
		goes_on = take_silence(state, tx_queue);
	else if (event->connection == state->connection)
		goes_on = take_packet(state, event, tx_queue);
	if (!goes_on)
		connection_close(state->connection, tx_queue);
	return goes_on;
}

const struct experiment experiment_too_big = {
	.id = EXPERIMENT_TOO_BIG,
	.state_bytes = sizeof(struct too_big_state),
	.most_packets = 200,
	.usual_later = 20,
	.connections = CONNECTIONS,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_FORWARD |
		 1u << RESULT_REVERSE,
	.takes = RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};
