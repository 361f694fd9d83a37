/* The evidence of an incident: its facts, each with what it speaks for. */
#ifndef ANALYSIS_VERDICT_INCIDENT_EVIDENCE_H
#define ANALYSIS_VERDICT_INCIDENT_EVIDENCE_H

#include "analysis/verdict/fact.h"
#include "analysis/verdict/incident.h"
#include "analysis/verdict/verdict.h"
#include "analysis/verdict/verdict_context.h"

/* Adds the known facts of the ending to the incident: first those on which the
 * verdict's row rests, then those on which the row of another reading that
 * stands beside it rests, then the others. Each row has its weight. */
void incident_evidence_add(const struct verdict_context *context,
	const struct closed_conn *conn, const struct facts *facts,
	const struct verdict *verdict, struct incident *incident);

#endif
