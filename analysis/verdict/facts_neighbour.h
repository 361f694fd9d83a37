#ifndef ANALYSIS_VERDICT_FACTS_NEIGHBOUR_H
#define ANALYSIS_VERDICT_FACTS_NEIGHBOUR_H

#include "analysis/observe/closed_conn.h"
#include "analysis/thresholds/thresholds.h"
#include "analysis/verdict/fact.h"

/* Whether a device next to the client answers in the server's name. */
void facts_neighbour(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
