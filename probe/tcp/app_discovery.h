/* Discovers the application protocol, and the request that makes the server
 * send much data: by the port, by the greeting on the run's connection, and
 * for SSH from the algorithms offered on a discovery connection of the
 * experiment. */
#ifndef PROBE_TCP_APP_DISCOVERY_H
#define PROBE_TCP_APP_DISCOVERY_H

#include "probe/engine/experiment.h"
#include "probe/tcp/app_stimulus.h"

enum { APP_DISCOVERY_HEARD = 4096 };

enum port_parity { PORT_EVEN, PORT_ODD, PORT_ANY };

static inline enum port_parity port_parity_other(enum port_parity parity)
{
	return parity == PORT_ODD ? PORT_EVEN : PORT_ODD;
}

enum app_discovery_state {
	APP_DISCOVERY_GREETING, /* protocol not known yet */
	APP_DISCOVERY_LISTENING,
	APP_DISCOVERY_LEARNED, /* `stimulus` is what to say */
	APP_DISCOVERY_LOST,    /* no request is known */
};

struct app_discovery {
	enum app_discovery_state state;
	struct app_stimulus stimulus;
	struct connection *discovery_conn; /* NULL: none was needed */
	unsigned silences;
	unsigned used; /* of the experiment's connections: opened */
	uint8_t heard[APP_DISCOVERY_HEARD];
};

/* `discovery` is zeroed. Both return its state. */
enum app_discovery_state app_discovery_begin(struct app_discovery *discovery,
	struct probe_context *context, struct tx_queue *tx_queue);
enum app_discovery_state app_discovery_step(struct app_discovery *discovery,
	struct probe_context *context, const struct event *event,
	struct tx_queue *tx_queue);

/* How many of the experiment's connections were never opened, with a port of
 * that parity. */
unsigned app_discovery_unused(
	const struct probe_context *context, enum port_parity parity);
/* The first of them, now in SYN-SENT, with the MSS that makes IP packets of
 * this size; NULL when there is none. */
struct connection *app_discovery_open(struct app_discovery *discovery,
	struct probe_context *context, uint32_t ip_bytes,
	enum port_parity parity, struct tx_queue *tx_queue);

#endif
