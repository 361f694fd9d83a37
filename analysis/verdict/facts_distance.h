#ifndef ANALYSIS_VERDICT_FACTS_DISTANCE_H
#define ANALYSIS_VERDICT_FACTS_DISTANCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* From where the reset came, beside the side that it claims to come from. */
void facts_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
