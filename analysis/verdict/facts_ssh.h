#ifndef ANALYSIS_VERDICT_FACTS_SSH_H
#define ANALYSIS_VERDICT_FACTS_SSH_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What SSH said before encryption, and when its server hung up. Nothing is
 * known where it is not SSH. */
void facts_ssh(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
