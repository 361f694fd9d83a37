/* Payload in clear: which side is the client where no SYN shows it; a request
 * without a response; and the message with which a side explains its close. */
#include "analysis/observe/observe.h"

#include <string.h>

#include "analysis/observe/asked_name.h"
#include "analysis/observe/app_message.h"
#include "analysis/observe/http_error.h"
#include "analysis/observe/observe_side.h"
#include "capture/sequence.h"

/* In a connection that was picked up in the middle words tell more than
 * ports. */
static void orient(
	struct flow *flow, unsigned index, enum app_message app_message)
{
	bool is_client = app_message_by_client(app_message);

	if (flow->flags & FLOW_ORIENTED ||
		(!is_client && !app_message_by_server(app_message)))
		return;
	if ((index == 1) == is_client)
		flow->flags |= FLOW_CLIENT_IS_1;
	else
		flow->flags &= ~(uint32_t)FLOW_CLIENT_IS_1;
}

/* RFC 5246, 7.2: behind the header of the record. */
enum { ALERT_LEVEL_AT = 5 };

/* Whether the message is none that its sender ends with: an error after which
 * another answer may come, an alert after which its sender has gone on. */
static bool is_provisional(
	const struct flow *flow, const struct closing_message *message)
{
	const struct side *sender = &flow->side[message->side];
	uint32_t end = sender->next - !!(sender->flags & SIDE_FIN);

	return message->app_message == APP_MESSAGE_NOTHING ||
	       message->app_message == APP_MESSAGE_HTTP_ERROR ||
	       (message->is_warning && sequence_after(end, message->alert_end));
}

static void keep_words(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet,
	enum app_message app_message)
{
	struct evidence *evidence = observe_evidence(observer, flow);
	struct closing_message *message;

	if (!evidence || !is_provisional(flow, &evidence->closing_message))
		return;
	message = &evidence->closing_message;
	message->app_message = (uint8_t)app_message;
	message->side = (uint8_t)index;
	message->packet = packet_summary_of(packet);
	message->is_warning =
		app_message == APP_MESSAGE_TLS_ALERT &&
		packet->payload_captured > ALERT_LEVEL_AT &&
		packet->payload[ALERT_LEVEL_AT] == TLS_ALERT_WARNING;
	message->alert_end = packet->sequence + TLS_ALERT_BYTES;
	if (app_message == APP_MESSAGE_REFUSAL &&
		app_message_may_go_on(packet)) {
		message->is_warning = message->is_reply = true;
		message->alert_end = packet->sequence + packet->payload_bytes;
	}
	message->peer_next = flow->side[!index].next;
	app_message_text(
		packet, app_message, message->text, sizeof(message->text));
}

/* A server's answer that is an error and announces its close; another answer
 * after it takes that back. */
static void hear_answer(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet,
	enum app_message app_message)
{
	struct closing_message *last;

	/* HTTP 408 counts as a refusal; it is an error as well, where nobody
	 * had asked too */
	if (app_message == APP_MESSAGE_HTTP_ERROR ||
		(app_message == APP_MESSAGE_REFUSAL &&
			http_error_closes(packet)))
		keep_words(
			observer, flow, index, packet, APP_MESSAGE_HTTP_ERROR);
	if (app_message != APP_MESSAGE_HTTP_ANSWER || !flow->evidence)
		return;
	last = &evidence_at(&observer->evidence_pool, flow->evidence)
			->closing_message;
	if (last->app_message == APP_MESSAGE_HTTP_ERROR)
		memset(last, 0, sizeof(*last));
}

/* A greeting that refuses; of HTTP 408, which also puts connections away on
 * which nobody has asked, that to a request that did not come to its end. */
static bool is_told_why(const struct packet *packet, enum app_message asked)
{
	enum { MQTT_CONNACK = 0x20 };

	if (packet->payload[0] == MQTT_CONNACK)
		return asked == APP_MESSAGE_HEARTBEATS;
	return packet->payload[0] == 'H'
		       ? asked != APP_MESSAGE_NOTHING
		       : asked == APP_MESSAGE_NOTHING ||
				 asked == APP_MESSAGE_OTHER ||
				 asked == APP_MESSAGE_HEARTBEATS;
}

/* What of the first data a device may look for. Of a ClientHello the first
 * bytes are only those that all have: behind them comes its length. */
static void keep_bytes(const struct packet *packet,
	enum app_message app_message, struct trigger_conn *heard)
{
	enum { TLS_COMMON = 2 };
	uint32_t bytes = packet->payload_bytes < TRIGGER_BYTES_MOST
				 ? packet->payload_bytes
				 : TRIGGER_BYTES_MOST;

	if (packet->payload_captured < bytes)
		return;
	if (app_message == APP_MESSAGE_CLIENT_HELLO)
		bytes = TLS_COMMON;
	heard->byte_count = (uint8_t)bytes;
	memcpy(heard->bytes, packet->payload, bytes);
}

/* The first data of a client, from its first byte on: what a device that
 * resets connections may have looked for. */
static void hear_trigger(struct observer *observer, const struct flow *flow,
	unsigned index, const struct packet *packet,
	enum app_message app_message)
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
	keep_bytes(packet, app_message, &heard);
	asked_name_of(packet, app_message, &name);
	if (name.is_unknown || heard.byte_count == 0)
		heard.name = TRIGGER_NAME_UNKNOWN;
	else if (name.kind != TRIGGER_NONE)
		heard.name = triggers_name(
			observer->triggers, name.kind, name.text, name.bytes);
	triggers_hear(observer->triggers, flow, &heard);
}

/* The first words of a side. */
static enum app_message hear_first(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	enum app_message app_message = app_message_of(packet);
	enum app_message asked =
		(enum app_message)flow->cold[!index].app_message;
	bool is_refusal = app_message == APP_MESSAGE_REFUSAL &&
			  index == flow_server(flow) &&
			  is_told_why(packet, asked);

	flow->cold[index].app_message = app_message & 0xf;
	orient(flow, index, app_message);
	hear_trigger(observer, flow, index, packet, app_message);
	if (app_message == APP_MESSAGE_HTTP_REQUEST)
		flow->flags |= FLOW_HTTP;
	if (app_message == APP_MESSAGE_TLS_ALERT || is_refusal ||
		(index == flow_server(flow) &&
			app_message_is_other(asked, app_message)))
		keep_words(observer, flow, index, packet, app_message);
	return app_message;
}

void observe_app_message(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	enum app_message before =
		(enum app_message)flow->cold[index].app_message;
	enum app_message app_message = APP_MESSAGE_NOTHING;

	if (before == APP_MESSAGE_NOTHING ||
		(before == APP_MESSAGE_OTHER && !(flow->flags & FLOW_ORIENTED)))
		app_message = hear_first(observer, flow, index, packet);
	/* data that follows other data of the server is no new answer, unless
	 * the client has asked again */
	if (app_message == APP_MESSAGE_NOTHING &&
		(index != flow_server(flow) || flow->flags & FLOW_ASKED ||
			flow->side[index].last_payload == 0))
		app_message = app_message_of(packet);
	if (index == flow_server(flow)) {
		flow->flags &= ~(uint32_t)FLOW_ASKED;
		hear_answer(observer, flow, index, packet, app_message);
		return;
	}
	if (packet->payload_captured && app_message_by_client(app_message))
		flow->flags |= FLOW_ASKED;
}

void observe_alert(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	if (app_message_of(packet) == APP_MESSAGE_TLS_ALERT)
		keep_words(
			observer, flow, index, packet, APP_MESSAGE_TLS_ALERT);
}

void observe_last_record(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	if (!app_message_is_tls(
		    (enum app_message)flow->cold[index].app_message) &&
		app_message_is_encrypted_alert(packet))
		flow->cold[index].app_message = APP_MESSAGE_TLS_END;
}

void observe_reply(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct closing_message *message;

	/* what does not continue the server's data is not the server's */
	if (index != flow_server(flow) ||
		packet->sequence + packet->payload_bytes !=
			flow->side[index].next -
				!!(packet->tcp_flags & TCP_FIN) ||
		!app_message_closes(
			(enum app_message)flow->cold[index].app_message,
			packet))
		return;
	keep_words(observer, flow, index, packet, APP_MESSAGE_REFUSAL);
	if (!flow->evidence)
		return;
	message = &evidence_at(&observer->evidence_pool, flow->evidence)
			   ->closing_message;
	if (message->packet.frame != (uint32_t)packet->frame)
		return;
	message->is_reply = true;
	message->alert_end = packet->sequence + packet->payload_bytes;
}

/* The server has the request, and has said nothing since. */
static bool is_response_pending(const struct flow *flow, uint32_t asked_end)
{
	unsigned client = flow_client(flow);

	return (flow->flags & (FLOW_ASKED | FLOW_ORIENTED | FLOW_SYNACK)) ==
		       (FLOW_ASKED | FLOW_ORIENTED | FLOW_SYNACK) &&
	       !((flow->side[0].flags | flow->side[1].flags) & SIDE_UNSEEN) &&
	       flow->side[!client].acked == asked_end;
}

/* The server's FIN stands where its response would begin, and the client had
 * not closed before. A server that has answered before may have closed because
 * nothing came, just before the next request did. And it is the server's own:
 * it has its TTL, and the timestamps that the client uses too. */
static bool is_closed_instead(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *client = &flow->side[flow_client(flow)];
	const struct side *server = &flow->side[flow_server(flow)];

	return packet->tcp_flags & TCP_FIN && index == flow_server(flow) &&
	       packet->payload_bytes == 0 && !(client->flags & SIDE_FIN) &&
	       packet->sequence == client->acked &&
	       !(server->flags & SIDE_DATA) && packet->ttl == server->ttl &&
	       (packet->options & OPTION_TIMESTAMP ||
		       !(client->flags & SIDE_TIMESTAMP));
}

/* Of AMQP, whose sides speak by their own clocks, a silence since its sender's
 * last words counts, too; of other protocols with heartbeats one that is longer
 * than the connection had survived before. Of the rest, a client's: it had said
 * something, and the server's stack has acknowledged that. */
static bool is_overdue(const struct flow *flow, unsigned index)
{
	unsigned client = flow_client(flow);
	const struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];
	enum app_message asked =
		(enum app_message)flow->cold[client].app_message;
	enum app_message answered =
		(enum app_message)flow->cold[!client].app_message;
	bool has_last_word = side->last_payload && peer->last_payload == 0;

	if (app_message_has_heartbeats(asked) ||
		app_message_has_heartbeats(answered))
		return flow->pending_gap_ms > flow->gap_ms ||
		       (asked == APP_MESSAGE_AMQP && has_last_word);
	return index == client && has_last_word &&
	       !((side->flags | peer->flags) & SIDE_UNSEEN);
}

/* A FIN that breaks a silence. */
void observe_overdue(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence;

	if (!(flow->flags & FLOW_GAP_PENDING) ||
		flow->gap_frame != (uint32_t)packet->frame ||
		flow->pending_gap_ms <
			observer->thresholds->no_response_s * 1000 ||
		flow->side[!index].flags & SIDE_FIN || !is_overdue(flow, index))
		return;
	evidence = observe_evidence(observer, flow);
	if (!evidence)
		return;
	evidence->overdue.silent_ms = flow->pending_gap_ms;
	evidence->overdue.side = (uint8_t)index;
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
	bool is_closed = is_closed_instead(flow, index, packet);
	struct evidence *evidence;

	if (!is_response_pending(flow, client->next - is_fin_counted) ||
		(!is_closed && waited_ns < observer->thresholds->no_response_s *
						   SECOND_NS))
		return;
	evidence = observe_evidence(observer, flow);
	if (!evidence || evidence->response_wait.end.frame)
		return;
	evidence->response_wait.waited_ns = waited_ns;
	evidence->response_wait.is_closed = is_closed;
	evidence->response_wait.side = (uint8_t)index;
	evidence->response_wait.end = packet_summary_of(packet);
}
