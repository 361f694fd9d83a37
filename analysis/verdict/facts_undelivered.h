#ifndef ANALYSIS_VERDICT_FACTS_UNDELIVERED_H
#define ANALYSIS_VERDICT_FACTS_UNDELIVERED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Whether a packet in `side`'s name (`frame`) acknowledges another that a
 * router reported as expired on its way to that side. */
void facts_undelivered(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, uint32_t acknowledged,
	uint32_t frame, struct facts *facts);

#endif
