/* Recordings of SYNs, FINs and resets only, or of one direction. */
#include "analysis/verdict/facts_unrecorded.h"

#include "analysis/verdict/facts_shape.h"

/* A kernel that does not take the SYN-ACK resets it and acknowledges nothing.
 */
static bool is_refusing_syn_ack(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;

	return note->side == flow_client(&conn->flow) &&
	       facts_shape_is_stateless(note) &&
	       note->sequence == reset->before[!note->side].acked;
}

/* The client's ACK of the SYN-ACK leaves it at once, and a server has no
 * connection to abort before it. Where a filter for SYN, FIN and RST has left
 * it out, it has left out all that followed as well. FINs are recorded then. */
static bool is_handshake_ack_missing(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct flow *flow = &conn->flow;
	const uint32_t both = FLOW_ORIENTED | FLOW_SYNACK;

	return (flow->flags & both) == both &&
	       !(flow->flags & FLOW_ACK_RTT) &&
	       reset->before[!reset->note.side].flags & SIDE_SEEN &&
	       !((reset->before[0].flags | reset->before[1].flags) &
		       SIDE_FIN) &&
	       !is_refusing_syn_ack(conn, reset);
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

	if (!lacks_direction && !is_handshake_ack_missing(conn, reset))
		return;
	fact_set(facts, FACT_UNRECORDED_BEFORE, TRUTH_YES, reset->note.frame,
		lacks_direction ? conn->flow.first_frame
				: conn->flow.synack_frame);
	fact_found(facts, FACT_UNRECORDED_BEFORE, "%s",
		lacks_direction ? "no packet of the other side"
				: "no ACK of the SYN-ACK");
	fact_expected(facts, FACT_UNRECORDED_BEFORE,
		"all packets of both sides");
}
