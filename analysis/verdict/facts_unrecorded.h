#ifndef ANALYSIS_VERDICT_FACTS_UNRECORDED_H
#define ANALYSIS_VERDICT_FACTS_UNRECORDED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"

/* Does the recording lack what came between the handshake and a reset? */
void facts_unrecorded(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif
