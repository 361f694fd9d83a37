#include "analysis/verdict/facts_benign.h"

#include "analysis/observe/app_message.h"
#include "analysis/verdict/facts_app_message.h"

static enum truth truth_of(bool holds)
{
	return holds ? TRUTH_YES : TRUTH_NO;
}

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
	fact_set(facts, FACT_WEB_SERVICE, truth_of(port == 80 || port == 443),
		note->frame, 0);
	fact_set(facts, FACT_GREETING_SERVICE,
		truth_of(is_greeting_port(port) &&
			 has_sent_nothing(conn, reset)),
		note->frame, 0);
	fact_set(facts, FACT_SSH_SERVICE,
		truth_of(facts_app_message_is_ssh(conn)), note->frame, 0);
	if (flow->flags & FLOW_ORIENTED)
		fact_set(facts, FACT_RESET_FOR_ANSWER,
			truth_of(is_unserved(conn, note->side, facts)),
			note->frame, 0);
	if (reset->before[!note->side].flags & SIDE_SEEN &&
		!fact_holds(facts, FACT_UNRECORDED_BEFORE))
		fact_set(facts, FACT_PEER_LONG_QUIET,
			truth_of(quiet_ms > context->thresholds->long_quiet_ms),
			note->frame, reset->before[!note->side].last_frame);
}
