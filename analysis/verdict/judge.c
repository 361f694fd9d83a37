/* Which endings of a connection are incidents, and what the signatures say of
 * them. Everything here is a function of a record and of what the recording
 * taught about hosts and paths. */
#include "analysis/verdict/judge.h"

#include <string.h>

#include "analysis/verdict/signature.h"

void judge_name(const struct closed_conn *conn, struct flow_name *name)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	memset(name, 0, sizeof(*name));
	name->client.address = conn->address[client];
	name->client.port = conn->port[client];
	name->server.address = conn->address[!client];
	name->server.port = conn->port[!client];
	name->family = flow->flags & FLOW_V6 ? 6 : 4;
	name->is_guessed = !(flow->flags & FLOW_ORIENTED);
	name->tunnel = flow_tunnel(flow);
}

static const struct signature *match(
	enum signature_table table, const struct facts *facts)
{
	unsigned from = 0;

	return signature_match(table, facts, &from);
}

/* The facts of a cluster, and the row that applies; NULL: no incident. */
const struct signature *judge_cluster(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster, struct facts *facts)
{
	const struct signature *row;

	memset(facts, 0, sizeof(*facts));
	if (cluster < EVIDENCE_RESETS) {
		facts_of_reset(context, conn, cluster, facts);
		if (conn->flow.flags & FLOW_SSH &&
			conn->evidence->resets[cluster].note.side ==
				flow_server(&conn->flow)) {
			facts_of_ssh(conn, facts);
			row = match(SIGNATURES_SSH, facts);
			if (row &&
				(row->mechanism != MECHANISM_SSH_SLOW_BANNER))
				return row;
		}
		if (judge_is_harmless(conn, cluster, facts))
			return NULL;
		return match(SIGNATURES_RESET, facts);
	}
	if (cluster == CLUSTER_SILENCE) {
		facts_of_silence(context, conn, facts);
		return match(SIGNATURES_SILENCE, facts);
	}
	if (!conn->evidence)
		return NULL;
	if (cluster == CLUSTER_FORGED) {
		unsigned server = flow_server(&conn->flow);
		uint32_t frame;

		if (!acks_undelivered(conn, server,
			    conn->flow.side[server].acked, &frame))
			return NULL;
		fact_set(facts, FACT_ACKS_UNDELIVERED, TRUTH_YES,
			conn->flow.side[server].last_frame, frame);
		fact_found(facts, FACT_ACKS_UNDELIVERED,
			"acknowledges a packet whose TTL ran out before");
		return match(SIGNATURES_FORGED, facts);
	}
	if (cluster == CLUSTER_SSH) {
		facts_of_silence(context, conn, facts);
		facts_of_ssh(conn, facts);
		return match(SIGNATURES_SSH, facts);
	}
	facts_of_mtu(context, conn, facts);
	return match(SIGNATURES_MTU, facts);
}

/* Where a device on the path reset, the endpoints' own resets are told too,
 * as harmless as they are: the reader has to know which is which. */
static unsigned add_companions(const struct closed_conn *conn,
	unsigned clusters[JUDGE_CLUSTERS], unsigned count)
{
	unsigned all = 0;

	(void)count;
	for (unsigned i = 0; i < conn->evidence->reset_count; i++)
		if (reset_leads(conn->evidence, i))
			clusters[all++] = i;
	return all;
}

unsigned judge_clusters(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned clusters[JUDGE_CLUSTERS],
	enum mechanism *outcome)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	bool is_closed = flow->side[0].flags & flow->side[1].flags & SIDE_FIN;
	const struct signature *row;
	struct facts facts;
	unsigned count = 0, boxes = 0;

	*outcome = is_closed ? MECHANISM_ORDERLY : MECHANISM_UNKNOWN;
	if (!evidence && (flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM)))
		return 0; /* nine of ten: nothing ever happened */
	for (unsigned i = 0; evidence && i < evidence->reset_count; i++) {
		if (!reset_leads(evidence, i))
			continue;
		row = judge_cluster(context, conn, i, &facts);
		if (!row)
			continue;
		if (count == 0)
			*outcome = row->mechanism;
		boxes += row->sender == ROLE_MIDDLEBOX;
		clusters[count++] = i;
	}
	if (boxes)
		count = add_companions(conn, clusters, count);
	if (evidence && evidence->reset_count && count == 0)
		*outcome = MECHANISM_ORDERLY;
	if (flow->flags & FLOW_SSH && count == 0) {
		row = judge_cluster(context, conn, CLUSTER_SSH, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SSH;
			return count;
		}
	}
	if (!(flow->flags & FLOW_RESET)) {
		row = judge_cluster(context, conn, CLUSTER_SILENCE, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SILENCE;
			return count;
		}
	}
	if (evidence && evidence->error_count && boxes == 0) {
		row = judge_cluster(context, conn, CLUSTER_FORGED, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_FORGED;
			return count;
		}
	}
	row = judge_cluster(context, conn, CLUSTER_MTU, &facts);
	if (row) {
		if (count == 0)
			*outcome = row->mechanism;
		clusters[count++] = CLUSTER_MTU;
	}
	return count;
}

/* Who is "the sender" of this cluster: the side that a reset names, or the
 * side whose packets go unanswered. */
unsigned judge_claimed_side(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster)
{
	const struct evidence *evidence = conn->evidence;
	unsigned victim;

	if (cluster < EVIDENCE_RESETS)
		return evidence->resets[cluster].note.side;
	if (cluster == CLUSTER_FORGED)
		return flow_server(&conn->flow);
	if (cluster == CLUSTER_MTU)
		return mtu_side(context, conn);
	victim = unanswered_side(conn);
	if (victim < 2)
		return victim;
	return flow_client(&conn->flow);
}

void judge_learn(struct learned *learned, const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	if (!(flow->flags & FLOW_GAP_PENDING) || server_never_spoke(flow) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN))
		return;
	idle_stats_died(&learned->idle_stats, &conn->address[client],
		&conn->address[!client], flow->flags & FLOW_V6 ? 6 : 4,
		flow->pending_gap_ms);
}
