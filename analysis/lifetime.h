/* When a connection has ended: a function of its packets and of capture time.
 */
#ifndef ANALYSIS_LIFETIME_H
#define ANALYSIS_LIFETIME_H

#include "analysis/analysis_state.h"

/* NULL: the flow has no evidence record. */
const struct evidence *lifetime_evidence(
	const struct analysis *analysis, const struct flow *flow);
/* How long it has to be quiet. */
int64_t lifetime_quiet_ns(
	const struct analysis *analysis, const struct flow *flow);
/* When it has been quiet for so long, unless another packet comes before: the
 * moment to which capture time has to come. */
int64_t lifetime_due_ns(
	const struct analysis *analysis, const struct flow *flow);
/* Whether it is closed then; otherwise it goes on, whatever comes. */
bool lifetime_closes(
	const struct analysis *analysis, const struct flow *flow);

#endif
