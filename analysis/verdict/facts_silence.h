#ifndef ANALYSIS_VERDICT_FACTS_SILENCE_H
#define ANALYSIS_VERDICT_FACTS_SILENCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Unanswered packets, their sizes, the idle time before, and ICMP errors about
 * them. */
void facts_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
