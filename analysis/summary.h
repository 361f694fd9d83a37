/* The list of all connections, for --all-flows. */
#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include "analysis/analysis_state.h"
#include "analysis/verdict/judge.h"

/* Adds a connection that has ended. Returns its index + 1 in
 * analysis->summaries; 0: there is no room for it. */
uint32_t summary_add(struct analysis *analysis, const struct closed_conn *conn,
	const struct judgement *judgement);
void summary_set_outcome(
	struct flow_summary *summary, const struct judgement *judgement);
/* Ports alone say who is the client, and other connections may say it better.
 */
bool summary_is_guessed(const struct flow *flow);

#endif
