/* No router decremented the TTL of this side, nor the peer's: both are next to
 * the capture point. When the server is on the public Internet and the client
 * is not, an adjacent device answers in the server's name. Not where the round
 * trip is far above a link's: fabrics of clouds, overlays and tunnels of the
 * link layer leave the TTL as it is. Fooled by: servers that choose odd
 * initial TTLs. */
#include "analysis/verdict/facts_neighbour.h"

#include "analysis/flow/ttl.h"

static bool is_public_v4(const struct address *address)
{
	const uint8_t *b = address->bytes;

	return !(b[0] == 10 || b[0] == 127 || b[0] >= 224 ||
		 (b[0] == 172 && b[1] >= 16 && b[1] < 32) ||
		 (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
		 (b[0] == 100 && b[1] >= 64 && b[1] < 128));
}

static bool is_public(const struct closed_conn *conn, unsigned side)
{
	if (conn->flow.flags & FLOW_V6)
		return (conn->address[side].bytes[0] & 0xe0) == 0x20;
	return is_public_v4(&conn->address[side]);
}

void facts_neighbour(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	unsigned side = note->side;
	const struct side_cold *cold = &flow->cold[side];
	const struct side_cold *peer = &flow->cold[!side];
	uint8_t ttl = cold->ttl_count[0] ? cold->ttl[0] : note->ttl;
	/* a refusal answers the SYN */
	int64_t rtt_us =
		flow->flags & FLOW_SYN_RTT ? flow->server_rtt_us
		: cold->ttl_count[0]
			? 0
			: (note->time_ns - reset->before[!side].last_ns) / 1000;

	if (side != flow_server(flow) || !peer->ttl_count[0])
		return;
	if (!ttl_is_initial(ttl) || !ttl_is_initial(peer->ttl[0]) ||
		!ttl_is_initial(note->ttl)) {
		fact_set(facts, FACT_ANSWERED_BY_NEIGHBOUR, TRUTH_NO,
			note->frame, 0);
	} else if (rtt_us > limits->link_rtt_us) {
		return;
	} else if (is_public(conn, side) && !is_public(conn, !side)) {
		fact_set(facts, FACT_ANSWERED_BY_NEIGHBOUR, TRUTH_YES,
			note->frame, 0);
	} else {
		return;
	}
	fact_found(facts, FACT_ANSWERED_BY_NEIGHBOUR,
		"ttl %u, before it %u; client's %u", note->ttl, ttl,
		peer->ttl[0]);
	fact_expected(facts, FACT_ANSWERED_BY_NEIGHBOUR,
		"not all of them 64, 128 or 255");
}
