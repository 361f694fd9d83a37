/* Statistics of the whole capture, beyond a single connection. */
#ifndef ANALYSIS_LEARNED_LEARNED_H
#define ANALYSIS_LEARNED_LEARNED_H

#include "analysis/learned/answered_syns.h"
#include "analysis/learned/capture_points.h"
#include "analysis/learned/checks.h"
#include "analysis/learned/closed_numbers.h"
#include "analysis/learned/host_ttls.h"
#include "analysis/learned/idle_stats.h"
#include "analysis/learned/listeners.h"
#include "analysis/learned/passed_sizes.h"
#include "analysis/learned/rebinds.h"
#include "analysis/learned/refusals.h"
#include "analysis/learned/triggers.h"

struct learned {
	struct host_ttls host_ttls;
	struct host_ttls datagram_ttls; /* of UDP and echo; until merged */
	struct idle_stats idle_stats;
	struct listeners listeners;
	/* who answered SYNs without ECN, and who those that ask for it */
	struct listeners accepted_plain, accepted_ecn;
	struct refusals refusals;
	struct answered_syns answered_syns;
	struct capture_points capture_points;
	struct closed_numbers closed_numbers;
	struct checks checks;
	struct passed_sizes passed_sizes;
	struct triggers triggers;
	struct rebinds rebinds;
};

/* `flows` connections at most; false without memory: then it is to be
 * released. */
bool learned_init(struct learned *learned, uint64_t flows, uint64_t seed);
void learned_release(struct learned *learned);
/* Adds what another part of the same recording taught, in whatever order parts
 * are added: first what packets taught, then, once they have closed, what ended
 * connections did. Closed numbers stay with their part: their connections do.
 * Both have the same seed. */
void learned_merge_services(
	struct learned *learned, const struct learned *from);
void learned_merge_ended(struct learned *learned, const struct learned *from);
/* What is kept apart while packets come, and told only together. */
void learned_settle(struct learned *learned);

#endif
