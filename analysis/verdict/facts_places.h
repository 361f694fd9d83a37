/* What another capture point proves of a connection that both recorded. */
#ifndef ANALYSIS_VERDICT_FACTS_PLACES_H
#define ANALYSIS_VERDICT_FACTS_PLACES_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Did the reset pass where its named sender was recorded? */
void facts_places_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* Did what goes unanswered arrive where the peer was recorded, and did an
 * answer leave there? */
void facts_places_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
