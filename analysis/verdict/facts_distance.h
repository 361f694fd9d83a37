/* Facts about a reset's TTL, and what else tells where it was sent from. Which
 * rows follow from a TTL difference: docs/evidence.md, "What follows from a
 * fact". */
#ifndef ANALYSIS_VERDICT_FACTS_DISTANCE_H
#define ANALYSIS_VERDICT_FACTS_DISTANCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Compares the reset with its alleged sender's packets. */
void facts_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
