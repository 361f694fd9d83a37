#ifndef ANALYSIS_VERDICT_FACTS_SIZE_H
#define ANALYSIS_VERDICT_FACTS_SIZE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Large packets that vanish: seen from their sender (a repaired loss that
 * only smaller packets ended, "too big" that went unheeded), or from their
 * receiver (a hole that is never filled while small packets pass). */
void facts_size(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
