/* Endpoints that give in clear the reason for their close: TLS alerts before
 * encryption, greetings that refuse, and one protocol answered in another. */
#include "analysis/verdict/facts_app_message.h"

#include <string.h>

#include "analysis/observe/app_message.h"
#include "capture/safe_text.h"
#include "capture/sequence.h"

static void found_text(struct facts *facts, enum fact fact, const char *text)
{
	char safe[FOUND_BYTES];

	(void)safe_text_copy(safe, sizeof(safe), text, strlen(text));
	fact_found(facts, fact, "%s", safe);
}

static bool is_ended(const struct flow *flow)
{
	return flow->flags & FLOW_RESET ||
	       (flow->side[0].flags | flow->side[1].flags) & SIDE_FIN;
}

/* The server's last answer before its reset, from the place of both its
 * handshake and its reset. Not where the client sent another request to the
 * server that had closed: that one was reset, and its answer is not known. */
void facts_app_message_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct closing_message *closing_message =
		&conn->evidence->closing_message;
	unsigned side = reset->note.side;
	int apart = reset->note.ttl - conn->flow.cold[side].ttl[0];

	if (closing_message->app_message != APP_MESSAGE_HTTP_ERROR ||
		closing_message->side != side ||
		closing_message->packet.ttl != reset->note.ttl ||
		apart > context->thresholds->one_place_hops ||
		-apart > context->thresholds->one_place_hops ||
		(conn->flow.flags & FLOW_ASKED &&
			reset->before[side].flags & SIDE_FIN))
		return;
	fact_set(facts, FACT_HTTP_ERROR_CLOSES, TRUTH_YES,
		closing_message->packet.frame, 0);
	found_text(facts, FACT_HTTP_ERROR_CLOSES, closing_message->text);
}

/* Does the handshake go on after an alert? Its sender sends more, which it does
 * after a warning only, and the other side heeds it no more than that. */
static bool is_only_a_warning(
	const struct flow *flow, const struct closing_message *closing_message)
{
	const struct side *sender = &flow->side[closing_message->side];
	const struct side *peer = &flow->side[!closing_message->side];

	return closing_message->is_warning &&
	       sequence_after(sender->next - !!(sender->flags & SIDE_FIN),
		       closing_message->alert_end) &&
	       sequence_after(peer->next - !!(peer->flags & SIDE_FIN),
		       closing_message->peer_next);
}

/* Did the sender of an error in the middle of a session end the connection with
 * it? It said nothing more and closed or reset before the other side closed;
 * after an error that ends no session neither said anything. */
static bool is_last_word(
	const struct closed_conn *conn, const struct closing_message *message)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	const struct side *sender = &flow->side[message->side];
	const struct side *peer = &flow->side[!message->side];
	uint32_t closed = evidence->fin[message->side].frame;
	uint32_t peer_closed = evidence->fin[!message->side].frame;

	for (unsigned i = 0; i < evidence->reset_count && !closed; i++)
		if (evidence->resets[i].note.side == message->side)
			closed = evidence->resets[i].note.frame;
	return closed && (!peer_closed || closed < peer_closed) &&
	       !sequence_after(sender->next - !!(sender->flags & SIDE_FIN),
		       message->alert_end) &&
	       (!message->is_warning ||
		       !sequence_after(peer->next - !!(peer->flags & SIDE_FIN),
			       message->peer_next));
}

static void set_closing_message(
	const struct closed_conn *conn, struct facts *facts)
{
	const struct closing_message *closing_message =
		&conn->evidence->closing_message;
	enum fact fact = closing_message->app_message == APP_MESSAGE_TLS_ALERT
				 ? FACT_TLS_ALERT
				 : FACT_REFUSED_IN_CLEAR;

	if ((closing_message->app_message != APP_MESSAGE_TLS_ALERT &&
		    closing_message->app_message != APP_MESSAGE_REFUSAL) ||
		(closing_message->is_reply
				? !is_last_word(conn, closing_message)
				: is_only_a_warning(
					  &conn->flow, closing_message)) ||
		!is_ended(&conn->flow))
		return;
	fact_set(facts, fact, TRUTH_YES, closing_message->packet.frame, 0);
	found_text(facts, fact, closing_message->text);
}

/* sshd took the client's words for no version line, and the client's first
 * words were none. */
static bool has_sshd_minded(const struct closed_conn *conn)
{
	const struct ssh_talk *talk = conn->evidence->ssh;

	return talk && !talk->has_banner[SSH_CLIENT] &&
	       (talk->refusal == SSH_INVALID_IDENTIFICATION ||
		       talk->refusal == SSH_PROTOCOL_MISMATCH);
}

/* Known of what begins in the recording: what comes later may be a document
 * about another protocol. */
static void set_other_protocol(
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	enum app_message asked =
		(enum app_message)flow->cold[client].app_message;
	enum app_message answered =
		(enum app_message)flow->cold[!client].app_message;
	const char *spoken = app_message_protocol(asked);
	bool has_minded = has_sshd_minded(conn);
	bool is_other = app_message_is_other(asked, answered);

	if (!(flow->flags & FLOW_ORIENTED) || !is_ended(flow) ||
		(!has_minded && !is_other))
		return;
	fact_set(facts, FACT_OTHER_PROTOCOL, TRUTH_YES,
		has_minded ? conn->evidence->ssh->refusal_frame
			   : flow->side[!client].last_frame,
		0);
	fact_found(facts, FACT_OTHER_PROTOCOL, "the client speaks %s",
		spoken ? spoken : "something else");
	fact_expected(facts, FACT_OTHER_PROTOCOL, "%s, as the server does",
		has_minded ? "SSH" : app_message_protocol(answered));
}

void facts_app_message(const struct closed_conn *conn, struct facts *facts)
{
	if (!conn->evidence)
		return;
	set_closing_message(conn, facts);
	set_other_protocol(conn, facts);
}

bool facts_app_message_is_ssh(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	const struct ssh_talk *talk =
		conn->evidence ? conn->evidence->ssh : NULL;

	if (!(flow->flags & FLOW_SSH))
		return false;
	if (talk && (talk->has_banner[SSH_CLIENT] ||
			    talk->has_banner[SSH_SERVER] || talk->refusal))
		return true;
	for (unsigned i = 0; i < 2; i++) {
		enum app_message app_message =
			(enum app_message)flow->cold[i].app_message;

		/* in the middle all is encrypted */
		if (app_message != APP_MESSAGE_NOTHING &&
			!(app_message == APP_MESSAGE_OTHER &&
				flow->flags & FLOW_MIDSTREAM))
			return false;
	}
	return true;
}
