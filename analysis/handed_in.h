/* What is kept and counted of a connection that was handed in: at its close,
 * and again when all is known. */
#ifndef ANALYSIS_HANDED_IN_H
#define ANALYSIS_HANDED_IN_H

#include "analysis/analysis_state.h"
#include "analysis/verdict/judge.h"

/* Notes the incidents of `conn`, which has this number in the store; counts
 * them as not kept without memory. */
void handed_in_add_cases(struct analysis *analysis, uint32_t record,
	const struct closed_conn *conn, const struct judgement *judgement);
/* What a connection counts as, once its verdict is final. */
void handed_in_count(struct analysis *analysis, const struct closed_conn *conn,
	const struct judgement *judgement);
/* What the connection shows of what a device looks for. */
enum trigger_fate handed_in_fate(
	const struct flow *flow, const struct judgement *judgement);

#endif
