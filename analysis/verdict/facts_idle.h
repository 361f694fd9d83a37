#ifndef ANALYSIS_VERDICT_FACTS_IDLE_H
#define ANALYSIS_VERDICT_FACTS_IDLE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether a timer separates the idle times that connections of this path
 * survived from those after which they failed. */
void facts_idle_timer(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

/* Could a device have forgotten the connection in the gap? After
 * FACT_IDLE_BEFORE. */
void facts_idle_enough(const struct thresholds *limits, uint32_t gap_ms,
	uint32_t gap_frame, struct facts *facts);

/* The last idle time of the connection; for endings without a reset. */
void facts_idle_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
