/* Connections that nobody reset: what went unanswered, at which sizes, after
 * which silence, and what ICMP said about it. */
#include "analysis/verdict/judge.h"

#include <string.h>

#include "capture/icmp_name.h"
#include "capture/sequence.h"

enum {
	LEAST_RETRANSMISSIONS = 3,
	LEAST_SYN_WAIT_S = 3,
	IDLE_MS = 1000,
	TRACING_TTL = 32, /* the smallest initial TTL of any stack */
};

unsigned unanswered_side(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);
	unsigned best = 2;

	if (!evidence)
		return 2;
	for (unsigned i = 0; i < 2; i++) {
		unsigned side = i ? !client : client;

		if (evidence->unacked[side].is_active &&
			(best == 2 || evidence->unacked[side].count >
					      evidence->unacked[best].count))
			best = side;
	}
	return best;
}

static bool is_icmp_too_big(const struct packet_note *note, bool is_v6)
{
	return is_v6 ? note->icmp_type == ICMP6_TOO_BIG
		     : note->icmp_type == ICMP4_UNREACHABLE &&
			       note->icmp_code == ICMP4_FRAGMENTATION_NEEDED;
}

static bool is_prohibited(const struct packet_note *note, bool is_v6)
{
	if (is_v6)
		return note->icmp_type == ICMP6_UNREACHABLE &&
		       (note->icmp_code == ICMP6_ADMINISTRATOR ||
			       note->icmp_code == ICMP6_SOURCE_POLICY ||
			       note->icmp_code == ICMP6_REJECT_ROUTE);
	return note->icmp_type == ICMP4_UNREACHABLE &&
	       (note->icmp_code == ICMP4_NETWORK_PROHIBITED ||
		       note->icmp_code == ICMP4_HOST_PROHIBITED ||
		       note->icmp_code == ICMP4_ADMINISTRATOR);
}

static bool is_port(const struct packet_note *note, bool is_v6)
{
	return is_v6 ? note->icmp_type == ICMP6_UNREACHABLE &&
			       note->icmp_code == ICMP6_PORT
		     : note->icmp_type == ICMP4_UNREACHABLE &&
			       note->icmp_code == ICMP4_PORT;
}

static bool is_time_exceeded(const struct packet_note *note, bool is_v6)
{
	return note->icmp_type ==
	       (is_v6 ? ICMP6_TIME_EXCEEDED : ICMP4_TIME_EXCEEDED);
}

/* Somebody sends with TTLs that are meant to run out. */
static bool is_tracing(const struct closed_conn *conn, unsigned side)
{
	const struct side_cold *cold = &conn->flow.cold[side];

	if (!(conn->flow.flags & FLOW_SYNACK)) /* a loop lowers later ones */
		return cold->ttl[0] <= TRACING_TTL;
	for (unsigned i = 0; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] && cold->ttl[i] <= TRACING_TTL)
			return true;
	return conn->flow.side[side].flags & SIDE_TTL_MIXED;
}

/* "Too big" has a story of its own; a traceroute's expiries have none. */
static bool is_deciding(
	const struct closed_conn *conn, const struct packet_note *note)
{
	bool is_v6 = conn->flow.flags & FLOW_V6;

	if (is_time_exceeded(note, is_v6))
		return !is_tracing(conn, note->side);
	return !is_icmp_too_big(note, is_v6);
}

const struct error_note *deciding_error(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;

	if (!evidence)
		return NULL;
	if (evidence->last_error.note.kind &&
		is_deciding(conn, &evidence->last_error.note))
		return &evidence->last_error;
	for (unsigned i = 0; i < evidence->error_count; i++)
		if (is_deciding(conn, &evidence->errors[i].note))
			return &evidence->errors[i];
	return NULL;
}

/* Errors that count for nothing are told of where something has happened: who
 * forges them may have done more. */
static void set_out_of_window(
	const struct closed_conn *conn, struct facts *facts)
{
	const struct out_of_window *note =
		conn->evidence ? &conn->evidence->out_of_window : NULL;

	if (!note || note->count == 0)
		return;
	fact_set(facts, FACT_ICMP_OUT_OF_WINDOW, TRUTH_YES, note->frame, 0);
	if (note->has_sequence)
		fact_found(facts, FACT_ICMP_OUT_OF_WINDOW,
			"%u, the first %u/%u about seq %u", note->count,
			note->icmp_type, note->icmp_code, note->sequence);
	else
		fact_found(facts, FACT_ICMP_OUT_OF_WINDOW,
			"%u, the first %u/%u about no number", note->count,
			note->icmp_type, note->icmp_code);
	fact_expected(facts, FACT_ICMP_OUT_OF_WINDOW,
		"seq %u to %u, which were in flight", note->first, note->last);
}

/* Fooled by: errors forged by who sees the connection. */
static void set_icmp(const struct closed_conn *conn, struct facts *facts)
{
	const struct error_note *error = deciding_error(conn);
	bool is_v6 = conn->flow.flags & FLOW_V6;
	const struct packet_note *note;
	unsigned target;

	if (!error) {
		fact_set(facts, FACT_ICMP_ERROR, TRUTH_NO, 0, 0);
		return;
	}
	note = &error->note;
	target = !note->side;
	fact_set(facts, FACT_ICMP_ERROR, TRUTH_YES, note->frame, 0);
	fact_found(facts, FACT_ICMP_ERROR, "%u/%u %s", note->icmp_type,
		note->icmp_code,
		icmp_name(is_v6 ? 6 : 4, note->icmp_type, note->icmp_code));
	fact_set(facts, FACT_ICMP_FROM_SERVER,
		memcmp(&error->from, &conn->address[target],
			sizeof(error->from)) == 0
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, 0);
	fact_set(facts, FACT_ICMP_PROHIBITED,
		is_prohibited(note, is_v6) ? TRUTH_YES : TRUTH_NO, note->frame,
		0);
	fact_set(facts, FACT_ICMP_PORT,
		is_port(note, is_v6) ? TRUTH_YES : TRUTH_NO, note->frame, 0);
}

/* Nothing came from the server but its SYN-ACK. */
bool server_never_spoke(const struct flow *flow)
{
	return (flow->flags & FLOW_SYNACK) &&
	       (flow->side[flow_server(flow)].last_flags & TCP_SYN);
}

static void set_syn(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow), syns = flow_syns(flow);
	const struct side *side = &flow->side[client];
	bool has_synack = flow->flags & FLOW_SYNACK;
	bool is_silent =
		!has_synack && (side->flags & SIDE_SYN) &&
		!(flow->flags & FLOW_RESET) &&
		!(flow->side[!client].flags & SIDE_SEEN) &&
		/* what it acknowledges it has heard, recorded or not */
		!(side->last_flags & TCP_ACK);
	bool is_waiting =
		is_silent && syns <= 1 && !deciding_error(conn) &&
		context->now_ns - flow->first_ns < LEAST_SYN_WAIT_S * SECOND_NS;

	if (!has_synack) {
		fact_set(facts, FACT_SYN_UNANSWERED,
			is_waiting  ? TRUTH_UNKNOWN
			: is_silent ? TRUTH_YES
				    : TRUTH_NO,
			side->last_frame, 0);
		fact_found(facts, FACT_SYN_UNANSWERED,
			"%u SYN in %.1f s, %s answer", syns,
			(double)(side->last_ns - flow->first_ns) / 1e9,
			is_silent ? "no" : "an");
		return;
	}
	if (!(flow->flags & (FLOW_ESTABLISHED | FLOW_RESET))) {
		unsigned again =
			conn->evidence ? conn->evidence->synack_retransmissions
				       : 0;

		fact_set(facts, FACT_SYNACK_UNANSWERED,
			again ? TRUTH_YES : TRUTH_NO,
			flow->side[!client].last_frame, 0);
		fact_found(facts, FACT_SYNACK_UNANSWERED, "%u retransmissions",
			again);
	}
	if (flow->flags & FLOW_ESTABLISHED)
		fact_set(facts, FACT_SERVER_NEVER_SPOKE,
			server_never_spoke(flow) ? TRUTH_YES : TRUTH_NO,
			flow->side[!client].last_frame, flow->synack_frame);
	if (flow->flags & FLOW_ESTABLISHED && server_never_spoke(flow) &&
		conn->evidence && conn->evidence->synack_retransmissions) {
		fact_set(facts, FACT_HANDSHAKE_NOT_HEARD, TRUTH_YES,
			flow->side[!client].last_frame, flow->synack_frame);
		fact_found(facts, FACT_HANDSHAKE_NOT_HEARD,
			"SYN-ACK sent %u times more",
			conn->evidence->synack_retransmissions);
		fact_expected(facts, FACT_HANDSHAKE_NOT_HEARD,
			"once: the client acknowledged it");
	}
}

void facts_of_idle_timer(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct idle_path *path = idle_stats_find(
		&context->learned->idle_stats, &conn->address[client],
		&conn->address[!client], flow->flags & FLOW_V6 ? 6 : 4);

	if (!path || path->died < 2 || !path->longest_survived_ms)
		return;
	fact_set(facts, FACT_IDLE_TIMER_ON_PATH,
		idle_path_is_separated(path) ? TRUTH_YES : TRUTH_NO,
		flow->gap_frame, 0);
	fact_found(facts, FACT_IDLE_TIMER_ON_PATH,
		"survived %.1f s, died %.1f s",
		(double)path->longest_survived_ms / 1000,
		(double)path->shortest_died_ms / 1000);
}

static void set_idle(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	uint32_t gap_ms = flow->pending_gap_ms;

	if (!(flow->flags & FLOW_ESTABLISHED) || flow->flags & FLOW_CLOCK_STEP)
		return;
	if (!(flow->flags & FLOW_GAP_PENDING) || gap_ms < IDLE_MS ||
		flow->gap_ms >= gap_ms) { /* it had survived longer ones */
		fact_set(facts, FACT_IDLE_BEFORE, TRUTH_NO, 0, 0);
		return;
	}
	fact_set(facts, FACT_IDLE_BEFORE, TRUTH_YES, flow->gap_frame, 0);
	fact_found(facts, FACT_IDLE_BEFORE, "%.1f s", (double)gap_ms / 1000);
	facts_of_idle_timer(context, conn, facts);
}

static void set_sizes(const struct closed_conn *conn, unsigned victim,
	const struct unacked_run *unacked, struct facts *facts)
{
	const struct side *side = &conn->flow.side[victim];
	const struct evidence *evidence = conn->evidence;
	uint32_t payload = unacked->end - unacked->start;
	bool is_sacked =
		evidence->sacked_frame[victim] &&
		sequence_after(evidence->sacked_end[victim], unacked->start);
	bool is_large = unacked->first_ip_bytes >= LARGE_BYTES &&
			!unacked->is_fin && !unacked->is_keepalive;

	if (!is_large)
		return;
	/* a block as long as the lost segment is as large a segment that came
	 * through, or several small ones; both leave the size in doubt */
	fact_set(facts, FACT_SAME_SIZE_PASSED,
		side->passed_bytes >= unacked->smallest_ip_bytes ||
				(is_sacked &&
					evidence->sacked_largest[victim] >=
						payload)
			? TRUTH_YES
			: TRUTH_NO,
		is_sacked ? evidence->sacked_frame[victim]
			  : unacked->last.frame,
		0);
	fact_found(facts, FACT_SAME_SIZE_PASSED,
		"%u bytes passed, %u selectively acknowledged",
		side->passed_bytes,
		is_sacked ? evidence->sacked_largest[victim] : 0);
	fact_expected(facts, FACT_SAME_SIZE_PASSED, "%u bytes never did",
		unacked->smallest_ip_bytes);
	if (is_sacked) {
		fact_set(facts, FACT_SMALLER_PASSED, TRUTH_YES,
			evidence->sacked_frame[victim], unacked->last.frame);
		fact_found(facts, FACT_SMALLER_PASSED,
			"later data acknowledged (SACK)");
	} else if (unacked->answers && side->passed_bytes) {
		fact_set(facts, FACT_PEER_STILL_ANSWERS, TRUTH_YES,
			unacked->answer_frame, unacked->first.frame);
	}
	fact_set(facts, FACT_FIRST_LARGE_PACKET,
		side->passed_bytes < LARGE_BYTES ? TRUTH_YES : TRUTH_NO,
		unacked->first.frame, 0);
	if (unacked->answers)
		fact_set(facts, FACT_PEER_STILL_ANSWERS, TRUTH_YES,
			unacked->answer_frame, unacked->first.frame);
}

void facts_of_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned victim = unanswered_side(conn);
	const struct unacked_run *unacked;

	set_syn(context, conn, facts);
	set_icmp(conn, facts);
	set_out_of_window(conn, facts);
	set_idle(context, conn, facts);
	if (victim == 2)
		return;
	facts_of_too_big(conn, victim, facts);
	unacked = &conn->evidence->unacked[victim];
	fact_set(facts, FACT_BOTH_DIRECTIONS_RECORDED,
		flow->side[!victim].flags & SIDE_SEEN &&
				!(flow->side[!victim].flags & SIDE_UNSEEN)
			? TRUTH_YES
			: TRUTH_NO,
		flow->side[!victim].last_frame, 0);
	fact_set(facts, FACT_PEER_WINDOW_CLOSED,
		flow->side[!victim].window == 0 ? TRUTH_YES : TRUTH_NO,
		flow->side[!victim].last_frame, 0);
	if (unacked->is_keepalive) {
		fact_set(facts, FACT_OWN_PROBES_UNANSWERED,
			unacked->count >= LEAST_RETRANSMISSIONS ? TRUTH_YES
								: TRUTH_NO,
			unacked->last.frame, unacked->first.frame);
		fact_found(facts, FACT_OWN_PROBES_UNANSWERED, "%u probes",
			unacked->count);
		return;
	}
	fact_set(facts, FACT_RETRANSMISSIONS_UNANSWERED,
		unacked->count >= LEAST_RETRANSMISSIONS ? TRUTH_YES : TRUTH_NO,
		unacked->last.frame, unacked->first.frame);
	fact_found(facts, FACT_RETRANSMISSIONS_UNANSWERED,
		"%u in %.1f s, %u bytes each", unacked->count,
		(double)(unacked->last.time_ns - unacked->since_ns) / 1e9,
		unacked->first_ip_bytes);
	fact_expected(
		facts, FACT_RETRANSMISSIONS_UNANSWERED, "an acknowledgment");
	set_sizes(conn, victim, unacked, facts);
}
