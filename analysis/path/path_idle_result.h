/* What the tests of idle connections come to, as the files of the judge share
 * it. */
#ifndef ANALYSIS_PATH_PATH_IDLE_RESULT_H
#define ANALYSIS_PATH_PATH_IDLE_RESULT_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"
#include "probe/protocol/loss_chance.h"

struct idle_result {
	const struct idle_test *survived; /* the longest idle time before the
					     fatal ones; NULL: none */
	const struct idle_test *died;	  /* the shortest fatal one */
	/* whose ending is told: the shortest fatal one, or, where that was
	 * answered for another connection, one that was not */
	const struct idle_test *ended;
	const struct idle_test *lives;	  /* answered while that was silent, or
					     after its reset; NULL: none */
	const struct idle_test *rejected; /* a dead one with an ICMP error;
					     routers rate-limit these */
	unsigned deaths, against; /* of those that died before others did not */
	unsigned hop_died, hop_lived; /* 0: none */
	unsigned hop_lives; /* connections that were refreshed up to hop_lived,
			       and live */
	const struct idle_test *hop_died_test, *hop_lived_test;
	unsigned sent, lost;   /* questions that were answered, and not,
				  where the connection lived */
	unsigned sure_tries;   /* see path_idle_sure_tries */
	int64_t died_ns;       /* see path_idle_fatal_ns */
	unsigned silent_tries; /* of those that nothing answered */
	uint64_t kept_frame;   /* the run's own connection answered */
	const struct idle_flow *closed; /* by the server, the earliest */
};

/* Whether anything was lost: a question where the connection lived, or a small
 * packet to the target that a living connection or echo answers. */
static inline bool path_idle_is_lossy(
	const struct path *path, const struct idle_result *result)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		enum probe_method method = path_record_method(path, row);

		if ((method == METHOD_TCP || method == METHOD_ECHO) &&
			path_record_is_whole_way(path, row) &&
			path->table.sent_probe[row].ip_bytes <=
				path->rules->floor_bytes &&
			!path->replies[row].arrived)
			return true;
	}
	return result->lost > 0;
}

/* Questions of which one got to the device, as far as the loss tells. */
static inline unsigned path_idle_sure_tries(
	const struct path *path, const struct idle_result *result)
{
	double share = loss_chance_share(result->sent, result->lost);
	double all_lost = share;
	bool is_lossy = path_idle_is_lossy(path, result);
	unsigned tries = 1;

	while (is_lossy && all_lost >= path->thresholds[PATH_LIKELY_CHANCE] &&
		tries < path->rules->idle_silent_tries) {
		all_lost *= share;
		tries++;
	}
	return tries;
}

/* For how long a dead connection was idle at the device, at the longest: until
 * the first question that surely got there (they are evenly spaced). A reset
 * answers the last one. */
static inline int64_t path_idle_fatal_ns(
	const struct idle_test *test, unsigned sure_tries)
{
	int64_t step_ns =
		test->tries > 1
			? path_record_elapsed_ns(test->asked_ns, test->again_ns)
			: 0;
	int64_t longer_ns = test->outcome == IDLE_RESET
				    ? path_record_elapsed_ns(test->asked_ns,
					      test->last_asked_ns)
				    : step_ns * (int64_t)(sure_tries - 1);

	return test->idle_ns + (longer_ns > 0 ? longer_ns : 0);
}

static inline double path_idle_seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

/* The connection of a test. */
static inline const struct idle_flow *path_idle_flow(
	const struct path *path, const struct idle_test *test)
{
	return &path->idle.flows[test->flow];
}

/* Whether a test counts: the server had answered on this connection, and
 * nothing was said on it. */
static inline bool path_idle_counts(
	const struct path *path, const struct idle_test *test)
{
	return test->is_confirmed && test->idle_ns >= 0 &&
	       !path_idle_flow(path, test)->has_spoken;
}

static inline bool path_idle_is_survival(
	const struct path *path, const struct idle_test *test)
{
	return path_idle_counts(path, test) && test->outcome == IDLE_ANSWERED;
}

/* Sets what connections that were refreshed up to a hop show; where the device
 * is. */
void path_idle_set_hops(const struct path *path, struct path_case *one,
	const struct idle_result *result);
/* Sets whether keepalives at the advised interval were seen to help. */
void path_idle_set_proof(const struct path *path, struct path_case *one,
	const struct idle_result *result, unsigned keepalive_s);

#endif
