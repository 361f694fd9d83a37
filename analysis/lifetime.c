#include "analysis/lifetime.h"

const struct evidence *lifetime_evidence(
	const struct analysis *analysis, const struct flow *flow)
{
	return flow->evidence ? evidence_view(&analysis->observer.evidence_pool,
					flow->evidence)
			      : NULL;
}

/* Since when nothing of it, or about it, has come. */
static int64_t quiet_since_ns(
	const struct flow *flow, const struct evidence *evidence)
{
	int64_t since_ns = flow_last_ns(flow);

	if (!evidence)
		return since_ns;
	if (evidence->last_reset_ns > since_ns)
		since_ns = evidence->last_reset_ns;
	if (evidence->last_error.note.kind &&
		evidence->last_error.note.time_ns > since_ns)
		since_ns = evidence->last_error.note.time_ns;
	return since_ns;
}

int64_t lifetime_quiet_ns(
	const struct analysis *analysis, const struct flow *flow)
{
	const struct thresholds *limits = analysis->observer.thresholds;
	int64_t limit_s = limits->silent_quiet_s;

	if (flow->side[0].flags & flow->side[1].flags & SIDE_FIN)
		limit_s = limits->closed_quiet_s;
	else if (flow->flags & FLOW_RESET)
		limit_s = limits->reset_quiet_s;
	return limit_s * SECOND_NS;
}

int64_t lifetime_due_ns(
	const struct analysis *analysis, const struct flow *flow)
{
	return quiet_since_ns(flow, lifetime_evidence(analysis, flow)) +
	       lifetime_quiet_ns(analysis, flow);
}

bool lifetime_closes(const struct analysis *analysis, const struct flow *flow)
{
	const struct evidence *evidence = lifetime_evidence(analysis, flow);

	return flow->flags & FLOW_RESET || !(flow->flags & FLOW_ESTABLISHED) ||
	       flow->side[0].flags & flow->side[1].flags & SIDE_FIN ||
	       (evidence && (evidence->unacked[0].is_active ||
				    evidence->unacked[1].is_active));
}
