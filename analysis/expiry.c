/* Closes flows that have ended or whose timeout has expired. Time is capture
 * time, from packet timestamps. */
#include "analysis/analysis_state.h"

#include <stddef.h>

enum {
	SWEEP_PERIOD_S = 10, /* in which every flow is looked at once */
	ROOM_AT_ONCE = 2, /* connections; a packet takes one evidence record */
};

/* Whether the flow's timeout has expired. */
static void sweep_flow(struct analysis *analysis, struct flow *flow)
{
	int64_t quiet_ns = analysis->now_ns - flow_last_ns(flow);
	const uint32_t flags = flow->flags;
	const struct evidence *evidence = NULL;
	const struct thresholds *limits = analysis->observer.thresholds;
	int64_t limit_s = limits->silent_quiet_s;

	if (flow->side[0].flags & flow->side[1].flags & SIDE_FIN)
		limit_s = limits->closed_quiet_s;
	else if (flags & FLOW_RESET)
		limit_s = limits->reset_quiet_s;
	/* resets and errors since only make it less quiet */
	if (quiet_ns < limit_s * SECOND_NS)
		return;
	if (flow->evidence)
		evidence = evidence_at(
			&analysis->observer.evidence_pool, flow->evidence);
	if (evidence && evidence->last_reset_ns &&
		analysis->now_ns - evidence->last_reset_ns < quiet_ns)
		quiet_ns = analysis->now_ns - evidence->last_reset_ns;
	if (evidence && evidence->last_error.note.kind &&
		analysis->now_ns - evidence->last_error.note.time_ns < quiet_ns)
		quiet_ns = analysis->now_ns - evidence->last_error.note.time_ns;
	if (quiet_ns < limit_s * SECOND_NS)
		return;
	if (flags & FLOW_RESET || !(flags & FLOW_ESTABLISHED) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN) ||
		(evidence && (evidence->unacked[0].is_active ||
				     evidence->unacked[1].is_active))) {
		close_flow(analysis, flow);
		return;
	}
	/* idle and without incident: its evidence record is not needed */
	if (evidence && !evidence->ssh && !evidence->error_count &&
		!evidence->other.continued && !evidence->rebound.idle_ns &&
		!evidence_tells_of_sizes(limits, evidence)) {
		evidence_give_back(
			&analysis->observer.evidence_pool, flow->evidence);
		flow->evidence = 0;
	}
}

/* As capture time passes, all flows are looked at in turn. */
void expiry_sweep(struct analysis *analysis, int64_t time_ns)
{
	struct flow_table *table = &analysis->observer.flows;
	int64_t passed_ns;

	if (analysis->now_ns == INT64_MIN || time_ns <= analysis->now_ns)
		return;
	passed_ns = time_ns - analysis->now_ns;
	if (passed_ns > SWEEP_PERIOD_S * SECOND_NS)
		passed_ns = SWEEP_PERIOD_S * SECOND_NS;
	/* in units of 2^-20 slots: slots * time / period */
	analysis->sweep_debt +=
		(uint64_t)table->slots_used * (uint64_t)(passed_ns >> 10) /
			(uint64_t)(SWEEP_PERIOD_S * SECOND_NS >> 20)
		<< 10;
	while (analysis->sweep_debt >= 1u << 20) {
		struct flow *flow;

		analysis->sweep_debt -= 1u << 20;
		if (table->slots_used == 0)
			return;
		if (table->sweep >= table->slots_used)
			table->sweep = 0;
		flow = flow_table_slot(table, table->sweep++);
		if (flow->flags & FLOW_USED)
			sweep_flow(analysis, flow);
	}
}

/* They are judged by what is known by now, which is more than to know nothing
 * of the next reset. */
void expiry_make_room(struct analysis *analysis)
{
	for (unsigned i = 0; i < ROOM_AT_ONCE; i++) {
		struct flow *flow =
			evidence_quiet(&analysis->observer.evidence_pool);

		if (!flow)
			return;
		flow->flags |= FLOW_WEAKENED;
		analysis->totals.evicted_flows++;
		close_flow(analysis, flow);
	}
}
