/* Statistics of the whole capture, beyond a single connection. */
#ifndef ANALYSIS_LEARNED_LEARNED_H
#define ANALYSIS_LEARNED_LEARNED_H

#include "analysis/learned/answered_syns.h"
#include "analysis/learned/capture_points.h"
#include "analysis/learned/closed_numbers.h"
#include "analysis/learned/host_ttls.h"
#include "analysis/learned/idle_stats.h"
#include "analysis/learned/listeners.h"
#include "analysis/learned/refusals.h"
#include "analysis/learned/triggers.h"

struct learned {
	struct host_ttls host_ttls;
	struct idle_stats idle_stats;
	struct listeners listeners;
	/* who answered SYNs without ECN, and who those that ask for it */
	struct listeners accepted_plain, accepted_ecn;
	struct refusals refusals;
	struct answered_syns answered_syns;
	struct capture_points capture_points;
	struct closed_numbers closed_numbers;
	struct triggers triggers;
};

#endif
