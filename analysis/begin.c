/* A connection begins: the earlier one of its name ends, and where flows are as
 * many as may be, another makes room. */
#include "analysis/analysis_state.h"
#include "analysis/rebind.h"

/* Both ends may still use it: neither reset it, and not both have closed. */
static bool is_open(const struct flow *flow)
{
	return (flow->flags & (FLOW_ESTABLISHED | FLOW_RESET)) ==
		       FLOW_ESTABLISHED &&
	       !(flow->side[0].flags & flow->side[1].flags & SIDE_FIN);
}

/* Evicts the least important flow; false when there is none. */
static bool evict_flow(struct analysis *analysis)
{
	struct flow *victim = flow_table_victim(&analysis->observer.flows);

	if (!victim)
		return false;
	analysis->totals.evicted_flows++;
	if (victim->evidence && victim->flags & FLOW_ESTABLISHED) {
		victim->flags |= FLOW_WEAKENED;
		close_flow(analysis, victim);
		return true;
	}
	if (victim->evidence)
		evidence_give_back(
			&analysis->observer.evidence_pool, victim->evidence);
	if (victim->flags & FLOW_RESET) {
		analysis->totals.resets_seen++;
		analysis->totals.unjudged_resets++;
	}
	flow_table_remove(&analysis->observer.flows, victim);
	return true;
}

struct flow *begin_flow(struct analysis *analysis, struct flow *before,
	const struct flow_key *key, const struct packet *packet)
{
	uint32_t next[2] = {0, 0};
	bool was_open = before && is_open(before);
	struct flow *flow;

	if (before) {
		next[0] = before->side[0].next;
		next[1] = before->side[1].next;
		close_flow(analysis, before);
	}
	if (flow_table_is_full(&analysis->observer.flows))
		evict_flow(analysis);
	flow = flow_table_insert(&analysis->observer.flows, key, packet);
	if (!flow && evict_flow(analysis))
		flow = flow_table_insert(
			&analysis->observer.flows, key, packet);
	if (!flow) {
		uint64_t resets = (packet->tcp_flags & TCP_RST) != 0;

		analysis->totals.left_out++;
		analysis->totals.resets_seen += resets;
		analysis->totals.unjudged_resets += resets;
		return NULL;
	}
	analysis->totals.flows++;
	if (before)
		flow->flags |= FLOW_PORT_REUSED;
	if (was_open)
		observe_before(&analysis->observer, flow, next);
	if ((analysis->totals.evicted_flows || analysis->totals.left_out) &&
		!(packet->tcp_flags & TCP_SYN))
		flow->flags |= FLOW_WEAKENED;
	rebind_note(analysis, flow, key->side, packet);
	return flow;
}
