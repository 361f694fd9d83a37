#include "cli/flow_choice.h"

#include <inttypes.h>

#include "report/address_text.h"
#include "report/flow_packets.h"
#include "report/groups.h"

static void keep(struct flow_choice *choice, const struct packet *packet)
{
	choice->framed = *packet;
	/* its bytes go back to the reader */
	choice->framed.payload = choice->framed.segment = NULL;
	choice->has_framed = true;
}

static bool has_end(const struct packet *packet, const struct flow_name *named)
{
	struct endpoint source = {packet->source, packet->source_port};
	struct endpoint target = {packet->target, packet->target_port};

	return packet->kind == PACKET_TCP && packet->family == named->family &&
	       (endpoint_is_same(&source, &named->client) ||
		       endpoint_is_same(&target, &named->client));
}

static bool is_asked_for(
	const struct flow_choice *choice, const struct packet *packet)
{
	if (choice->frame != 0)
		return packet->frame == choice->frame;
	if (choice->named.family == 0)
		return false;
	return choice->is_lone
		       ? has_end(packet, &choice->named)
		       : flow_speaker(&choice->named, packet) != SPEAKER_NOBODY;
}

void flow_choice_look(struct flow_choice *choice, const struct packet *packet)
{
	uint32_t stream = TCP_STREAM_NONE;

	if (choice->has_stream) {
		if (tcp_streams_take(&choice->streams, packet) !=
			choice->stream)
			return;
		choice->last_frame = packet->frame;
		if (!choice->has_framed)
			keep(choice, packet);
		return;
	}
	if (choice->has_framed)
		return;
	if (choice->frame != 0)
		stream = tcp_streams_take(&choice->streams, packet);
	if (!is_asked_for(choice, packet))
		return;
	keep(choice, packet);
	if (stream != TCP_STREAM_NONE)
		choice->start = tcp_stream_start(&choice->streams, stream);
}

void flow_choice_release(struct flow_choice *choice)
{
	tcp_streams_release(&choice->streams);
}

static bool is_same_flow(const struct flow_name *a, const struct flow_name *b)
{
	return a->family == b->family &&
	       ((endpoint_is_same(&a->client, &b->client) &&
			endpoint_is_same(&a->server, &b->server)) ||
		       (endpoint_is_same(&a->client, &b->server) &&
			       endpoint_is_same(&a->server, &b->client)));
}

/* Is it of another connection of the same ports than the packet that was named:
 * over before that one began, or begun after the packet? */
static bool is_of_other(
	const struct flow_choice *choice, const struct incident *incident)
{
	uint64_t last_frame = incident->frame;

	if (choice->start.frame == 0)
		return false;
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame > last_frame)
			last_frame = incident->excerpts[i].frame;
	return last_frame < choice->start.frame ||
	       (incident->began_ns != INT64_MIN &&
		       choice->framed.time_ns != INT64_MIN &&
		       incident->began_ns > choice->framed.time_ns);
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
		if (!is_same_flow(&incident.flow, &choice->flow) ||
			is_of_other(choice, &incident))
			continue;
		choice->incident_index = i;
		if (incident.frame >= frame)
			break;
	}
}

/* Did the incident concern the one end that was named? */
static bool has_lone_end(
	const struct flow_choice *choice, const struct incident *incident)
{
	const struct flow_name *flow = &incident->flow;

	return !choice->is_lone ||
	       (flow->family == choice->named.family &&
		       (endpoint_is_same(
				&flow->client, &choice->named.client) ||
			       endpoint_is_same(
				       &flow->server, &choice->named.client)));
}

/* The failure that came first, of the end that was named. */
static void choose_first(
	struct flow_choice *choice, const struct report_source *source)
{
	uint64_t least = UINT64_MAX;
	struct incident incident;

	choice->incident_index = UINT64_MAX;
	for (uint64_t i = 0; i < source->incident_count; i++) {
		source->incident(source->context, i, &incident);
		if (incident.mechanism == MECHANISM_ORDERLY ||
			incident.frame >= least ||
			!has_lone_end(choice, &incident))
			continue;
		least = incident.frame;
		choice->incident_index = i;
	}
}

/* A group's representative, or the first of its incidents that concerned the
 * end that was named; UINT64_MAX: none did. */
static uint64_t member_of_end(const struct flow_choice *choice,
	const struct report_source *source, const struct groups *groups,
	uint32_t at)
{
	const struct group_entry *entry = &groups->entries[at];
	struct incident incident;

	source->incident(source->context, entry->representative, &incident);
	if (has_lone_end(choice, &incident))
		return entry->representative;
	for (uint64_t i = 0; i < entry->member_count; i++) {
		uint64_t index = groups->members[entry->first_member + i];

		source->incident(source->context, index, &incident);
		if (has_lone_end(choice, &incident))
			return index;
	}
	return UINT64_MAX;
}

static bool choose_worst(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure)
{
	struct groups groups;

	choice->incident_index = UINT64_MAX;
	if (!groups_make(&groups, source))
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory to sort the incidents");
	for (uint32_t i = 0; i < groups.list.count; i++) {
		choice->incident_index =
			member_of_end(choice, source, &groups, i);
		if (choice->incident_index != UINT64_MAX)
			break;
	}
	groups_free(&groups);
	return true;
}

/* A packet's flow, for a connection that nothing happened to. */
static bool name_by_packet(struct flow_choice *choice, struct failure *failure)
{
	const struct packet *packet = &choice->framed;
	struct flow_name *flow = &choice->flow;

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

static bool is_absent(const struct flow_choice *choice, struct failure *failure)
{
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
	const struct flow_name *named = &choice->named;

	if (choice->has_framed)
		return false;
	if (choice->streams.has_no_memory)
		return !failure_set(failure, EXIT_INPUT_CUT,
			"no memory to count TCP streams");
	if (choice->frame != 0)
		return !failure_set(failure, EXIT_USAGE,
			"no packet %" PRIu64 " in the recording",
			choice->frame);
	if (choice->has_stream)
		return !failure_set(failure, EXIT_USAGE,
			"no TCP stream %" PRIu64 ": there are %" PRIu32
			", from 0",
			choice->stream, choice->streams.count);
	endpoint_text(client, &named->client, named->family);
	endpoint_text(server, &named->server, named->family);
	return !failure_set(failure, EXIT_USAGE,
		"no packet of %s%s%s in the recording", client,
		choice->is_lone ? "" : "-", choice->is_lone ? "" : server);
}

/* The incident of a stream: one of its packets' frames. */
static void find_in_stream(
	struct flow_choice *choice, const struct report_source *source)
{
	struct incident incident;

	find_incident(choice, source, choice->framed.frame);
	if (choice->incident_index == UINT64_MAX)
		return;
	source->incident(source->context, choice->incident_index, &incident);
	if (incident.frame < choice->framed.frame ||
		incident.frame > choice->last_frame)
		choice->incident_index = UINT64_MAX;
}

static bool settle_asked(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure)
{
	if (is_absent(choice, failure))
		return false;
	if (choice->named.family != 0 && !choice->is_lone) {
		choice->flow = choice->named;
		find_incident(choice, source, 0);
		return true;
	}
	if (!name_by_packet(choice, failure))
		return false;
	if (choice->has_stream)
		find_in_stream(choice, source);
	else
		find_incident(choice, source, choice->frame);
	return true;
}

bool flow_choice_settle(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure)
{
	bool is_asked = choice->named.family != 0 || choice->frame != 0 ||
			choice->has_stream;

	choice->has_flow = true;
	choice->incident_index = UINT64_MAX;
	if (!is_asked || choice->is_lone) {
		if (choice->is_first)
			choose_first(choice, source);
		else if (!choose_worst(choice, source, failure))
			return false;
		choice->has_flow = choice->incident_index != UINT64_MAX;
	}
	if (is_asked && choice->incident_index == UINT64_MAX) {
		if (!settle_asked(choice, source, failure))
			return false;
		choice->has_flow = true;
	}
	if (choice->incident_index != UINT64_MAX) {
		source->incident(source->context, choice->incident_index,
			&choice->incident);
		choice->flow = choice->incident.flow;
	}
	return true;
}
