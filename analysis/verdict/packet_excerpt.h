/* The packets of an incident as people need to see them, in order. */
#ifndef ANALYSIS_VERDICT_PACKET_EXCERPT_H
#define ANALYSIS_VERDICT_PACKET_EXCERPT_H

#include "analysis/verdict/fact.h"
#include "analysis/verdict/fatal_packet.h"
#include "analysis/verdict/incident.h"

/* Fills the incident's excerpt, of which one is the fatal packet, its wire
 * text and known pattern. */
void packet_excerpt_collect(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	const struct fatal_packet *fatal, const struct facts *facts,
	struct incident *incident);

#endif
