/* Resets that hurt nobody are no accusations. */
#include "analysis/verdict/benign.h"

enum {
	BROWSER_IDLE_MS = 3000,
};

static bool is_web_port(uint16_t port)
{
	return port == 80 || port == 443;
}

/* A server that took a request, closed and aborted without a word of answer
 * has not served anyone. */
static bool is_unserved(const struct closed_conn *conn, unsigned side,
	const struct facts *facts)
{
	const struct flow *flow = &conn->flow;

	return side == flow_server(flow) &&
	       fact_holds(facts, FACT_RESET_FROM_SOCKET) &&
	       !(flow->side[side].flags & SIDE_DATA) &&
	       (flow->side[!side].flags & SIDE_DATA) &&
	       (flow->flags & FLOW_ORIENTED);
}

/* Resets that hurt nobody: the ends of connections that were over, or that
 * nobody was using. Only for resets that may be the endpoint's own; what came
 * from elsewhere is always told. */
bool benign_reset(const struct closed_conn *conn, const struct reset *reset,
	const struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned side = reset->note.side;
	bool is_client = side == flow_client(flow);
	bool is_ssh = flow->flags & FLOW_SSH;

	if (facts->value[FACT_RESET_TTL_MATCHES_SENDER].truth == TRUTH_NO ||
		fact_holds(facts, FACT_SENDER_CONTINUED) ||
		fact_holds(facts, FACT_RESET_MADE_HERE) ||
		fact_holds(facts, FACT_SYNACK_FROM_ELSEWHERE) ||
		fact_holds(facts, FACT_RESET_TOO_FAST) ||
		fact_holds(facts, FACT_RESET_COPIES_PEER))
		return false;
	/* a reset that answers a reset's victim */
	if (fact_holds(facts, FACT_PEER_HAD_RESET))
		return true;
	if (fact_holds(facts, FACT_SENDER_HAD_CLOSED) &&
		fact_holds(facts, FACT_PEER_HAD_CLOSED))
		return true;
	/* it had closed, and nothing was lost but an acknowledgment; or a
	 * client that no longer wants what the server still sends */
	if (fact_holds(facts, FACT_SENDER_HAD_CLOSED) &&
		(!fact_holds(facts, FACT_DATA_AFTER_CLOSE) ||
			(is_client && is_web_port(conn->port[!side]))) &&
		!fact_holds(facts, FACT_OWN_DATA_UNANSWERED) &&
		!is_unserved(conn, side, facts))
		return true;
	/* the other side had said all it had to say */
	if (fact_holds(facts, FACT_PEER_HAD_CLOSED) && !is_ssh)
		return true;
	/* a scan, a health check */
	if (is_client && fact_holds(facts, FACT_NOTHING_WAS_SAID))
		return true;
	/* a browser that puts an idle connection away */
	if (is_client && is_web_port(conn->port[!side]) &&
		fact_holds(facts, FACT_IDLE_BEFORE) &&
		!fact_holds(facts, FACT_OWN_PROBES_UNANSWERED) &&
		!fact_holds(facts, FACT_OWN_DATA_UNANSWERED) &&
		reset->note.time_ns - reset->before[!side].last_ns >
			(int64_t)BROWSER_IDLE_MS * 1000000)
		return true;
	return false;
}
