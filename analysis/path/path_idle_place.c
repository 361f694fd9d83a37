/* Which hop forgets idle connections, and whether keepalives help. */
#include "analysis/path/path_idle_result.h"

void path_idle_set_hops(const struct path *path, struct path_case *one,
	const struct idle_result *result)
{
	struct path_facts *facts = &one->facts;
	/* The whole way is a hop too: connections kept alive live. */
	unsigned lived = result->hop_lived ? result->hop_lived : path->distance;
	bool is_split = result->hop_lived && result->hop_died &&
			result->hop_died >= result->hop_lived;

	if (!result->hop_lived && !result->hop_died)
		return;
	if (!is_split)
		path_fact_set(facts, PATH_FACT_REFRESHED_UP_TO_HOP_LIVES,
			result->hop_lived &&
				result->hop_lived < path->distance);
	path_fact_set(facts, PATH_FACT_HOP_LIVES_TWICE,
		result->hop_lives >= path->thresholds[PATH_IDLE_HOP_LIVES]);
	if (result->hop_lived)
		path_fact_frames(facts, PATH_FACT_REFRESHED_UP_TO_HOP_LIVES,
			result->hop_lived_test->answer_frame,
			result->hop_lived_test->asked_frame);
	path_fact_found(facts, PATH_FACT_REFRESHED_UP_TO_HOP_LIVES, "none");
	if (result->hop_lived)
		path_fact_found(facts, PATH_FACT_REFRESHED_UP_TO_HOP_LIVES,
			"up to hop %u: alive after %.1f s", result->hop_lived,
			path_idle_seconds(result->hop_lived_test->idle_ns));
	path_fact_expected(facts, PATH_FACT_REFRESHED_UP_TO_HOP_LIVES,
		"a hop before the target");
	if (result->hop_died) {
		path_fact_set(facts, PATH_FACT_REFRESHED_UP_TO_HOP_DIES, true);
		path_fact_frames(facts, PATH_FACT_REFRESHED_UP_TO_HOP_DIES,
			result->hop_died_test->asked_frame, 0);
		path_fact_as_expected(facts, PATH_FACT_REFRESHED_UP_TO_HOP_DIES,
			"up to hop %u: dead", result->hop_died);
	}
	if (is_split || lived == 0)
		return;
	one->figures.link =
		(struct path_stretch){(int)result->hop_died, (int)lived};
	path_fact_set(
		facts, PATH_FACT_IDLE_HOP_EXACT, lived == result->hop_died + 1);
	if (lived == result->hop_died + 1)
		one->figures.hop = (int)lived;
	path_case_word(&one->words, PATH_WORD_HOP, "%u", lived);
}

/* A connection on which questions were answered all the time, at about the
 * advised interval, for longer than the time-out. */
void path_idle_set_proof(const struct path *path, struct path_case *one,
	const struct idle_result *result, unsigned keepalive_s)
{
	double interval_ns = keepalive_s * 1e9;
	double most_ns =
		interval_ns * path->thresholds[PATH_IDLE_PROOF_INTERVAL];
	int64_t run_ns[IDLE_FLOWS] = {0};
	double largest_ns[IDLE_FLOWS] = {0};

	for (unsigned i = 0; i < path->idle.test_count; i++) {
		const struct idle_test *test = &path->idle.tests[i];
		double idle_ns = (double)test->idle_ns;

		if (!path_idle_is_survival(path, test) || test->hop_limit)
			continue;
		if (idle_ns > most_ns) {
			run_ns[test->flow] = 0;
			largest_ns[test->flow] = 0;
			continue;
		}
		run_ns[test->flow] += test->idle_ns;
		if (idle_ns > largest_ns[test->flow])
			largest_ns[test->flow] = idle_ns;
		if ((double)run_ns[test->flow] <
				path->thresholds[PATH_IDLE_PROOF_TIMES] *
					(double)result->died_ns ||
			largest_ns[test->flow] * 2 < interval_ns)
			continue;
		path_fact_set(&one->facts, PATH_FACT_KEEPALIVE_PROVED, true);
		path_fact_frames(&one->facts, PATH_FACT_KEEPALIVE_PROVED,
			test->answer_frame, test->asked_frame);
		path_fact_as_expected(&one->facts, PATH_FACT_KEEPALIVE_PROVED,
			"one every %.1f s: alive after %.1f s",
			largest_ns[test->flow] / 1e9,
			path_idle_seconds(run_ns[test->flow]));
	}
}
