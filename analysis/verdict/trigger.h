/* What a device that resets connections looks for, as far as a recording shows
 * it: what the connections that it reset have, and others to the same server
 * lack. */
#ifndef ANALYSIS_VERDICT_TRIGGER_H
#define ANALYSIS_VERDICT_TRIGGER_H

#include "analysis/flow/flow.h"
#include "analysis/verdict/incident.h"
#include "analysis/verdict/verdict_context.h"

/* `flow` was reset by a device; the trigger's kind is TRIGGER_NONE when too few
 * connections are there to compare it with, or nothing separates them. */
void trigger_find(const struct verdict_context *context,
	const struct flow *flow, struct incident_trigger *trigger);

/* The word for scripts, and the experiment that would confirm it; static. */
const char *trigger_word(enum trigger_kind kind);
const char *trigger_settled_by(enum trigger_kind kind);

#endif
