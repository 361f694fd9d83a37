#ifndef ANALYSIS_VERDICT_FACTS_WAITED_H
#define ANALYSIS_VERDICT_FACTS_WAITED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What did not come although every packet was acknowledged: a response, a
 * window. `own` is the side of the facts named "own"; `reset` ended the wait,
 * or NULL. A server that resets has not waited for its own response. */
void facts_waited(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned own, const struct reset *reset,
	struct facts *facts);

#endif
