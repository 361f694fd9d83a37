#ifndef ANALYSIS_VERDICT_FACTS_SSH_H
#define ANALYSIS_VERDICT_FACTS_SSH_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* SSH's messages before encryption, and when its server closed. All facts are
 * not known where it is not SSH. */
void facts_ssh(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
