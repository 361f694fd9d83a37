#ifndef ANALYSIS_VERDICT_FACTS_CONTINUED_H
#define ANALYSIS_VERDICT_FACTS_CONTINUED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What the side in whose name the reset comes sends after it. After the facts
 * about the reset's distance. */
void facts_continued(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
