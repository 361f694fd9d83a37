#ifndef ANALYSIS_VERDICT_FACTS_OVER_H
#define ANALYSIS_VERDICT_FACTS_OVER_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether there was a connection that this reset could end, and whether it
 * ended it. Reads what the other facts about the reset say. */
void facts_over(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
