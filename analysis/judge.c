/* Which endings of a connection are incidents, and what the signatures say of
 * them. Everything here is a function of a record and of what the recording
 * taught about hosts and paths. */
#include "analysis/judge.h"

#include <string.h>

#include "analysis/signature.h"

void judge_name(const struct record *record, struct flow_name *name)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);

	memset(name, 0, sizeof(*name));
	name->client.address = record->address[client];
	name->client.port = record->port[client];
	name->server.address = record->address[!client];
	name->server.port = record->port[!client];
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
const struct signature *judge_cluster(const struct analysis *analysis,
	const struct record *record, unsigned cluster, struct facts *facts)
{
	const struct signature *row;

	memset(facts, 0, sizeof(*facts));
	if (cluster < DOSSIER_RESETS) {
		facts_of_reset(analysis, record, cluster, facts);
		if (record->flow.flags & FLOW_SSH &&
			record->dossier->resets[cluster].note.side ==
				flow_server(&record->flow)) {
			facts_of_ssh(analysis, record, facts);
			row = match(SIGNATURES_SSH, facts);
			if (row &&
				(row->mechanism != MECHANISM_SSH_SLOW_BANNER))
				return row;
		}
		if (judge_is_harmless(record, cluster, facts))
			return NULL;
		return match(SIGNATURES_RESET, facts);
	}
	if (cluster == CLUSTER_SILENCE) {
		facts_of_silence(analysis, record, facts);
		return match(SIGNATURES_SILENCE, facts);
	}
	if (!record->dossier)
		return NULL;
	if (cluster == CLUSTER_FORGED) {
		unsigned server = flow_server(&record->flow);
		uint32_t frame;

		if (!acks_undelivered(record, server,
			    record->flow.side[server].acked, &frame))
			return NULL;
		fact_set(facts, FACT_ACKS_UNDELIVERED, TRUTH_YES,
			record->flow.side[server].last_frame, frame);
		fact_found(facts, FACT_ACKS_UNDELIVERED,
			"acknowledges a packet whose TTL ran out before");
		return match(SIGNATURES_FORGED, facts);
	}
	if (cluster == CLUSTER_SSH) {
		facts_of_silence(analysis, record, facts);
		facts_of_ssh(analysis, record, facts);
		return match(SIGNATURES_SSH, facts);
	}
	facts_of_mtu(analysis, record, facts);
	return match(SIGNATURES_MTU, facts);
}

/* Where a device on the path reset, the endpoints' own resets are told too,
 * as harmless as they are: the reader has to know which is which. */
static unsigned add_companions(const struct record *record,
	unsigned clusters[JUDGE_CLUSTERS], unsigned count)
{
	unsigned all = 0;

	(void)count;
	for (unsigned i = 0; i < record->dossier->reset_count; i++)
		if (reset_leads(record->dossier, i))
			clusters[all++] = i;
	return all;
}

unsigned judge_clusters(const struct analysis *analysis,
	const struct record *record, unsigned clusters[JUDGE_CLUSTERS],
	enum mechanism *outcome)
{
	const struct flow *flow = &record->flow;
	const struct dossier *dossier = record->dossier;
	bool is_closed =
		flow->side[0].flags & flow->side[1].flags & SIDE_FIN;
	const struct signature *row;
	struct facts facts;
	unsigned count = 0, boxes = 0;

	*outcome = is_closed ? MECHANISM_ORDERLY : MECHANISM_UNKNOWN;
	if (!dossier && (flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM)))
		return 0; /* nine of ten: nothing ever happened */
	for (unsigned i = 0; dossier && i < dossier->reset_count; i++) {
		if (!reset_leads(dossier, i))
			continue;
		row = judge_cluster(analysis, record, i, &facts);
		if (!row)
			continue;
		if (count == 0)
			*outcome = row->mechanism;
		boxes += row->sender == ROLE_MIDDLEBOX;
		clusters[count++] = i;
	}
	if (boxes)
		count = add_companions(record, clusters, count);
	if (dossier && dossier->reset_count && count == 0)
		*outcome = MECHANISM_ORDERLY;
	if (flow->flags & FLOW_SSH && count == 0) {
		row = judge_cluster(analysis, record, CLUSTER_SSH, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SSH;
			return count;
		}
	}
	if (!(flow->flags & FLOW_RESET)) {
		row = judge_cluster(analysis, record, CLUSTER_SILENCE, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SILENCE;
			return count;
		}
	}
	if (dossier && dossier->error_count && boxes == 0) {
		row = judge_cluster(
			analysis, record, CLUSTER_FORGED, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_FORGED;
			return count;
		}
	}
	row = judge_cluster(analysis, record, CLUSTER_MTU, &facts);
	if (row) {
		if (count == 0)
			*outcome = row->mechanism;
		clusters[count++] = CLUSTER_MTU;
	}
	return count;
}

/* Who is "the sender" of this cluster: the side that a reset names, or the
 * side whose packets go unanswered. */
unsigned judge_subject(const struct record *record, unsigned cluster)
{
	const struct dossier *dossier = record->dossier;
	unsigned victim;

	if (cluster < DOSSIER_RESETS)
		return dossier->resets[cluster].note.side;
	if (cluster == CLUSTER_FORGED)
		return flow_server(&record->flow);
	if (cluster == CLUSTER_MTU) {
		for (unsigned side = 0; side < 2; side++)
			if (dossier->repaired[side].count >= 2 ||
				dossier->healed[side].frame ||
				dossier->hole[side].is_active ||
				dossier->too_big[side].count)
				return side;
	}
	victim = silent_victim(record);
	if (victim < 2)
		return victim;
	return flow_client(&record->flow);
}

void judge_learn(struct analysis *analysis, const struct record *record)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);

	if (!(flow->flags & FLOW_GAP_PENDING) || server_never_spoke(flow) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN))
		return;
	paths_died(&analysis->paths, &record->address[client],
		&record->address[!client], flow->flags & FLOW_V6 ? 6 : 4,
		flow->pending_gap_ms);
}
