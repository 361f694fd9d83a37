#ifndef ANALYSIS_VERDICT_FACTS_REFUSAL_H
#define ANALYSIS_VERDICT_FACTS_REFUSAL_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether the reset refuses a SYN, and in which form. */
void facts_refusal(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
