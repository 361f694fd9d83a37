#include "analysis/verdict/facts_benign.h"

#include "analysis/observe/app_message.h"
#include "analysis/verdict/facts_app_message.h"

/* A server that acknowledged a request, closed and aborted without a response
 * is an incident. */
static bool is_unserved(const struct closed_conn *conn, unsigned side,
	const struct facts *facts)
{
	const struct flow *flow = &conn->flow;

	return side == flow_server(flow) &&
	       fact_holds(facts, FACT_RESET_FROM_SOCKET) &&
	       !(flow->side[side].flags & SIDE_DATA) &&
	       flow->side[!side].flags & SIDE_DATA;
}

/* A client that has taken a server's greeting, and never said a word. */
static bool has_only_been_greeted(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	enum app_message greeting =
		(enum app_message)flow->cold[!client].app_message;

	return reset->note.side == client && flow->flags & FLOW_ORIENTED &&
	       !(reset->before[client].flags & (SIDE_DATA | SIDE_UNSEEN)) &&
	       (greeting == APP_MESSAGE_GREETING ||
		       greeting == APP_MESSAGE_READY ||
		       greeting == APP_MESSAGE_SSH);
}

/* A client that closed as soon as it was connected: it had said nothing, and
 * had not taken a word of the server's. */
static bool has_closed_unheard(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct side_snapshot *own = &reset->before[client];

	return reset->note.side == client && flow->flags & FLOW_ORIENTED &&
	       own->flags & SIDE_FIN &&
	       !(own->flags & (SIDE_DATA | SIDE_UNSEEN)) &&
	       own->acked == flow->cold[!client].first_sequence + 1 &&
	       own->last_ns - flow->first_ns < limits->idle_ms * MILLISECOND_NS;
}

bool facts_benign_is_check(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[client];
	const struct side_snapshot *peer = &reset->before[!client];

	return note->side == client && flow->flags & FLOW_ORIENTED &&
	       own->flags & peer->flags & SIDE_DATA &&
	       !app_message_is_tls(
		       (enum app_message)flow->cold[client].app_message) &&
	       !((own->flags | peer->flags) & (SIDE_FIN | SIDE_UNSEEN)) &&
	       peer->acked == own->next && note->sequence == own->next &&
	       (own->acked == peer->next ||
		       (note->tcp_flags & TCP_ACK &&
			       note->acknowledged == peer->next)) &&
	       note->time_ns - peer->last_ns <
		       limits->idle_ms * MILLISECOND_NS &&
	       note->time_ns - flow->first_ns <
		       limits->long_quiet_ms * MILLISECOND_NS;
}

/* Others of this client's connections to the port ended so too, at other times:
 * a program that dies ends all at once. */
static void set_habit(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	unsigned client = flow_client(&conn->flow);
	const struct check *check;

	if (!facts_benign_is_check(limits, conn, reset))
		return;
	check = checks_find(&context->learned->checks, &conn->address[client],
		&conn->address[!client], conn->port[!client],
		conn->flow.flags & FLOW_V6 ? 6 : 4);
	if (!check)
		return;
	fact_set(facts, FACT_CHECKS_END_SO,
		truth_of(check->count >= limits->checks_least &&
			 check->last_ns - check->first_ns >=
				 limits->checks_span_s * SECOND_NS),
		reset->note.frame, 0);
	fact_found(facts, FACT_CHECKS_END_SO, "%u connections in %.1f s",
		check->count, (double)(check->last_ns - check->first_ns) / 1e9);
	fact_expected(facts, FACT_CHECKS_END_SO, "at least %u in %u s",
		(unsigned)limits->checks_least,
		(unsigned)limits->checks_span_s);
}

/* Servers speak first there: FTP, SMTP, POP3, NNTP, IMAP, submission, MySQL,
 * RFB (IANA). */
static bool is_greeting_port(uint16_t port)
{
	static const uint16_t ports[] = {
		21, 25, 110, 119, 143, 587, 3306, 5900};

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

bool facts_benign_is_answering_port(const struct closed_conn *conn)
{
	static const uint16_t ports[] = {
		389, 1433, 1521, 3306, 5432, 6379, 11211, 27017};
	uint16_t port = conn->port[flow_server(&conn->flow)];

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* PINGREQ of MQTT has 2 bytes, a heartbeat of AMQP 8, of STOMP 1 or 2, PING of
 * NATS 6, of WebSocket 2 to 10 with up to four of its own. What is longer is a
 * message, which may need no answer. */
enum { HEARTBEAT_BYTES = 10 };

bool facts_benign_has_heartbeats(const struct flow *flow)
{
	return app_message_has_heartbeats(
		       (enum app_message)flow->cold[0].app_message) ||
	       app_message_has_heartbeats(
		       (enum app_message)flow->cold[1].app_message);
}

bool facts_benign_is_web_port(const struct closed_conn *conn)
{
	uint16_t port = conn->port[flow_server(&conn->flow)];

	return port == 80 || port == 443 || port == 8443;
}

enum { PROXY_PORT = 3128 }; /* of web proxies */

/* By its numbers too: what was lost before the recording counts. */
static bool has_sent_nothing(
	const struct closed_conn *conn, const struct reset *reset)
{
	unsigned server = flow_server(&conn->flow);

	return reset->before[server].next ==
	       conn->flow.cold[server].first_sequence + 1;
}

void facts_benign(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	uint16_t port = conn->port[flow_server(flow)];
	int64_t quiet_ms =
		(note->time_ns - reset->before[!note->side].last_ns) / 1000000;

	fact_set(facts, FACT_SENDER_IS_CLIENT,
		truth_of(note->side == flow_client(flow)), note->frame, 0);
	fact_set(facts, FACT_ONLY_GREETED,
		truth_of(has_only_been_greeted(conn, reset)), note->frame, 0);
	if (has_closed_unheard(context->thresholds, conn, reset))
		fact_set(facts, FACT_CLOSED_UNHEARD, TRUTH_YES, note->frame,
			flow->cold[note->side].fin_frame);
	set_habit(context, conn, reset, facts);
	fact_set(facts, FACT_WEB_SERVICE,
		truth_of(facts_benign_is_web_port(conn) || port == PROXY_PORT),
		note->frame, 0);
	fact_set(facts, FACT_GREETING_SERVICE,
		truth_of(is_greeting_port(port) &&
			 has_sent_nothing(conn, reset)),
		note->frame, 0);
	if (facts_benign_is_answering_port(conn))
		fact_set(facts, FACT_ANSWERING_SERVICE, TRUTH_YES, note->frame,
			0);
	if (facts_benign_has_heartbeats(flow) &&
		reset->before[note->side].last_payload <= HEARTBEAT_BYTES &&
		reset->before[note->side].last_frame == flow->gap_frame)
		fact_set(facts, FACT_HEARTBEAT_PROTOCOL, TRUTH_YES, note->frame,
			0);
	fact_set(facts, FACT_SSH_SERVICE,
		truth_of(facts_app_message_is_ssh(conn)), note->frame, 0);
	if (flow->flags & FLOW_ORIENTED)
		fact_set(facts, FACT_RESET_FOR_AN_ANSWER,
			truth_of(is_unserved(conn, note->side, facts)),
			note->frame, 0);
	if (reset->before[!note->side].flags & SIDE_SEEN &&
		!fact_holds(facts, FACT_PACKETS_BEFORE_NOT_RECORDED))
		fact_set(facts, FACT_PEER_LONG_QUIET,
			truth_of(quiet_ms > context->thresholds->long_quiet_ms),
			note->frame, reset->before[!note->side].last_frame);
}
