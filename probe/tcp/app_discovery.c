#include "probe/tcp/app_discovery.h"

#include <string.h>

#include "probe/protocol/segment_size.h"

enum {
	MOST_TIMEOUTS = 4, /* timeouts without data */
	LEAST_BYTES = 576, /* no discovery on an interface with less */
	APP_DISCOVERY_BYTES =
		1280,	  /* passes nearly everywhere, and a KEXINIT fits */
	GREETING_MS = 25, /* for the server to greet and name algorithms */
};

static bool is_unused(
	const struct connection *connection, enum port_parity parity)
{
	return connection->state == CONNECTION_IDLE &&
	       (parity == PORT_ANY ||
		       connection->own_port % 2 == (unsigned)parity);
}

unsigned app_discovery_unused(
	const struct probe_context *context, enum port_parity parity)
{
	unsigned count = 0;

	for (unsigned i = 0; i < context->own_count; i++)
		count += is_unused(&context->own[i], parity);
	return count;
}

struct connection *app_discovery_open(struct app_discovery *discovery,
	struct probe_context *context, uint32_t ip_bytes,
	enum port_parity parity, struct tx_queue *tx_queue)
{
	unsigned i = 0;

	while (i < context->own_count && !is_unused(&context->own[i], parity))
		i++;
	if (i == context->own_count ||
		probe_context_may_open(context, 1, 0) == 0)
		return NULL;
	struct connection *connection = &context->own[i];

	discovery->used++;
	connection->offered_mss = segment_mss_of(context->family, ip_bytes);
	(void)probe_context_open( /* the caller has looked */
		context, connection, tx_queue);
	return connection;
}

static enum app_discovery_state choose(struct app_discovery *discovery,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct connection *main = context->connection;
	enum app_stimulus_kind kind = app_stimulus_of(
		context->port, main->has_greeting ? main->greeting : NULL);

	if (kind == APP_STIMULUS_NONE)
		return main->has_greeting ? APP_DISCOVERY_LOST
					  : APP_DISCOVERY_GREETING;
	app_stimulus_begin(&discovery->stimulus, kind);
	if (kind != APP_STIMULUS_SSH)
		return APP_DISCOVERY_LEARNED;
	discovery->silences = 0;
	discovery->discovery_conn = app_discovery_open(discovery, context,
		context->interface_mtu < APP_DISCOVERY_BYTES
			? context->interface_mtu
			: APP_DISCOVERY_BYTES,
		PORT_ANY, tx_queue);
	return discovery->discovery_conn ? APP_DISCOVERY_LISTENING
					 : APP_DISCOVERY_LOST;
}

enum app_discovery_state app_discovery_begin(struct app_discovery *discovery,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	discovery->state = connection_is_gone(context->connection) ||
					   context->interface_mtu < LEAST_BYTES
				   ? APP_DISCOVERY_LOST
				   : choose(discovery, context, tx_queue);
	return discovery->state;
}

/* The stream as far as it is known; packets come in any order. */
static void keep_heard(
	struct app_discovery *discovery, const struct packet *packet)
{
	uint32_t at =
		packet->sequence - discovery->discovery_conn->receive_first;

	if (at < APP_DISCOVERY_HEARD &&
		packet->payload_captured <= APP_DISCOVERY_HEARD - at)
		memcpy(discovery->heard + at, packet->payload,
			packet->payload_captured);
}

/* With a closed window the server buffers its greeting together with its
 * algorithms: else the algorithms wait for our ACK of the greeting (Nagle; RFC
 * 9293, 3.7.4). */
static void greet(struct app_discovery *discovery, struct tx_queue *tx_queue)
{
	connection_allow(discovery->discovery_conn, 0, tx_queue);
	(void)connection_send(discovery->discovery_conn,
		discovery->stimulus.bytes, discovery->stimulus.used, tx_queue);
	tx_queue->timer_ms = GREETING_MS;
}

/* A SYN that may have to wait is no silence; one that is sent in vain ends its
 * connection. */
static bool is_silent(struct app_discovery *discovery)
{
	const struct connection *discovery_conn = discovery->discovery_conn;

	discovery->silences += discovery_conn->state != CONNECTION_OPENING;
	return discovery->silences > MOST_TIMEOUTS ||
	       connection_is_gone(discovery_conn);
}

static enum app_discovery_state listen(struct app_discovery *discovery,
	const struct probe_context *context, const struct event *event,
	struct tx_queue *tx_queue)
{
	struct connection *discovery_conn = discovery->discovery_conn;

	if (connection_is_gone(context->connection))
		return APP_DISCOVERY_LOST;
	/* Retransmit after a timeout: the packet may have been lost. */
	if ((event->kind == EVENT_TIMEOUT || event->kind == EVENT_TIMER) &&
		discovery_conn->state == CONNECTION_OPEN &&
		discovery_conn->said)
		connection_allow(discovery_conn, UINT16_MAX, tx_queue);
	if (event->kind == EVENT_TIMEOUT)
		return is_silent(discovery) ? APP_DISCOVERY_LOST
					    : APP_DISCOVERY_LISTENING;
	if (event->connection != discovery_conn)
		return APP_DISCOVERY_LISTENING;
	if (discovery_conn->state == CONNECTION_OPEN && !discovery_conn->said)
		greet(discovery, tx_queue);
	if (connection_is_gone(discovery_conn))
		return APP_DISCOVERY_LOST;
	if (event->packet->kind != PACKET_TCP ||
		event->packet->payload_captured == 0)
		return APP_DISCOVERY_LISTENING;
	keep_heard(discovery, event->packet);
	uint32_t known = connection_received_bytes(discovery_conn);
	if (!connection_is_heard(discovery_conn))
		return APP_DISCOVERY_LISTENING;
	switch (ssh_kex_client_step(&discovery->stimulus, discovery->heard,
		known < APP_DISCOVERY_HEARD ? known : APP_DISCOVERY_HEARD)) {
	case APP_STIMULUS_WAITS:
		return discovery_conn->has_peer_closed ||
				       known >= APP_DISCOVERY_HEARD
			       ? APP_DISCOVERY_LOST
			       : APP_DISCOVERY_LISTENING;
	case APP_STIMULUS_READY:
		discovery->stimulus.plain_bytes = known;
		connection_close(discovery_conn, tx_queue);
		return APP_DISCOVERY_LEARNED;
	case APP_STIMULUS_LOST:
		break;
	}
	return APP_DISCOVERY_LOST;
}

enum app_discovery_state app_discovery_step(struct app_discovery *discovery,
	struct probe_context *context, const struct event *event,
	struct tx_queue *tx_queue)
{
	switch (discovery->state) {
	case APP_DISCOVERY_GREETING:
		discovery->state =
			app_discovery_begin(discovery, context, tx_queue);
		if (discovery->state == APP_DISCOVERY_GREETING &&
			context->connection->state == CONNECTION_OPEN &&
			event->kind == EVENT_TIMEOUT &&
			++discovery->silences > MOST_TIMEOUTS)
			discovery->state = APP_DISCOVERY_LOST;
		break;
	case APP_DISCOVERY_LISTENING:
		discovery->state = listen(discovery, context, event, tx_queue);
		break;
	case APP_DISCOVERY_LEARNED:
	case APP_DISCOVERY_LOST:
		break;
	}
	return discovery->state;
}
