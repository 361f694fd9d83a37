#include "analysis/verdict/roles.h"

#include "analysis/observe/app_message.h"

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
	       app_message_by_client(
		       (enum app_message)flow->cold[client].app_message) ||
	       app_message_by_server(
		       (enum app_message)flow->cold[!client].app_message) ||
	       listeners_know(&context->learned->listeners,
		       &conn->address[!client], conn->port[!client]) ||
	       (conn->port[client] >= FIRST_CLIENT_PORT &&
		       conn->port[!client] < FIRST_CLIENT_PORT);
}
