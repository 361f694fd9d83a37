/* Payload in clear: which side is the client where no SYN shows it; a request
 * without a response; and the message with which a side explains its close. */
#include "analysis/observe/observe.h"

#include <string.h>

#include "analysis/observe/asked_name.h"
#include "analysis/observe/spoken.h"

/* In a connection that was picked up in the middle words tell more than
 * ports. */
static void orient(struct flow *flow, unsigned index, enum spoken spoken)
{
	bool is_client = spoken_by_client(spoken);

	if (flow->flags & FLOW_ORIENTED ||
		(!is_client && !spoken_by_server(spoken)))
		return;
	if ((index == 1) == is_client)
		flow->flags |= FLOW_CLIENT_IS_1;
	else
		flow->flags &= ~(uint32_t)FLOW_CLIENT_IS_1;
}

static void keep_words(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet, enum spoken spoken)
{
	struct evidence *evidence = observe_evidence(observer, flow);

	if (!evidence || evidence->farewell.spoken)
		return;
	evidence->farewell.spoken = (uint8_t)spoken;
	evidence->farewell.side = (uint8_t)index;
	evidence->farewell.packet = packet_summary_of(packet);
	spoken_text(packet, spoken, evidence->farewell.text,
		sizeof(evidence->farewell.text));
}

/* A greeting that refuses; of HTTP 408, which also puts connections away on
 * which nobody has asked, that to a request that did not come to its end. */
static bool is_told_why(const struct packet *packet, enum spoken asked)
{
	return packet->payload[0] == 'H'
		       ? asked != SPOKEN_NOTHING
		       : asked == SPOKEN_NOTHING || asked == SPOKEN_OTHER;
}

/* One protocol, answered in another. */
static bool is_other(enum spoken asked, enum spoken answered)
{
	const char *one = spoken_protocol(asked);
	const char *other = spoken_protocol(answered);

	return one && other && strcmp(one, other) != 0;
}

/* What of the first data a device may look for. Of a ClientHello the first
 * bytes are only those that all have: behind them comes its length. */
static void keep_bytes(const struct packet *packet, enum spoken spoken,
	struct trigger_conn *heard)
{
	enum { TLS_COMMON = 2 };
	uint32_t bytes = packet->payload_bytes < TRIGGER_BYTES_MOST
				 ? packet->payload_bytes
				 : TRIGGER_BYTES_MOST;

	if (packet->payload_captured < bytes)
		return;
	if (spoken == SPOKEN_CLIENT_HELLO)
		bytes = TLS_COMMON;
	heard->byte_count = (uint8_t)bytes;
	memcpy(heard->bytes, packet->payload, bytes);
}

/* The first data of a client, from its first byte on: what a device that
 * resets connections may have looked for. */
static void hear_trigger(struct observer *observer, const struct flow *flow,
	unsigned index, const struct packet *packet, enum spoken spoken)
{
	struct trigger_conn heard = {
		.server = packet->target,
		.port = packet->target_port,
		.family = packet->family,
	};
	struct asked_name name;

	if (index != flow_client(flow) || !(flow->flags & FLOW_ORIENTED) ||
		flow->side[index].flags & SIDE_DATA ||
		packet->sequence != flow->cold[index].first_sequence + 1)
		return;
	keep_bytes(packet, spoken, &heard);
	asked_name_of(packet, spoken, &name);
	if (name.is_unknown || heard.byte_count == 0)
		heard.name = UINT32_MAX;
	else if (name.kind != TRIGGER_NONE)
		heard.name = triggers_name(observer->triggers, name.kind,
			name.text, name.bytes);
	/* without its name it would count among those without one */
	if (heard.name == UINT32_MAX && name.kind != TRIGGER_NONE)
		return;
	triggers_hear(observer->triggers, flow, &heard);
}

/* The first words of a side. */
static enum spoken hear_first(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	enum spoken spoken = spoken_of(packet);
	enum spoken asked = (enum spoken)flow->cold[!index].spoken;
	bool is_refusal = spoken == SPOKEN_REFUSAL &&
			  index == flow_server(flow) &&
			  is_told_why(packet, asked);

	flow->cold[index].spoken = spoken & 0xf;
	orient(flow, index, spoken);
	hear_trigger(observer, flow, index, packet, spoken);
	if (spoken == SPOKEN_HTTP_REQUEST)
		flow->flags |= FLOW_HTTP;
	if (spoken == SPOKEN_TLS_ALERT || is_refusal ||
		(index == flow_server(flow) && is_other(asked, spoken)))
		keep_words(observer, flow, index, packet, spoken);
	return spoken;
}

void observe_spoken(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	enum spoken before = (enum spoken)flow->cold[index].spoken;
	enum spoken spoken = SPOKEN_NOTHING;

	if (before == SPOKEN_NOTHING ||
		(before == SPOKEN_OTHER && !(flow->flags & FLOW_ORIENTED)))
		spoken = hear_first(observer, flow, index, packet);
	if (index == flow_server(flow)) {
		flow->flags &= ~(uint32_t)FLOW_ASKED;
		return;
	}
	if (spoken == SPOKEN_NOTHING)
		spoken = spoken_of(packet);
	if (packet->payload_captured && spoken_by_client(spoken))
		flow->flags |= FLOW_ASKED;
}

void observe_alert(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	if (spoken_of(packet) == SPOKEN_TLS_ALERT)
		keep_words(observer, flow, index, packet, SPOKEN_TLS_ALERT);
}

void observe_reply(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	if (index == flow_server(flow) &&
		spoken_closes((enum spoken)flow->cold[index].spoken, packet))
		keep_words(observer, flow, index, packet, SPOKEN_REFUSAL);
}

/* The server has the request, and has said nothing since. */
static bool is_awaiting(const struct flow *flow, uint32_t asked_end)
{
	unsigned client = flow_client(flow);

	return (flow->flags & (FLOW_ASKED | FLOW_ORIENTED | FLOW_SYNACK)) ==
		       (FLOW_ASKED | FLOW_ORIENTED | FLOW_SYNACK) &&
	       !((flow->side[0].flags | flow->side[1].flags) & SIDE_UNSEEN) &&
	       flow->side[!client].acked == asked_end;
}

void observe_end(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	const struct side *client = &flow->side[flow_client(flow)];
	/* its FIN is counted already, which the server may not have yet */
	bool is_fin_counted =
		client->flags & SIDE_FIN ||
		(index == flow_client(flow) && packet->tcp_flags & TCP_FIN);
	int64_t waited_ns = packet->time_ns - flow_last_ns(flow);
	struct evidence *evidence;

	if (!is_awaiting(flow, client->next - is_fin_counted) ||
		waited_ns < observer->thresholds->no_response_s * SECOND_NS)
		return;
	evidence = observe_evidence(observer, flow);
	if (!evidence || evidence->awaited.waited_ns)
		return;
	evidence->awaited.waited_ns = waited_ns;
	evidence->awaited.side = (uint8_t)index;
	evidence->awaited.end = packet_summary_of(packet);
}
