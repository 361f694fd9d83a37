/* Endpoints that were ending the connection themselves when a reset came: what
 * the reset cut off, nobody waited for. */
#include "analysis/verdict/facts_closing.h"

#include "capture/numbers.h"
#include "capture/sequence.h"

/* The peer's FIN, recorded after the reset and exactly at the end of its data;
 * NULL: none is known, or it acknowledges more than these data did: then its
 * sender had heard of the other end's FIN meanwhile, and closed for that. */
static const struct packet_note *fin_behind(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	uint32_t next = peer->next;

	for (unsigned i = 0; i < evidence->after_count; i++) {
		const struct packet_note *after = &evidence->after[i];

		if (after->side == note->side || after->sequence != next ||
			sequence_distance(note->frame, after->frame) <= 0)
			continue;
		next += after->payload_bytes;
		if (after->tcp_flags & TCP_FIN)
			return after->acknowledged == peer->acked ? after
								  : NULL;
	}
	return NULL;
}

/* Is it of a session that was served, and said at once when the server closed,
 * or so late that it lay idle in a pool? A write in between may be one that its
 * sender meant to arrive. */
static bool is_farewell(
	const struct thresholds *limits, const struct reset *reset)
{
	const struct side_snapshot *own = &reset->before[reset->note.side];
	int64_t after_ns = reset->note.time_ns - own->last_ns;

	return own->flags & SIDE_DATA &&
	       (after_ns < limits->idle_ms * MILLISECOND_NS ||
		       after_ns >= limits->long_quiet_ms * MILLISECOND_NS);
}

/* A socket that has processed a reset sends no FIN: one that comes sooner than
 * the client could have heard of the reset was sent before that, by a program
 * that did not wait for an answer. Of a client, since a server's data answer
 * what the client had asked before it closed. */
static void set_fin_behind(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct packet_note *note = &reset->note;
	const struct packet_note *fin = fin_behind(conn, reset);
	int64_t soon_ns = flow_round_trip_ns(&conn->flow);
	int64_t after_ns, bytes;

	if (!fact_holds(facts, FACT_DATA_AFTER_CLOSE) || !fin ||
		note->side != flow_server(&conn->flow) ||
		!is_farewell(limits, reset) ||
		reset->before[!note->side].flags & SIDE_UNSEEN)
		return;
	if (soon_ns < limits->measurable_rtt_us * 1000)
		soon_ns = limits->measurable_rtt_us * 1000;
	after_ns = fin->time_ns - note->time_ns;
	bytes = sequence_distance(reset->before[note->side].acked,
		fin->sequence + fin->payload_bytes);
	fact_set(facts, FACT_FIN_BEHIND_LATE_DATA,
		truth_of(bytes <= limits->last_words_bytes &&
			 after_ns < soon_ns),
		fin->frame, note->frame);
	fact_found(facts, FACT_FIN_BEHIND_LATE_DATA,
		"%lld bytes, FIN %.3f ms after the reset", (long long)bytes,
		(double)after_ns / 1e6);
	fact_expected(facts, FACT_FIN_BEHIND_LATE_DATA,
		"at most %lld bytes, FIN within a round trip of %.3f ms",
		(long long)limits->last_words_bytes, (double)soon_ns / 1e6);
}

/* The client's last packet is its FIN, which it sent when it had all that the
 * server said; the server had pushed its last data, as who has said all does
 * (RFC 9293, 3.9.1), in answer to all that the client said. Fooled by: a client
 * that closes its half only, while the server makes a pause. */
static void set_closed_after_answer(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned side = flow_client(flow);
	const struct side_snapshot *client = &reset->before[side];
	const struct side_snapshot *server = &reset->before[!side];
	bool is_last = client->last_frame == flow->cold[side].fin_frame;
	bool is_answer = server->last_payload && server->last_flags & TCP_PSH &&
			 server->acked + 1 == client->next &&
			 client->acked == server->next;

	if (reset->note.side == side || !(client->flags & SIDE_FIN) ||
		!(server->flags & SIDE_SEEN) ||
		(client->flags | server->flags) & SIDE_UNSEEN)
		return;
	fact_set(facts, FACT_CLIENT_CLOSED_AFTER_THE_ANSWER,
		truth_of(is_last && is_answer), client->last_frame,
		server->last_frame);
}

/* The client ended its session before it closed. What comes late is the answer
 * to that, or what the server was still sending. */
static void set_quit(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	unsigned side = flow_client(&conn->flow);

	if (!fact_holds(facts, FACT_DATA_AFTER_CLOSE) ||
		reset->note.side != side ||
		!(reset->before[side].flags & SIDE_QUIT))
		return;
	fact_set(facts, FACT_QUIT_BEFORE_CLOSE, TRUTH_YES,
		conn->flow.cold[side].fin_frame,
		reset->before[!side].last_frame);
	fact_found(facts, FACT_QUIT_BEFORE_CLOSE,
		"a command that ends the session");
	fact_expected(
		facts, FACT_QUIT_BEFORE_CLOSE, "data that ask for an answer");
}

void facts_closing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_fin_behind(context, conn, reset, facts);
	set_closed_after_answer(conn, reset, facts);
	set_quit(conn, reset, facts);
}
