/* Recordings of SYNs, FINs and resets only, or of one direction. */
#include "analysis/verdict/facts_unrecorded.h"

/* A client that ends the connection at its SYN-ACK, as scanners do and checks
 * of balancers, has sent nothing that could be missing. */
static bool is_nothing_sent(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	uint32_t first = flow->side[note->side].flags & SIDE_SYN
				 ? flow->cold[note->side].first_sequence + 1
				 : peer->acked;

	return note->side == flow_client(flow) && note->sequence == first;
}

/* The client's ACK of the SYN-ACK leaves it at once, and a server has no
 * connection to abort before it. Where a filter for SYN, FIN and RST has left
 * it out, it has left out all that followed as well. */
static bool is_handshake_ack_missing(
	const struct flow *flow, const struct reset *reset)
{
	const uint32_t both = FLOW_ORIENTED | FLOW_SYNACK;

	return (flow->flags & both) == both &&
	       !(flow->flags & FLOW_ACK_RTT) &&
	       reset->before[!reset->note.side].flags & SIDE_SEEN;
}

/* Of the other side nothing was recorded, and this one acknowledges packets of
 * it. */
static bool is_one_direction_missing(const struct reset *reset)
{
	const struct side_snapshot *own = &reset->before[reset->note.side];
	const struct side_snapshot *peer = &reset->before[!reset->note.side];

	return !(peer->flags & SIDE_SEEN) && own->flags & SIDE_SEEN &&
	       own->last_flags & TCP_ACK;
}

void facts_unrecorded(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	bool lacks_direction = is_one_direction_missing(reset);

	/* a connection that was closing is judged by its FINs */
	if ((reset->before[0].flags | reset->before[1].flags) & SIDE_FIN ||
		is_nothing_sent(conn, reset))
		return;
	if (!lacks_direction && !is_handshake_ack_missing(&conn->flow, reset))
		return;
	fact_set(facts, FACT_PACKETS_BEFORE_NOT_RECORDED, TRUTH_YES,
		reset->note.frame,
		lacks_direction ? conn->flow.first_frame
				: conn->flow.synack_frame);
	fact_found(facts, FACT_PACKETS_BEFORE_NOT_RECORDED, "%s",
		lacks_direction ? "no packet of the other side"
				: "no ACK of the SYN-ACK");
	fact_expected(facts, FACT_PACKETS_BEFORE_NOT_RECORDED,
		"all packets of both sides");
}
