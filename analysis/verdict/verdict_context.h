/* What a judgement may know besides the connection itself. */
#ifndef ANALYSIS_VERDICT_VERDICT_CONTEXT_H
#define ANALYSIS_VERDICT_VERDICT_CONTEXT_H

#include <stdint.h>

#include "analysis/learned/learned.h"
#include "analysis/thresholds/thresholds.h"

struct knowledge;

struct verdict_context {
	const struct knowledge *knowledge;
	const struct thresholds *thresholds;
	const struct learned *learned;
	uint64_t frame; /* of the newest packet: completes the low 32 bits of
			   frame numbers that records keep (flow_frame) */
};

#endif
