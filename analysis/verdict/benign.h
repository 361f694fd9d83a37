#ifndef ANALYSIS_VERDICT_BENIGN_H
#define ANALYSIS_VERDICT_BENIGN_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"

/* Whether a reset that may be the endpoint's own hurt nobody. */
bool benign_reset(const struct closed_conn *conn, const struct reset *reset,
	const struct facts *facts);

#endif
