/* What capture time alone will end, told ahead: nobody may be there to send the
 * packet that time is read from. It changes nothing: if a packet of the
 * connection comes after all, it goes on as though nothing had been told, and
 * the incidents at the end are those of the packets (expiry.c). */
#include "analysis/lifetime.h"
#include "analysis/verdict/incident.h"
#include "analysis/verdict/judge.h"

static void foresee_end(const struct analysis *analysis,
	const struct flow *flow, int64_t due_ns,
	void (*tell)(void *context, const struct incident *incident),
	void *context)
{
	struct closed_conn conn = {.flow = *flow, .closed_ns = due_ns};
	struct verdict_context verdicts = analysis_verdict_context(analysis);
	struct judgement judgement;

	flow_table_endpoints(
		&analysis->observer.flows, flow, conn.address, conn.port);
	conn.evidence = lifetime_evidence(analysis, flow);
	judge_conn(&verdicts, &conn, &judgement);
	for (unsigned i = 0; i < judgement.count; i++) {
		struct incident incident;

		incident_of_ending(
			&verdicts, &conn, judgement.endings[i], &incident);
		tell(context, &incident);
	}
}

void analysis_foresee(struct analysis *analysis, int64_t from_ns, int64_t to_ns,
	void (*tell)(void *context, const struct incident *incident),
	void *context)
{
	const struct flow_table *table = &analysis->observer.flows;

	if (analysis->now_ns == INT64_MIN)
		return;
	expiry_look_at_all(analysis); /* what packets have ended */
	for (uint32_t i = 0; i < table->slots_used; i++) {
		const struct flow *flow = flow_table_slot(table, i);
		int64_t due_ns, ahead_ns;

		if (!(flow->flags & FLOW_USED) ||
			!lifetime_closes(analysis, flow))
			continue;
		due_ns = lifetime_due_ns(analysis, flow);
		if (!__builtin_sub_overflow(
			    due_ns, analysis->now_ns, &ahead_ns) &&
			ahead_ns > from_ns && ahead_ns <= to_ns)
			foresee_end(analysis, flow, due_ns, tell, context);
	}
}
