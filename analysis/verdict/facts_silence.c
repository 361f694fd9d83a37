/* Connections without a reset: unanswered packets, their sizes, the idle time
 * before, and ICMP errors about them. */
#include "analysis/verdict/facts_silence.h"

#include <string.h>

#include "analysis/flow/ttl.h"
#include "analysis/verdict/ending.h"
#include "analysis/verdict/facts_idle.h"
#include "analysis/verdict/icmp_error.h"
#include "capture/frame.h"
#include "capture/icmp_kind.h"
#include "capture/icmp_name.h"
#include "capture/sequence.h"

/* Ignored ICMP errors are reported where an incident exists: their forger may
 * have done more. */
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

/* Errors that are like this one; of those that were not kept, all. */
static unsigned count_alike(
	const struct closed_conn *conn, const struct packet_note *note)
{
	const struct evidence *evidence = conn->evidence;
	unsigned count = evidence->errors_more;

	for (unsigned i = 0; i < evidence->error_count; i++) {
		const struct packet_note *other = &evidence->errors[i].note;

		count += other->icmp_type == note->icmp_type &&
			 other->icmp_code == note->icmp_code &&
			 other->side == note->side;
	}
	return count;
}

/* Fooled by: errors forged by a device that sees the connection. */
static void set_icmp(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct error_note *error =
		icmp_error_deciding(context->thresholds, conn);
	bool is_v6 = conn->flow.flags & FLOW_V6;
	const struct packet_note *note;
	unsigned target, count;

	if (!error) {
		fact_set(facts, FACT_ICMP_ERROR, TRUTH_NO, 0, 0);
		return;
	}
	note = &error->note;
	target = !note->side;
	count = conn->evidence->error_count + conn->evidence->errors_more;
	fact_set(facts, FACT_ICMP_ERROR, TRUTH_YES, note->frame, 0);
	fact_found(facts, FACT_ICMP_ERROR, "%u/%u %s", note->icmp_type,
		note->icmp_code,
		icmp_name(is_v6 ? 6 : 4, note->icmp_type, note->icmp_code));
	if (!((conn->flow.side[0].flags | conn->flow.side[1].flags) &
		    (SIDE_SEEN | SIDE_RST))) {
		fact_set(facts, FACT_ICMP_ERRORS_ALONE,
			count >= context->thresholds->icmp_alone ? TRUTH_YES
								 : TRUTH_NO,
			note->frame, 0);
		fact_found(facts, FACT_ICMP_ERRORS_ALONE,
			"%u errors, nothing else recorded", count);
	}
	fact_set(facts, FACT_ICMP_FROM_THE_SERVER_ITSELF,
		memcmp(&error->from, &conn->address[target],
			sizeof(error->from)) == 0
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, 0);
	fact_set(facts, FACT_ICMP_FROM_THE_SENDER_ITSELF,
		memcmp(&error->from, &conn->address[!target],
			sizeof(error->from)) == 0
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, 0);
	fact_set(facts, FACT_ICMP_SAYS_PROHIBITED,
		icmp_error_is_prohibited(note, is_v6) ? TRUTH_YES : TRUTH_NO,
		note->frame, 0);
	fact_set(facts, FACT_ICMP_SAYS_PORT_UNREACHABLE,
		icmp_kind_is_port(
			is_v6 ? 6 : 4, note->icmp_type, note->icmp_code)
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, 0);
	/* once may be a change of routes */
	if (!icmp_kind_is_time_exceeded(is_v6 ? 6 : 4, note->icmp_type))
		fact_set(facts, FACT_ICMP_SAYS_TIME_EXCEEDED, TRUTH_NO,
			note->frame, 0);
	else if (count_alike(conn, note) >= context->thresholds->icmp_alone)
		fact_set(facts, FACT_ICMP_SAYS_TIME_EXCEEDED, TRUTH_YES,
			note->frame, 0);
}

void facts_silence_handshake(
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;

	if (!(flow->flags & FLOW_ESTABLISHED) ||
		!flow_server_never_spoke(flow) || !conn->evidence ||
		!conn->evidence->synack_retransmissions)
		return;
	fact_set(facts, FACT_SYN_ACK_RETRANSMITTED, TRUTH_YES,
		flow->side[flow_server(flow)].last_frame, flow->synack_frame);
	fact_found(facts, FACT_SYN_ACK_RETRANSMITTED,
		"SYN-ACK retransmitted %u times",
		conn->evidence->synack_retransmissions);
	fact_expected(facts, FACT_SYN_ACK_RETRANSMITTED,
		"once: the client acknowledged it");
}

/* Was the SYN answered by a reset, or does a reset of the client's say anything
 * but that it gave up? After one SYN it is a scan's, and what the client sent
 * after it tells of an answer that was not recorded. */
static bool has_been_reset(const struct closed_conn *conn, unsigned syns)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);

	if (!(conn->flow.flags & FLOW_RESET))
		return false;
	if (!evidence || evidence->reset_count == 0 || syns <= 1)
		return true;
	for (unsigned i = 0; i < evidence->reset_count; i++)
		if (evidence->resets[i].note.side != client)
			return true;
	return conn->flow.side[client].last_frame !=
	       evidence->resets[0].before[client].last_frame;
}

static void set_syn(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow), syns = flow_syns(flow);
	const struct side *side = &flow->side[client];
	bool has_synack = flow->flags & FLOW_SYNACK;
	bool is_silent = !has_synack && (side->flags & SIDE_SYN) &&
			 !has_been_reset(conn, syns) &&
			 !(flow->side[!client].flags & SIDE_SEEN) &&
			 /* acknowledged data arrived, captured or not */
			 !(side->last_flags & TCP_ACK);
	bool is_waiting = is_silent && syns <= 1 &&
			  !icmp_error_deciding(context->thresholds, conn) &&
			  conn->closed_ns - flow->first_ns <
				  context->thresholds->syn_wait_s * SECOND_NS;
	/* a traceroute's: it was to expire on its way */
	bool is_tracing = syns <= 1 && flow->cold[client].ttl[0] <=
					       context->thresholds->tracing_ttl;

	if (!has_synack) {
		fact_set(facts, FACT_SYN_UNANSWERED,
			is_waiting || is_tracing ? TRUTH_UNKNOWN
			: is_silent		 ? TRUTH_YES
						 : TRUTH_NO,
			side->last_frame, 0);
		fact_found(facts, FACT_SYN_UNANSWERED,
			"%u SYN in %.1f s, %s response", syns,
			(double)(side->last_ns - flow->first_ns) / 1e9,
			is_silent ? "no" : "a");
		return;
	}
	if (!(flow->flags & (FLOW_ESTABLISHED | FLOW_RESET))) {
		unsigned again =
			conn->evidence ? conn->evidence->synack_retransmissions
				       : 0;

		fact_set(facts, FACT_SYN_ACK_UNANSWERED,
			again ? TRUTH_YES : TRUTH_NO,
			flow->side[!client].last_frame, 0);
		fact_found(facts, FACT_SYN_ACK_UNANSWERED, "%u retransmissions",
			again);
	}
	if (flow->flags & FLOW_ESTABLISHED)
		fact_set(facts, FACT_SERVER_NEVER_SPOKE,
			flow_server_never_spoke(flow) ? TRUTH_YES : TRUTH_NO,
			flow->side[!client].last_frame, flow->synack_frame);
	facts_silence_handshake(conn, facts);
}

/* Has the peer acknowledged later data than this by SACK? */
static bool is_sacked_beyond(const struct evidence *evidence, unsigned victim,
	const struct unacked_run *unacked)
{
	return evidence->sacked_frame[victim] &&
	       sequence_after(evidence->sacked_end[victim], unacked->start);
}

/* Did a packet as large arrive in another connection of these hosts, which
 * began meanwhile, or not long before or after? The path takes it, then. */
static bool has_passed_beside(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned victim,
	const struct unacked_run *unacked)
{
	const struct passed_size *size = passed_sizes_find(
		&context->learned->passed_sizes, &conn->address[victim],
		&conn->address[!victim], conn->port[flow_server(&conn->flow)],
		conn->flow.flags & FLOW_V6 ? 6 : 4);

	int64_t most_ns = context->thresholds->passed_beside_s * SECOND_NS;

	return size && size->begun_ns != conn->flow.first_ns &&
	       size->ip_bytes >= unacked->smallest_ip_bytes &&
	       size->begun_ns >= unacked->since_ns - most_ns &&
	       size->begun_ns <= unacked->last.time_ns + most_ns;
}

static void set_sizes(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned victim,
	const struct unacked_run *unacked, struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct side *side = &conn->flow.side[victim];
	const struct evidence *evidence = conn->evidence;
	uint32_t payload = unacked->end - unacked->start;
	bool is_sacked = is_sacked_beyond(evidence, victim, unacked);
	/* small ones came through while it did not: whatever had passed before,
	 * the path may have changed */
	bool is_sacked_meanwhile =
		is_sacked && sequence_after(evidence->sacked_frame[victim],
				     unacked->last.frame);
	bool is_large = unacked->first_ip_bytes >= limits->large_bytes &&
			!unacked->is_fin && !unacked->is_keepalive;

	if (!is_large)
		return;
	if (has_passed_beside(context, conn, victim, unacked))
		fact_set(facts, FACT_SIZE_PASSED_BESIDE, TRUTH_YES,
			unacked->last.frame, 0);
	/* a block as long as the lost segment is as large a segment that came
	 * through, or several small ones; both leave the size in doubt */
	fact_set(facts, FACT_SAME_SIZE_PASSED_BEFORE,
		/* next to the side that is silent, all has arrived */
		fact_holds(facts, FACT_SILENT_SIDE_BESIDE_THE_RECORDING) ||
				fact_holds(facts, FACT_SIZE_PASSED_BESIDE) ||
				(side->passed_bytes >=
						unacked->smallest_ip_bytes &&
					!is_sacked_meanwhile) ||
				(is_sacked &&
					evidence->sacked_largest[victim] >=
						payload)
			? TRUTH_YES
			: TRUTH_NO,
		is_sacked ? evidence->sacked_frame[victim]
			  : unacked->last.frame,
		0);
	fact_found(facts, FACT_SAME_SIZE_PASSED_BEFORE,
		"%u bytes passed, %u acknowledged by SACK", side->passed_bytes,
		is_sacked ? evidence->sacked_largest[victim] : 0);
	fact_expected(facts, FACT_SAME_SIZE_PASSED_BEFORE, "%u bytes never did",
		unacked->smallest_ip_bytes);
	if (is_sacked) {
		fact_set(facts, FACT_SMALLER_PACKETS_PASSED, TRUTH_YES,
			evidence->sacked_frame[victim], unacked->last.frame);
		fact_found(facts, FACT_SMALLER_PACKETS_PASSED,
			"later data acknowledged (SACK)");
	} else if (unacked->answers && side->passed_bytes) {
		fact_set(facts, FACT_PEER_STILL_ANSWERS, TRUTH_YES,
			unacked->answer_frame, unacked->first.frame);
	}
	/* what went before the recording is not known */
	if (conn->flow.flags & FLOW_ORIENTED)
		fact_set(facts, FACT_FIRST_LARGE_PACKET,
			side->passed_bytes < limits->large_bytes ? TRUTH_YES
								 : TRUTH_NO,
			unacked->first.frame, 0);
	if (unacked->answers)
		fact_set(facts, FACT_PEER_STILL_ANSWERS, TRUTH_YES,
			unacked->answer_frame, unacked->first.frame);
}

/* Data is sent again, to the end, that the peer had acknowledged. */
static void set_unheard(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	for (unsigned side = 0; conn->evidence && side < 2; side++) {
		const struct unheard_acks *unheard =
			&conn->evidence->unheard[side];
		unsigned count =
			evidence_unheard(&conn->flow, conn->evidence, side);

		if (count < context->thresholds->retransmissions)
			continue;
		fact_set(facts, FACT_ACKNOWLEDGED_DATA_SENT_AGAIN, TRUTH_YES,
			unheard->first.frame, unheard->last.frame);
		fact_found(facts, FACT_ACKNOWLEDGED_DATA_SENT_AGAIN,
			"seq %u sent %u times after that", unheard->start,
			count);
		fact_expected(
			facts, FACT_ACKNOWLEDGED_DATA_SENT_AGAIN, "no more");
	}
}

void facts_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	unsigned victim;

	set_syn(context, conn, facts);
	set_icmp(context, conn, facts);
	set_out_of_window(conn, facts);
	facts_idle_silence(context, conn, facts);
	if (ending_unanswered_side(conn, &victim))
		facts_unanswered(context, conn, victim, facts);
	set_unheard(context, conn, facts);
}

bool facts_silence_is_bare_fin(const struct unacked_run *unacked)
{
	return unacked->is_fin && unacked->end - unacked->start <= 1;
}

/* The recording was made where the packets of `victim` arrive and those of the
 * other side begin: no router has decremented the TTLs of these, and one has
 * those of the others, or this machine sends these. (A NAT sends what it
 * forwards, with a smaller TTL.) */
static void set_silent_side(
	const struct closed_conn *conn, unsigned victim, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct side_cold *far = &flow->cold[victim];
	const struct side_cold *near = &flow->cold[!victim];
	bool is_sent_here =
		capture_point_way(flow->side[!victim].capture_point) ==
			FRAME_OUTBOUND &&
		capture_point_way(flow->side[victim].capture_point) ==
			FRAME_INBOUND;

	if (!near->ttl_count[0] || !far->ttl_count[0] ||
		flow->flags & FLOW_DUPLICATED)
		return;
	if (!ttl_is_initial(near->ttl[0]) || near->ttl_count[1])
		fact_set(facts, FACT_SILENT_SIDE_BESIDE_THE_RECORDING, TRUTH_NO,
			flow->side[!victim].last_frame, 0);
	else if (is_sent_here || !ttl_is_initial(far->ttl[0]))
		fact_set(facts, FACT_SILENT_SIDE_BESIDE_THE_RECORDING,
			TRUTH_YES, flow->side[!victim].last_frame,
			flow->side[victim].last_frame);
	else
		return;
	fact_found(facts, FACT_SILENT_SIDE_BESIDE_THE_RECORDING,
		"%sttl %u, the other's %u", is_sent_here ? "sent here, " : "",
		near->ttl[0], far->ttl[0]);
}

static bool is_still_missed(const struct unacked_run *unacked)
{
	return unacked->answers &&
	       sequence_after(unacked->answer_frame, unacked->last.frame);
}

void facts_silence_directions(
	const struct closed_conn *conn, unsigned victim, struct facts *facts)
{
	const struct unacked_run *unacked = &conn->evidence->unacked[victim];
	const struct side *peer = &conn->flow.side[!victim];

	/* what the peer says after the last retransmission tells that it
	 * still misses the segment, whatever else was not recorded */
	fact_set(facts, FACT_BOTH_DIRECTIONS_RECORDED,
		peer->flags & SIDE_SEEN && (!(peer->flags & SIDE_UNSEEN) ||
						   is_still_missed(unacked))
			? TRUTH_YES
			: TRUTH_NO,
		peer->last_frame, 0);
}

/* Each retransmission arrived, and none was taken. The last may have come at
 * the end of the recording. */
static void set_refused(const struct verdict_context *context,
	const struct unacked_run *unacked, struct facts *facts)
{
	bool holds = unacked->refused >= context->thresholds->retransmissions &&
		     unacked->refused + 1u >= unacked->count;

	fact_set(facts, FACT_RETRANSMISSIONS_NOT_TAKEN,
		holds ? TRUTH_YES : TRUTH_NO, unacked->answer_frame,
		unacked->last.frame);
	fact_found(facts, FACT_RETRANSMISSIONS_NOT_TAKEN, "%u of %u",
		unacked->refused, unacked->count);
	fact_expected(facts, FACT_RETRANSMISSIONS_NOT_TAKEN,
		"silence, or an acknowledgment of the data");
}

/* While nothing came for the client here, the server answered a SYN of the same
 * client to the same port; and a repeat after that had time to be answered. Not
 * of a silent client: one address may have many. That somebody's SYN was
 * answered is cheap to know, whose is not. */
static const struct answered_syn *served_meanwhile(
	const struct verdict_context *context, const struct closed_conn *conn,
	unsigned victim, const struct unacked_run *unacked,
	const struct facts *facts)
{
	const struct learned *learned = context->learned;
	unsigned client = flow_client(&conn->flow);
	const struct address *server = &conn->address[!client];
	uint16_t port = conn->port[!client];
	int64_t from_ns = unacked->first.time_ns;
	int64_t after_ns = conn->closed_ns - unacked->last.time_ns;

	if (victim != client || unacked->answers ||
		!fact_holds(facts, FACT_RETRANSMISSIONS_UNANSWERED) ||
		after_ns <
			flow_round_trip_ns(&conn->flow) +
				context->thresholds->idle_ms * MILLISECOND_NS ||
		!listeners_answer_after(
			&learned->listeners, server, port, from_ns))
		return NULL;
	return answered_syns_between(&learned->answered_syns,
		&conn->address[client], server, port, from_ns,
		unacked->last.time_ns);
}

static bool has_come_with_ttl(
	const struct flow *flow, unsigned side, uint8_t ttl)
{
	const struct side_cold *cold = &flow->cold[side];
	bool has_come = flow->side[side].flags & SIDE_TTL_MIXED;

	for (unsigned i = 0; i < SIDE_TTLS; i++)
		has_come |= cold->ttl_count[i] && cold->ttl[i] == ttl;
	return has_come;
}

/* From another distance another machine answers, to which the same address
 * leads: of the one that is silent that tells nothing. */
static void set_served(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned victim,
	const struct unacked_run *unacked, struct facts *facts)
{
	const struct answered_syn *syn =
		served_meanwhile(context, conn, victim, unacked, facts);
	int64_t after_ns;

	if (!syn || !conn->flow.cold[!victim].ttl_count[0])
		return;
	/* a device may answer SYNs in its name, and none was recorded here */
	if (!(conn->flow.side[!victim].flags & SIDE_SYN) &&
		!has_come_with_ttl(&conn->flow, !victim, syn->ttl))
		return;
	after_ns = syn->time_ns - unacked->first.time_ns;
	fact_set(facts, FACT_ANOTHER_CONNECTION_SERVED,
		has_come_with_ttl(&conn->flow, !victim, syn->ttl) ? TRUTH_YES
								  : TRUTH_NO,
		syn->frame, unacked->last.frame);
	fact_found(facts, FACT_ANOTHER_CONNECTION_SERVED,
		"SYN-ACK to port %u, ttl %u, %.1f s after the first "
		"retransmission",
		syn->client_port, syn->ttl, (double)after_ns / 1e9);
	fact_expected(facts, FACT_ANOTHER_CONNECTION_SERVED, "ttl %u",
		conn->flow.cold[!victim].ttl[0]);
}

/* The first data of an SSH session with another DSCP is what is not
 * acknowledged; all before it was. */
static void set_marked(const struct closed_conn *conn, unsigned victim,
	const struct unacked_run *unacked, struct facts *facts)
{
	const struct ssh_talk *talk = conn->evidence->ssh;
	const struct ssh_mark *mark;

	if (!talk || !fact_holds(facts, FACT_RETRANSMISSIONS_UNANSWERED))
		return;
	mark = &talk->alive
			.mark[victim == flow_client(&conn->flow) ? SSH_CLIENT
								 : SSH_SERVER];
	if (!mark->has_changed || mark->from != unacked->start ||
		is_sacked_beyond(conn->evidence, victim, unacked))
		return;
	fact_set(facts, FACT_LOST_SINCE_DSCP_CHANGED, TRUTH_YES, mark->frame,
		unacked->last.frame);
	fact_found(facts, FACT_LOST_SINCE_DSCP_CHANGED, "dscp %u", mark->dscp);
	fact_expected(facts, FACT_LOST_SINCE_DSCP_CHANGED,
		"dscp %u, with which data was acknowledged", mark->before);
}

void facts_unanswered(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned victim, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct unacked_run *unacked = &conn->evidence->unacked[victim];
	const struct side *peer = &flow->side[!victim];

	facts_silence_directions(conn, victim, facts);
	if (fact_holds(facts, FACT_BOTH_DIRECTIONS_RECORDED) && peer->window)
		set_silent_side(conn, victim, facts);
	fact_set(facts, FACT_PEER_WINDOW_CLOSED,
		flow->side[!victim].window == 0 ? TRUTH_YES : TRUTH_NO,
		flow->side[!victim].last_frame, 0);
	if (unacked->is_keepalive) {
		fact_set(facts, FACT_OWN_PROBES_UNANSWERED,
			unacked->count >= context->thresholds->probes
				? TRUTH_YES
				: TRUTH_NO,
			unacked->last.frame, unacked->first.frame);
		fact_found(facts, FACT_OWN_PROBES_UNANSWERED, "%u probes",
			unacked->count);
		return;
	}
	/* after both FINs the last of them hurts nobody */
	fact_set(facts, FACT_RETRANSMISSIONS_UNANSWERED,
		unacked->count >= context->thresholds->retransmissions &&
				!(facts_silence_is_bare_fin(unacked) &&
					peer->flags & SIDE_FIN)
			? TRUTH_YES
			: TRUTH_NO,
		unacked->last.frame, unacked->first.frame);
	fact_found(facts, FACT_RETRANSMISSIONS_UNANSWERED,
		"%u in %.1f s, %u bytes each", unacked->count,
		(double)(unacked->last.time_ns - unacked->since_ns) / 1e9,
		unacked->first_ip_bytes);
	fact_expected(
		facts, FACT_RETRANSMISSIONS_UNANSWERED, "an acknowledgment");
	set_refused(context, unacked, facts);
	set_sizes(context, conn, victim, unacked, facts);
	set_served(context, conn, victim, unacked, facts);
	set_marked(conn, victim, unacked, facts);
}
