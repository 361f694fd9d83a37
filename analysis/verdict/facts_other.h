#ifndef ANALYSIS_VERDICT_FACTS_OTHER_H
#define ANALYSIS_VERDICT_FACTS_OTHER_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Packets of other connections with the same addresses and ports. */
void facts_other(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

/* What of them came before a reset. */
void facts_other_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
