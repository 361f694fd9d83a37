/* What to do, with the numbers of the evidence. */
#ifndef ANALYSIS_VERDICT_ADVICE_H
#define ANALYSIS_VERDICT_ADVICE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/incident.h"

/* Writes the incident's detail (this flow's numbers in a sentence) and
 * advice. `subject` is the side that the incident is about. */
void advice_write(const struct closed_conn *conn, unsigned subject,
	const struct facts *facts, struct incident *incident);

#endif
