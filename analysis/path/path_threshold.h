/* The thresholds of the analysis that the prober does not share (those are in
 * probe/protocol/probe_rules.h): one table, with sources. */
#ifndef ANALYSIS_PATH_PATH_THRESHOLD_H
#define ANALYSIS_PATH_PATH_THRESHOLD_H

enum path_threshold {
	PATH_CERTAIN_CHANCE,
	PATH_LIKELY_CHANCE,
	PATH_SYNS_FOR_SILENCE,
	PATH_END_ROUND_TRIPS,
	PATH_TRIES_FOR_NOTHING_LARGER,
	PATH_SILENT_FOR_LARGER,
	PATH_LARGE_TRIES_OF_HOP,
	PATH_RESTED_FOR_LINK,
	PATH_RESTED_CHANCE,
	PATH_PAIR_APART_MS,
	PATH_LOSS_LEAST_LOST,
	PATH_LOSS_SURELY_LOST,
	PATH_LOSS_DEVIATIONS,
	PATH_DELAY_LEAST_TRIPS,
	PATH_DELAY_MOST_S,
	PATH_JITTER_LARGE_MS,
	PATH_FRAGMENT_LOSS_MOST_BYTES,
	PATH_FRAGMENT_LOSS_FEW,
	PATH_FRAGMENT_LOSS_DOUBT,
	PATH_FRAGMENT_CONTROLS,
	PATH_SEARCH_DONE_TRIES,
	PATH_FEATURE_TRIES,
	PATH_CHANGE_TRIES,
	PATH_TRIES_BETWEEN,
	PATH_RESET_FAR_HOPS,
	PATH_PROXY_HOPS_APART,
	PATH_IDLE_DEATHS,
	PATH_IDLE_SAME_AGE,
	PATH_IDLE_PROOF_TIMES,
	PATH_IDLE_PROOF_INTERVAL,
	PATH_RESETS_SURE,
	PATH_TRIGGERS_DROPPED,
	PATH_SYNS_FOR_BLOCK,
	PATH_SSH_LATE_S,
	PATH_SSH_LARGE_OFTEN,
	PATH_SSH_GRACE_LEAST_S,
	PATH_SSH_GRACE_DEFAULT_S,
	PATH_THRESHOLD_COUNT,
};

struct path_threshold_text {
	const char *name; /* "syns-for-silence" */
	double value;
	const char *unit;
	const char *means; /* what it decides, one clause */
	const char *source;
	const char *moved_by; /* where it would not hold */
};

const struct path_threshold_text *path_threshold_text(
	enum path_threshold threshold);

#endif
