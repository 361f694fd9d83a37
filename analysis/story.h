/* The packets of an incident as people need to see them, in order. */
#ifndef ANALYSIS_STORY_H
#define ANALYSIS_STORY_H

#include "analysis/state.h"

/* Fills the incident's glimpses, time, wire text and known pattern. */
void story_tell(const struct analysis *analysis, const struct record *record,
	unsigned cluster, unsigned subject, struct incident *incident);

#endif
