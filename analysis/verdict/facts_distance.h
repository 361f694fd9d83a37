#ifndef ANALYSIS_VERDICT_FACTS_DISTANCE_H
#define ANALYSIS_VERDICT_FACTS_DISTANCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* The origin of the reset, compared with its alleged sender's packets. */
void facts_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
