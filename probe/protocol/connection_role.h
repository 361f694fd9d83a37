/* The connection of a run that a TCP packet belongs to. All connections of a
 * run have one port of the target and different local ports. The first SYN of
 * a run opens the connection that all experiments measure on. Packets of the
 * other local ports are CONNECTION_OF_EXPERIMENT: of connections of one
 * experiment, of those that several experiments share, and SYNs of the spare
 * port, which open none. */
#ifndef PROBE_PROTOCOL_CONNECTION_ROLE_H
#define PROBE_PROTOCOL_CONNECTION_ROLE_H

#include "capture/packet.h"

enum connection_role {
	CONNECTION_OF_RUN,
	CONNECTION_OF_EXPERIMENT,
};

struct connection_roles {
	uint16_t run_port; /* ours; 0: no SYN was sent yet */
};

/* Takes a TCP packet that was sent, in the order of sending. */
static inline enum connection_role connection_roles_take(
	struct connection_roles *roles, uint16_t own_port, uint16_t tcp_flags)
{
	if (roles->run_port == 0 && tcp_flags & TCP_SYN)
		roles->run_port = own_port;
	return roles->run_port == 0 || roles->run_port == own_port
		       ? CONNECTION_OF_RUN
		       : CONNECTION_OF_EXPERIMENT;
}

#endif
