/* Facts from other connections: those of the same addresses and ports, which
 * an end still holds when the SYN comes or which continue after it, and those
 * to the same service whose SYNs had fewer options or flags. */
#include "analysis/verdict/facts_other.h"

static void set_answers(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct other_conn *other = &conn->evidence->other;
	unsigned client = flow_client(flow);
	/* one such answer is followed by the client's reset and a SYN that
	 * succeeds: it takes the SYN's repetition, or its time */
	bool has_waited = flow_syns(flow) > 1 ||
			  conn->closed_ns - flow->first_ns >=
				  context->thresholds->syn_wait_s * SECOND_NS;

	if (other->answers == 0 || flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM))
		return;
	fact_set(facts, FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION,
		has_waited ? TRUTH_YES : TRUTH_UNKNOWN, other->answer.frame,
		flow->first_frame);
	fact_found(facts, FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION,
		"%u, ack %u", other->answers, other->acknowledged);
	fact_expected(facts, FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION,
		"SYN,ACK, ack %u", flow->cold[client].first_sequence + 1);
}

static void set_going_on(const struct closed_conn *conn, struct facts *facts)
{
	const struct other_conn *other = &conn->evidence->other;

	if (!other->has_before || !(conn->flow.flags & FLOW_SYNACK))
		return;
	fact_set(facts, FACT_EARLIER_CONNECTION_GOES_ON,
		other->continued ? TRUTH_YES : TRUTH_NO, other->continues.frame,
		conn->flow.synack_frame);
	fact_found(facts, FACT_EARLIER_CONNECTION_GOES_ON, "%u packets of it",
		other->continued);
	fact_expected(facts, FACT_EARLIER_CONNECTION_GOES_ON,
		"none after the new handshake");
}

/* A SYN that asks for ECN has failed where plain ones are answered. One that
 * was to expire on its way is a traceroute's, and nobody answers it. */
static void set_only_plain(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct learned *learned = context->learned;
	unsigned client = flow_client(flow);
	const struct side *asks = &flow->side[client];
	const struct address *address = &conn->address[!client];
	uint16_t port = conn->port[!client];
	bool is_ecn_accepted;

	if ((asks->last_flags & (TCP_SYN | TCP_ACK | TCP_ASKS_ECN)) !=
			(TCP_SYN | TCP_ASKS_ECN) ||
		flow->cold[client].ttl[0] <= context->thresholds->tracing_ttl ||
		!listeners_know(&learned->accepted_plain, address, port))
		return;
	is_ecn_accepted = listeners_know(&learned->accepted_ecn, address, port);
	fact_set(facts, FACT_ONLY_PLAIN_SYN_ANSWERED,
		is_ecn_accepted ? TRUTH_NO : TRUTH_YES, asks->last_frame, 0);
	fact_found(facts, FACT_ONLY_PLAIN_SYN_ANSWERED, "SYN with ECE and CWR");
	fact_expected(facts, FACT_ONLY_PLAIN_SYN_ANSWERED,
		is_ecn_accepted ? "others with them were answered"
				: "others without them were answered");
}

/* Seen by whoever does not hear them: packets that lack what was agreed on. */
static void set_untimed(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);

	if (evidence->untimed[client] < context->thresholds->retransmissions)
		return;
	fact_set(facts, FACT_TIMESTAMPS_MISSING, TRUTH_YES,
		evidence->untimed_first[client].frame, conn->flow.synack_frame);
	fact_found(facts, FACT_TIMESTAMPS_MISSING, "in %u packets",
		evidence->untimed[client]);
	fact_expected(facts, FACT_TIMESTAMPS_MISSING,
		"in every packet, as both SYNs say");
}

static void set_rebound(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct rebound *rebound =
		rebinds_rebound(&context->learned->rebinds, &conn->flow);

	if (!rebound)
		return;
	fact_set(facts, FACT_GOES_ON_UNDER_ANOTHER_NAME, TRUTH_YES,
		conn->flow.first_frame, rebound->last_frame);
	fact_found(facts, FACT_GOES_ON_UNDER_ANOTHER_NAME,
		"port %u%s, after %.1f s of silence", conn->port[rebound->side],
		rebound->is_address_new ? ", another address" : "",
		(double)rebound->idle_ns / 1e9);
	fact_expected(facts, FACT_GOES_ON_UNDER_ANOTHER_NAME,
		"port %u: it has the next numbers", rebound->port);
}

static void set_translated(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct translated *translated =
		rebinds_translated(&context->learned->rebinds, &conn->flow);

	if (!translated)
		return;
	fact_set(facts, FACT_TRANSLATED_OTHERWISE, TRUTH_YES,
		conn->flow.first_frame, translated->last_frame);
	fact_found(facts, FACT_TRANSLATED_OTHERWISE,
		"numbers of a connection of port %u%s, which goes on",
		translated->port,
		translated->is_address_other ? " of another address" : "");
	fact_expected(facts, FACT_TRANSLATED_OTHERWISE,
		"the name that its other packets have");
}

/* A packet of this connection had another name before the reset, which answers
 * the next one. */
void facts_other_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct rebind *rebind = rebinds_of(
		&context->learned->rebinds, &conn->flow, reset->note.time_ns);

	/* who goes on after that still has the connection */
	if (!rebind || !(reset->before[reset->note.side].flags & SIDE_SEEN) ||
		reset->before[reset->note.side].last_ns - rebind->time_ns >
			flow_round_trip_ns(&conn->flow))
		return;
	fact_set(facts, FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE, TRUTH_YES,
		reset->note.frame, (uint32_t)rebind->frame);
	fact_found(facts, FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE,
		"a packet with its numbers between ports %u and %u",
		rebind->source_port, rebind->target_port);
	fact_expected(facts, FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE,
		"one name for all of its packets");
}

/* The SYN has no answer from whom it was sent to, and one from another address:
 * its number and its port are those of this SYN. Not where the client takes it:
 * then the recording shows the one direction before a NAT and the other behind
 * it. */
static void set_answered_elsewhere(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct answered_syn *syn;

	if (!(flow->side[client].flags & SIDE_SYN) ||
		flow->flags & FLOW_SYNACK ||
		flow->side[!client].flags & SIDE_SEEN ||
		flow->side[client].last_flags & TCP_ACK)
		return;
	syn = answered_syns_elsewhere(&context->learned->answered_syns,
		flow->cold[client].first_sequence, conn->port[client],
		&conn->address[!client]);
	if (!syn || syn->time_ns < flow->first_ns)
		return;
	fact_set(facts, FACT_SYN_ANSWERED_FROM_ELSEWHERE, TRUTH_YES, syn->frame,
		flow->first_frame);
	fact_found(facts, FACT_SYN_ANSWERED_FROM_ELSEWHERE,
		"SYN,ACK of port %u of another address, ack %u",
		syn->server_port, syn->sequence + 1);
	fact_expected(facts, FACT_SYN_ANSWERED_FROM_ELSEWHERE,
		"the address that was asked");
}

void facts_other(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	set_only_plain(context, conn, facts);
	set_answered_elsewhere(context, conn, facts);
	set_rebound(context, conn, facts);
	set_translated(context, conn, facts);
	if (!conn->evidence)
		return;
	set_untimed(context, conn, facts);
	set_answers(context, conn, facts);
	set_going_on(conn, facts);
}
