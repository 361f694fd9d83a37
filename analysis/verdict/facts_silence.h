#ifndef ANALYSIS_VERDICT_FACTS_SILENCE_H
#define ANALYSIS_VERDICT_FACTS_SILENCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What went unanswered, at which sizes, after which silence, and what ICMP
 * said about it. */
void facts_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
