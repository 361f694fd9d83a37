/* Connections that stall without a retransmission: a request that was
 * acknowledged and not answered, a window that stays at 0, a window scale that
 * the sender does not apply. */
#include "analysis/verdict/facts_waited.h"

#include "analysis/verdict/facts_benign.h"
#include "analysis/verdict/facts_size.h"
#include "capture/numbers.h"
#include "capture/sequence.h"

/* When the server acknowledged what the client had last said to a web service,
 * if that is as long as a request; 0: it did not, or said something since.
 * Encrypted, only lengths are known: what browsers send on idle connections
 * (alerts, PING, WINDOW_UPDATE) is short. */
static int64_t acknowledged_last_ns(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	const struct side_snapshot *client = &reset->before[flow_client(flow)];
	const struct side_snapshot *server = &reset->before[flow_server(flow)];

	return facts_benign_is_web_port(conn) && flow->flags & FLOW_SYNACK &&
			       !((client->flags | server->flags) &
				       (SIDE_FIN | SIDE_UNSEEN)) &&
			       client->last_payload >= limits->request_bytes &&
			       server->last_payload == 0 &&
			       server->acked == client->next &&
			       !(server->last_flags & TCP_SYN) &&
			       sequence_after(
				       server->last_frame, client->last_frame)
		       ? server->last_ns
		       : 0;
}

/* Nobody has ended it: the recording has. */
static bool is_left_waiting(const struct flow *flow)
{
	const struct side *client = &flow->side[flow_client(flow)];
	const struct side *server = &flow->side[flow_server(flow)];

	return flow->flags & FLOW_ASKED && !(flow->flags & FLOW_RESET) &&
	       (flow->flags & (FLOW_ORIENTED | FLOW_SYNACK)) ==
		       (FLOW_ORIENTED | FLOW_SYNACK) &&
	       !((client->flags | server->flags) & (SIDE_FIN | SIDE_UNSEEN)) &&
	       server->acked == client->next;
}

static void set_no_response(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct side *client = &flow->side[flow_client(flow)];
	const struct side *server = &flow->side[flow_server(flow)];
	const struct evidence *evidence = conn->evidence;
	int64_t waited_ns = evidence ? evidence->response_wait.waited_ns : 0;
	uint32_t end = evidence ? evidence->response_wait.end.frame : 0;
	bool is_open = waited_ns == 0 && is_left_waiting(flow);

	if (is_open)
		waited_ns = conn->closed_ns - flow_last_ns(flow);
	if (waited_ns == 0 && reset) {
		int64_t since_ns =
			acknowledged_last_ns(context->thresholds, conn, reset);

		waited_ns = since_ns ? reset->note.time_ns - since_ns : 0;
	}
	if (waited_ns < context->thresholds->no_response_s * SECOND_NS)
		return;
	fact_set(facts, FACT_REQUEST_WITHOUT_AN_ANSWER, TRUTH_YES,
		end ? end : server->last_frame, client->last_frame);
	fact_found(facts, FACT_REQUEST_WITHOUT_AN_ANSWER,
		"acknowledged, %.1f s without data", (double)waited_ns / 1e9);
	fact_expected(facts, FACT_REQUEST_WITHOUT_AN_ANSWER, "an answer");
	if (is_open)
		fact_set(facts, FACT_OPEN_AT_THE_END, TRUTH_YES,
			client->last_frame, 0);
}

/* A keepalive probe may have a byte, which is none of the stream. */
enum { PROBE_BYTES = 1 };

/* The silence that the side's last packet has broken; 0: it came soon after
 * others. */
static int64_t broken_silence_ns(
	const struct flow *flow, const struct side_snapshot *own)
{
	return flow->gap_frame == own->last_frame
		       ? flow->pending_gap_ms * MILLISECOND_NS
		       : 0;
}

/* Did the side that resets, itself, have the last word, acknowledged by the
 * other's stack and by nothing else? A client may have waited for an answer. A
 * server that breaks a silence unasked does so for news, or to learn whether
 * the client is still there; one that has just answered waits for nothing. */
static bool has_last_word(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	unsigned side = reset->note.side;
	const struct side_snapshot *own = &reset->before[side];
	const struct side_snapshot *peer = &reset->before[!side];

	return flow->flags & FLOW_ESTABLISHED &&
	       !((own->flags | peer->flags) & (SIDE_FIN | SIDE_UNSEEN)) &&
	       own->last_payload >
		       (facts_benign_has_heartbeats(flow) ? 0 : PROBE_BYTES) &&
	       peer->flags & SIDE_SEEN && peer->last_payload == 0 &&
	       peer->acked == own->next && own->acked == peer->next &&
	       sequence_after(peer->last_frame, own->last_frame) &&
	       (side == flow_client(flow) || broken_silence_ns(flow, own));
}

/* Browsers say short things on idle connections, which no answer is due to:
 * what waits there is known by other signs. */
static bool is_quiet_web_client(
	const struct closed_conn *conn, const struct reset *reset)
{
	return reset->note.side == flow_client(&conn->flow) &&
	       facts_benign_is_web_port(conn) &&
	       !facts_benign_has_heartbeats(&conn->flow);
}

static void set_waited(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct side_snapshot *own = &reset->before[reset->note.side];
	const struct side_snapshot *peer = &reset->before[!reset->note.side];
	int64_t since_ns = reset->note.time_ns - own->last_ns;
	int64_t silent_ns = since_ns + broken_silence_ns(&conn->flow, own);

	if (!has_last_word(conn, reset) ||
		!fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER) ||
		!fact_holds(facts, FACT_RESET_SEQUENCE_EXACT) ||
		conn->flow.flags & FLOW_CLOCK_STEP ||
		is_quiet_web_client(conn, reset) ||
		!(peer->flags & SIDE_DATA ||
			facts_benign_is_answering_port(conn)) ||
		since_ns < limits->idle_ms * MILLISECOND_NS ||
		silent_ns < limits->no_response_s * SECOND_NS)
		return;
	fact_set(facts, FACT_SENDER_HAD_THE_LAST_WORD, TRUTH_YES,
		reset->note.frame, own->last_frame);
	fact_found(facts, FACT_SENDER_HAD_THE_LAST_WORD,
		"acknowledged, and %.1f s without data of the other side",
		(double)silent_ns / 1e9);
	fact_expected(facts, FACT_SENDER_HAD_THE_LAST_WORD, "less than %u s",
		(unsigned)limits->no_response_s);
}

/* When the data of this side's peer broke off: bytes below what came last are
 * missing, or its last segment was as long as segments are and did not push
 * (RFC 9293, 3.9.1: who sends all that it has pushes). Nothing of the peer came
 * after that, though this side had a window for it. */
static void set_cut_off(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	unsigned side = reset->note.side;
	const struct side_snapshot *own = &reset->before[side];
	const struct side_snapshot *peer = &reset->before[!side];
	const struct seq_gap *hole = &conn->evidence->seq_gap[!side];
	int64_t waited_ns = reset->note.time_ns - peer->last_ns;
	int64_t window =
		(int64_t)own->window
		<< (conn->flow.cold[side].window_scale % WINDOW_SCALE_UNKNOWN);
	bool is_below = hole->is_active && sequence_distance(hole->after.frame,
						   reset->note.frame) > 0;
	bool is_amidst = peer->last_payload >=
				 facts_size_least_full(&conn->flow, !side) &&
			 !(peer->last_flags & TCP_PSH) &&
			 !reset->has_repeated[!side];

	if ((own->flags | peer->flags) & SIDE_FIN ||
		window < facts_size_least_full(&conn->flow, !side) ||
		!(is_below || is_amidst) ||
		waited_ns < context->thresholds->cut_off_s * SECOND_NS)
		return;
	fact_set(facts, FACT_PEER_DATA_CUT_OFF, TRUTH_YES, reset->note.frame,
		peer->last_frame);
	if (is_below)
		fact_found(facts, FACT_PEER_DATA_CUT_OFF,
			"%d bytes missing, and nothing for %.1f s",
			sequence_distance(hole->start, hole->end),
			(double)waited_ns / 1e9);
	else
		fact_found(facts, FACT_PEER_DATA_CUT_OFF,
			"a full segment without PSH, and nothing for %.1f s",
			(double)waited_ns / 1e9);
	fact_expected(facts, FACT_PEER_DATA_CUT_OFF, "the rest");
}

/* The side closed when it had waited for a sign of life, or for an answer. Web
 * clients close whatever they no longer want. */
static void set_overdue(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct overdue *overdue = &conn->evidence->overdue;
	unsigned side = reset->note.side;
	enum fact fact = facts_benign_has_heartbeats(&conn->flow)
				 ? FACT_HEARTBEAT_OVERDUE
				 : FACT_CLOSED_WHILE_WAITING;

	if (overdue->silent_ms == 0 || overdue->side != side ||
		(fact == FACT_CLOSED_WHILE_WAITING &&
			fact_holds(facts, FACT_WEB_SERVICE)))
		return;
	fact_set(facts, fact, TRUTH_YES, conn->flow.cold[side].fin_frame, 0);
	fact_found(facts, fact, "FIN after %.1f s",
		(double)overdue->silent_ms / 1000);
	fact_expected(facts, fact, "a word of the other side");
}

/* The server has closed where its response would begin. */
static void set_closed_unanswered(
	const struct closed_conn *conn, struct facts *facts)
{
	const struct response_wait *wait = &conn->evidence->response_wait;

	if (!wait->is_closed)
		return;
	fact_set(facts, FACT_CLOSED_WITHOUT_AN_ANSWER, TRUTH_YES,
		wait->end.frame,
		conn->flow.side[flow_client(&conn->flow)].last_frame);
	fact_found(facts, FACT_CLOSED_WITHOUT_AN_ANSWER,
		"FIN, and no byte after the request");
	fact_expected(facts, FACT_CLOSED_WITHOUT_AN_ANSWER, "an answer");
}

/* When the wait of a side for the other's window was over: with its own FIN, it
 * has nothing more to send. A FIN that came before all trouble is not kept. */
static int64_t end_of_wait(const struct closed_conn *conn, unsigned side,
	const struct reset *reset)
{
	const struct packet_summary *fin = &conn->evidence->fin[side];

	if (conn->flow.side[side].flags & SIDE_FIN)
		return fin->frame ? fin->time_ns : conn->flow.first_ns;
	return reset ? reset->note.time_ns : conn->closed_ns;
}

/* Had the side's window opened again, and did the reset's sender know? Until a
 * round trip before the reset it may not. */
static bool has_opened(const struct closed_conn *conn, unsigned side,
	const struct reset *reset)
{
	int64_t opened_ns = conn->evidence->opened_ns[side];

	if (opened_ns == 0 || !reset)
		return conn->flow.side[side].window != 0;
	return side == reset->note.side ||
	       reset->note.time_ns - opened_ns >
		       flow_round_trip_ns(&conn->flow);
}

static void set_shut(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side,
	const struct reset *reset, enum fact fact, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	int64_t shut_ns =
		end_of_wait(conn, !side, reset) - evidence->shut_ns[side];

	if (evidence->shut_ns[side] == 0 || has_opened(conn, side, reset) ||
		!(conn->flow.side[!side].flags & SIDE_DATA) ||
		shut_ns < context->thresholds->window_shut_s * SECOND_NS)
		return;
	fact_set(facts, fact, TRUTH_YES, evidence->shut_frame[side], 0);
	fact_found(
		facts, fact, "0 for %.1f s, to the end", (double)shut_ns / 1e9);
	fact_expected(facts, fact, "a window");
}

static void set_misread(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;

	for (unsigned i = 0; i < 2; i++) {
		const struct side_cold *peer = &flow->cold[!i];
		unsigned window = flow->side[!i].window;

		if (conn->evidence->misread[i] <
				context->thresholds->misread_segments ||
			flow->side[i].passed_bytes > flow->mss[!i])
			continue;
		fact_set(facts, FACT_WINDOW_MISREAD, TRUTH_YES,
			conn->evidence->misread_first[i].frame, 0);
		fact_found(facts, FACT_WINDOW_MISREAD,
			"%u segments as long as the field",
			conn->evidence->misread[i]);
		fact_expected(facts, FACT_WINDOW_MISREAD,
			"up to %u bytes: window %u, scale %u",
			window << peer->window_scale, window,
			peer->window_scale);
	}
}

void facts_waited(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned own, const struct reset *reset,
	struct facts *facts)
{
	if (!reset || reset->note.side == flow_client(&conn->flow))
		set_no_response(context, conn, reset, facts);
	if (!conn->evidence)
		return;
	if (reset) {
		set_cut_off(context, conn, reset, facts);
		set_waited(context, conn, reset, facts);
		set_overdue(conn, reset, facts);
	}
	set_closed_unanswered(conn, facts);
	set_shut(context, conn, own, reset, FACT_OWN_ZERO_WINDOW_TO_THE_END,
		facts);
	set_shut(context, conn, !own, reset, FACT_PEER_ZERO_WINDOW_TO_THE_END,
		facts);
	set_misread(context, conn, facts);
}
