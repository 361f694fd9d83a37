#include "analysis/verdict/roles.h"

#include "analysis/observe/spoken.h"

enum {
	FIRST_CLIENT_PORT = 32768, /* Linux' ip_local_port_range; IANA's 49152
				      is above */
};

bool roles_are_known(
	const struct verdict_context *context, const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	return flow->flags & FLOW_ORIENTED ||
	       spoken_by_client((enum spoken)flow->cold[client].spoken) ||
	       spoken_by_server((enum spoken)flow->cold[!client].spoken) ||
	       listeners_know(&context->learned->listeners,
		       &conn->address[!client], conn->port[!client]) ||
	       (conn->port[client] >= FIRST_CLIENT_PORT &&
		       conn->port[!client] < FIRST_CLIENT_PORT);
}
