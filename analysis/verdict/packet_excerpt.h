/* The packets of an incident as people need to see them, in order. */
#ifndef ANALYSIS_VERDICT_PACKET_EXCERPT_H
#define ANALYSIS_VERDICT_PACKET_EXCERPT_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/ending.h"
#include "analysis/verdict/incident.h"
#include "analysis/verdict/verdict_context.h"

/* Fills the incident's excerpt, time, wire text and known pattern. */
void packet_excerpt_collect(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending, unsigned subject,
	struct incident *incident);

#endif
