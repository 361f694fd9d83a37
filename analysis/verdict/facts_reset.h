#ifndef ANALYSIS_VERDICT_FACTS_RESET_H
#define ANALYSIS_VERDICT_FACTS_RESET_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* All facts of a reset: its origin, its form, the packets before and after
 * it. */
void facts_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* Did the service in whose name this reset of an unknown connection comes
 * refuse a SYN soon after it, or in the silence before it? */
bool facts_reset_is_restart(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset);

#endif
