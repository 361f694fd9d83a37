#include "cli/flow_choice.h"

#include <inttypes.h>
#include <string.h>

#include "report/groups.h"

void flow_choice_look(struct flow_choice *choice, const struct packet *packet)
{
	if (choice->frame == 0 || packet->frame != choice->frame)
		return;
	choice->framed = *packet;
	/* its bytes go back to the reader */
	choice->framed.payload = choice->framed.segment = NULL;
	choice->has_framed = true;
}

static bool is_same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port &&
	       memcmp(&a->address, &b->address, sizeof(a->address)) == 0;
}

static bool is_same_flow(const struct flow_name *a, const struct flow_name *b)
{
	return a->family == b->family &&
	       ((is_same_endpoint(&a->client, &b->client) &&
			is_same_endpoint(&a->server, &b->server)) ||
		       (is_same_endpoint(&a->client, &b->server) &&
			       is_same_endpoint(&a->server, &b->client)));
}

/* The incident of the flow that `frame` (0: the first) belongs to: the one
 * that ended last before or first after it. */
static void find_incident(struct flow_choice *choice,
	const struct report_source *source, uint64_t frame)
{
	struct incident incident;

	choice->incident_index = UINT64_MAX;
	for (uint64_t i = 0; i < source->incident_count; i++) {
		source->incident(source->context, i, &incident);
		if (!is_same_flow(&incident.flow, &choice->flow))
			continue;
		choice->incident_index = i;
		if (incident.frame >= frame)
			break;
	}
}

static bool choose_worst(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure)
{
	struct groups groups;

	choice->incident_index = UINT64_MAX;
	if (!groups_make(&groups, source))
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory to sort the incidents");
	if (groups.list.count > 0)
		choice->incident_index = groups.entries[0].representative;
	groups_free(&groups);
	return true;
}

/* A packet's flow, for a connection that nothing happened to. */
static bool name_by_packet(struct flow_choice *choice, struct failure *failure)
{
	const struct packet *packet = &choice->framed;
	struct flow_name *flow = &choice->flow;

	if (!choice->has_framed)
		return failure_set(failure, EXIT_USAGE,
			"no packet %" PRIu64 " in the recording",
			choice->frame);
	*flow = (struct flow_name){.family = packet->family};
	if (packet->kind == PACKET_TCP) {
		flow->client =
			(struct endpoint){packet->source, packet->source_port};
		flow->server =
			(struct endpoint){packet->target, packet->target_port};
	} else if (packet->kind == PACKET_ICMP && packet->quoted.has_ports) {
		flow->client = (struct endpoint){
			packet->quoted.source, packet->quoted.source_port};
		flow->server = (struct endpoint){
			packet->quoted.target, packet->quoted.target_port};
	} else {
		return failure_set(failure, EXIT_USAGE,
			"packet %" PRIu64 " belongs to no TCP connection",
			choice->frame);
	}
	/* A SYN comes from the client and a SYN-ACK from the server; else the
	 * lower port is taken for the server's. */
	uint16_t opening = packet->kind == PACKET_TCP
				   ? packet->tcp_flags & (TCP_SYN | TCP_ACK)
				   : 0;
	if (opening == (TCP_SYN | TCP_ACK) ||
		(opening != TCP_SYN && flow->server.port > flow->client.port)) {
		struct endpoint client = flow->server;

		flow->server = flow->client;
		flow->client = client;
	}
	return true;
}

bool flow_choice_settle(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure)
{
	choice->has_flow = true;
	if (choice->named.family != 0) {
		choice->flow = choice->named;
		find_incident(choice, source, 0);
	} else if (choice->frame != 0) {
		if (!name_by_packet(choice, failure))
			return false;
		find_incident(choice, source, choice->frame);
	} else {
		if (!choose_worst(choice, source, failure))
			return false;
		choice->has_flow = choice->incident_index != UINT64_MAX;
	}
	if (choice->incident_index != UINT64_MAX) {
		source->incident(source->context, choice->incident_index,
			&choice->incident);
		choice->flow = choice->incident.flow;
	}
	return true;
}
