#ifndef ANALYSIS_VERDICT_FACTS_TIMING_H
#define ANALYSIS_VERDICT_FACTS_TIMING_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether the reset came sooner than its sender's answers do. */
void facts_timing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
