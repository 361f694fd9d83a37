/* Why an incident is judged as it is: its facts as rows of evidence, other
 * readings of the same packets, and what would decide. */
#ifndef ANALYSIS_VERDICT_INCIDENT_REASONS_H
#define ANALYSIS_VERDICT_INCIDENT_REASONS_H

#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict.h"
#include "analysis/verdict/verdict_context.h"

/* The facts have values (facts_init). */
void incident_add_reasons(const struct verdict_context *context,
	const struct closed_conn *conn, const struct verdict *verdict,
	const struct facts *facts, struct incident *incident);

/* Another reading, unless it is the incident's or is there. */
void incident_add_also(struct incident *incident, enum mechanism mechanism,
	enum party sender, enum party culprit, const char *why);
/* A fact that would decide. */
void incident_add_undecided(struct incident *incident, enum fact fact);

#endif
