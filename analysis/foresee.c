/* For `analyze --follow`: reports connections whose quiet time runs out before
 * another packet advances capture time. What is reported changes no state: if a
 * packet of the connection arrives after all, the connection continues, and the
 * incidents at the end are those of the packets (expiry.c). */
#include "analysis/lifetime.h"
#include "analysis/verdict/incident.h"
#include "analysis/verdict/judge.h"

static void foresee_end(const struct analysis *analysis,
	const struct flow *flow, const struct foreseen_flow *foreseen,
	void (*tell)(void *context, const struct incident *incident,
		const struct foreseen_flow *flow),
	void *context)
{
	struct closed_conn conn = {
		.flow = *flow, .closed_ns = foreseen->due_ns};
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
		tell(context, &incident, foreseen);
	}
}

int64_t analysis_now_ns(const struct analysis *analysis)
{
	return analysis->now_ns;
}

void analysis_foresee(struct analysis *analysis, int64_t from_ns, int64_t to_ns,
	void (*tell)(void *context, const struct incident *incident,
		const struct foreseen_flow *flow),
	void *context)
{
	const struct flow_table *table = &analysis->observer.flows;

	if (analysis->now_ns == INT64_MIN)
		return;
	expiry_look_at_all(analysis); /* what packets have ended */
	for (uint32_t i = 0; i < table->slots_used; i++) {
		const struct flow *flow = flow_table_slot(table, i);
		struct foreseen_flow foreseen = {i, flow->first_frame, 0};
		int64_t ahead_ns;

		if (!(flow->flags & FLOW_USED) ||
			!lifetime_closes(analysis, flow))
			continue;
		foreseen.due_ns = lifetime_due_ns(analysis, flow);
		if (!__builtin_sub_overflow(foreseen.due_ns, analysis->now_ns,
			    &ahead_ns) &&
			ahead_ns > from_ns && ahead_ns <= to_ns)
			foresee_end(analysis, flow, &foreseen, tell, context);
	}
}

struct wanted_end {
	uint64_t frame;
	enum mechanism mechanism;
	bool is_found;
};

static void look_for(void *context, const struct incident *incident,
	const struct foreseen_flow *flow)
{
	struct wanted_end *wanted = context;

	(void)flow; /* it is the one that was asked about */
	wanted->is_found |= incident->frame == wanted->frame &&
			    incident->mechanism == wanted->mechanism;
}

bool analysis_still_foresees(const struct analysis *analysis,
	struct foreseen_flow *foreseen, uint64_t frame,
	enum mechanism mechanism)
{
	const struct flow *flow = flow_table_slot(
		&analysis->observer.flows, foreseen->slot);
	struct wanted_end wanted = {frame, mechanism, false};
	int64_t due_ns;

	if (!(flow->flags & FLOW_USED) || flow->flags & FLOW_CLOSED ||
		flow->first_frame != foreseen->first_frame ||
		!lifetime_closes(analysis, flow))
		return false;
	due_ns = lifetime_due_ns(analysis, flow);
	if (due_ns == foreseen->due_ns)
		return true;
	foreseen->due_ns = due_ns;
	foresee_end(analysis, flow, foreseen, look_for, &wanted);
	return wanted.is_found;
}
