/* Closes flows that have ended or whose timeout has expired. Time is capture
 * time, from packet timestamps.
 *
 * A flow has ended once capture time has come to a moment that follows from its
 * packets alone (lifetime.c), before its next packet: where nothing at all was
 * recorded in between, the machine that records may have slept. That is asked
 * when the next packet of its name comes, and at the end of the recording; the
 * sweep, which looks at all flows, only gives memory back sooner. So what is
 * found does not depend on its schedule, nor on how many flows there are
 * beside. */
#include "analysis/lifetime.h"

#include <stddef.h>

enum {
	SWEEP_PERIOD_S = 10, /* in which every flow is looked at once */
	/* at most, for a packet: so that a recording of few packets and long
	 * silences costs no more than others. What packets leave of it is kept
	 * for the next silence. */
	SWEEP_SLOTS = 64,
	SWEEP_KEPT = 1 << 16,
	ROOM_AT_ONCE = 2, /* connections; a packet takes one evidence record */
};

/* Idle and without incident: its evidence record is not needed. */
static void let_evidence_go(struct analysis *analysis, struct flow *flow)
{
	const struct evidence *evidence = lifetime_evidence(analysis, flow);

	if (!evidence || evidence->ssh || evidence->error_count ||
		evidence->other.continued ||
		evidence_tells_of_sizes(
			analysis->observer.thresholds, evidence))
		return;
	evidence_give_back(&analysis->observer.evidence_pool, flow->evidence);
	flow->evidence = 0;
}

bool expiry_settle(
	struct analysis *analysis, struct flow *flow, int64_t time_ns)
{
	/* nearly always: the other conditions touch the evidence record */
	if (time_ns == INT64_MIN ||
		time_ns - flow_last_ns(flow) <
			lifetime_quiet_ns(analysis, flow) ||
		time_ns < lifetime_due_ns(analysis, flow))
		return true;
	if (lifetime_closes(analysis, flow)) {
		close_flow(analysis, flow);
		return false;
	}
	let_evidence_go(analysis, flow);
	return true;
}

void expiry_look_at_all(struct analysis *analysis)
{
	struct flow_table *table = &analysis->observer.flows;

	for (uint32_t i = 0; i < table->slots_used; i++) {
		struct flow *flow = flow_table_slot(table, i);

		if (flow->flags & FLOW_USED)
			(void)expiry_settle(analysis, flow, analysis->now_ns);
	}
}

/* As capture time passes, all flows are looked at in turn. */
void expiry_sweep(struct analysis *analysis, unsigned packets)
{
	struct flow_table *table = &analysis->observer.flows;
	int64_t from_ns = analysis->swept_ns, passed_ns;

	analysis->swept_ns = analysis->now_ns;
	if (from_ns == INT64_MIN || analysis->now_ns <= from_ns)
		return;
	passed_ns = analysis->now_ns - from_ns;
	if (passed_ns > SWEEP_PERIOD_S * SECOND_NS)
		passed_ns = SWEEP_PERIOD_S * SECOND_NS;
	/* in units of 2^-20 slots: slots * time / period */
	analysis->sweep_debt +=
		(uint64_t)table->slots_used * (uint64_t)(passed_ns >> 10) /
			(uint64_t)(SWEEP_PERIOD_S * SECOND_NS >> 20)
		<< 10;
	if (analysis->sweep_debt > (uint64_t)table->slots_used << 20)
		analysis->sweep_debt = (uint64_t)table->slots_used << 20;
	if (analysis->sweep_room < SWEEP_KEPT)
		analysis->sweep_room += SWEEP_SLOTS * packets;
	while (analysis->sweep_debt >= 1u << 20 && analysis->sweep_room > 0) {
		struct flow *flow;

		analysis->sweep_debt -= 1u << 20;
		analysis->sweep_room--;
		analysis->swept++;
		if (table->sweep >= table->slots_used)
			table->sweep = 0;
		flow = flow_table_slot(table, table->sweep++);
		if (flow->flags & FLOW_USED)
			(void)expiry_settle(analysis, flow, analysis->now_ns);
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
