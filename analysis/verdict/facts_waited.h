#ifndef ANALYSIS_VERDICT_FACTS_WAITED_H
#define ANALYSIS_VERDICT_FACTS_WAITED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What was waited for in vain though every packet was acknowledged: an answer,
 * a window. `own` is the side of which facts say "own"; `end_ns` when the wait
 * was over. Who resets its own connection has not waited for itself. */
void facts_waited(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned own, int64_t end_ns,
	bool is_servers_reset, struct facts *facts);

#endif
