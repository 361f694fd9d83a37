#ifndef ANALYSIS_VERDICT_FACTS_CLOSING_H
#define ANALYSIS_VERDICT_FACTS_CLOSING_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether an endpoint was ending the connection itself when the reset came.
 * After the facts about the packets before the reset. */
void facts_closing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
