#ifndef ANALYSIS_VERDICT_ROLES_H
#define ANALYSIS_VERDICT_ROLES_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/verdict_context.h"

/* Whether it is more than a guess who is the client: by a SYN, by what was
 * said, by who listens, or since one port only is of those that clients are
 * given. */
bool roles_are_known(
	const struct verdict_context *context, const struct closed_conn *conn);

#endif
