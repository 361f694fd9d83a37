#ifndef ANALYSIS_VERDICT_FACTS_IDLE_H
#define ANALYSIS_VERDICT_FACTS_IDLE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* The idle time before a reset: ended by the packet that the reset answered, or
 * by the reset itself. After FACT_PACKETS_BEFORE_NOT_RECORDED. */
void facts_idle_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* The last idle time of the connection; for endings without a reset. */
void facts_idle_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
