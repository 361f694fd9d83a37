#include "analysis/path/path_idle.h"

#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_idle_result.h"
#include "analysis/verdict/idle_timers.h"
#include "capture/icmp_name.h"
#include "probe/protocol/idle_rules.h"

static int64_t rtt_ns(const struct path *path)
{
	return path->totals.rtt_ns == INT64_MAX ? 0 : path->totals.rtt_ns;
}

/* A reset of the server's by itself, or on a connection as old as those that
 * the server closes, is the server's. */
static bool is_by_age(const struct path *path, const struct idle_test *test,
	const struct idle_flow *closed)
{
	return path_idle_is_servers(&path->idle, test) &&
	       (test->is_unasked ||
		       (closed && closed->closed_age_ns >= 0 &&
			       (double)test->age_ns >=
				       path->thresholds[PATH_IDLE_SAME_AGE] *
					       (double)closed->closed_age_ns));
}

static bool is_death(const struct path *path, const struct idle_test *test,
	const struct idle_flow *closed)
{
	if (!path_idle_counts(path, test))
		return false;
	if (test->outcome == IDLE_RESET)
		return !is_by_age(path, test, closed);
	return test->outcome == IDLE_UNANSWERED &&
	       test->tries >= path->rules->idle_silent_tries;
}

static bool is_within(int64_t from_ns, int64_t ns, int64_t to_ns)
{
	return path_record_elapsed_ns(from_ns, ns) >= 0 &&
	       path_record_elapsed_ns(ns, to_ns) >= 0;
}

/* When another connection has to live for a death to be that of a connection:
 * between the first question and the last; what answers later may do so once a
 * path that failed is back. A reset may come later than the questions of
 * others, and the server lives where one is answered after it. */
static bool is_beside(const struct idle_test *died, int64_t alive_ns)
{
	return died->outcome == IDLE_RESET
		       ? path_record_elapsed_ns(died->answered_ns, alive_ns) >=
				 0
		       : is_within(
				 died->asked_ns, alive_ns, died->last_asked_ns);
}

static void find_closed(const struct path *path, struct idle_result *result)
{
	for (unsigned i = 0; i < path->idle.flow_count; i++) {
		const struct idle_flow *flow = &path->idle.flows[i];

		if (flow->closed_frame && !flow->has_spoken &&
			(!result->closed ||
				flow->closed_age_ns <
					result->closed->closed_age_ns))
			result->closed = flow;
	}
}

static void take_longer(
	const struct idle_test **longest, const struct idle_test *test)
{
	if (!*longest || test->idle_ns > (*longest)->idle_ns)
		*longest = test;
}

/* The longest idle time that was survived, and is shorter than so much. */
static void find_survived(
	const struct path *path, struct idle_result *result, int64_t below_ns)
{
	const struct path_idle *idle = &path->idle;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];

		if (path_idle_is_survival(path, test) && test->hop_limit == 0 &&
			test->idle_ns < below_ns)
			take_longer(&result->survived, test);
	}
}

static void count_lost(const struct path *path, struct idle_result *result)
{
	const struct path_idle *idle = &path->idle;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];

		if (!path_idle_is_survival(path, test))
			continue;
		result->sent += test->tries;
		result->lost += test->tries - 1;
	}
	result->sure_tries = path_idle_sure_tries(path, result);
}

/* The shortest fatal idle time that is longer than the one that was survived:
 * what died sooner is counted as a contradiction. */
static void find_died(const struct path *path, struct idle_result *result)
{
	const struct path_idle *idle = &path->idle;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];
		int64_t fatal_ns;

		if (test->hop_limit || !is_death(path, test, result->closed))
			continue;
		fatal_ns = path_idle_fatal_ns(test, result->sure_tries);
		if (result->survived && fatal_ns <= result->survived->idle_ns) {
			result->against++;
		} else if (!result->died || fatal_ns < result->died_ns) {
			result->died = result->ended = test;
			result->died_ns = fatal_ns;
		}
	}
}

/* An answer on the run's own connection, which old data keep alive; 0: none. */
static uint64_t kept_frame(
	const struct path *path, const struct idle_test *died)
{
	uint64_t frame = 0;

	for (uint32_t row = 0; row < path->table.count; row++)
		if (path_record_method(path, row) == METHOD_TCP &&
			path->replies[row].arrived &&
			is_beside(died, path->table.sent_probe[row].time_ns))
			frame = path->replies[row].arrived;
	return frame;
}

/* Whether connections that were open when this one, which died, last had a
 * packet were idle for longer and lived, and live after its death: then neither
 * a server that began anew nor a path that failed for a while is the reason. */
static bool is_outlived(
	const struct path *path, const struct idle_test *died, int64_t fatal_ns)
{
	const struct path_idle *idle = &path->idle;
	bool is_longer = false, is_live = kept_frame(path, died) != 0;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];

		if (!path_idle_is_survival(path, test) ||
			path_record_elapsed_ns(
				path_idle_flow(path, test)->opened_ns,
				died->asked_ns) < died->idle_ns)
			continue;
		is_live |= is_beside(died, test->answered_ns);
		is_longer |= test->hop_limit == 0 && test->idle_ns >= fatal_ns;
	}
	return is_longer && is_live;
}

/* Where none died that was idle for longer than all that lived: several that
 * were outlived died of the shortest idle time among them. A NAT with few ports
 * gives some their own again [lab: test_idle]; or only some of the connections
 * pass the device. */
static void find_outlived(const struct path *path, struct idle_result *result)
{
	const struct path_idle *idle = &path->idle;
	const struct idle_test *died = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];
		int64_t fatal_ns = path_idle_fatal_ns(test, result->sure_tries);

		if (test->hop_limit || !is_death(path, test, result->closed) ||
			!is_outlived(path, test, fatal_ns))
			continue;
		count++;
		if (!died || fatal_ns < result->died_ns) {
			died = test;
			result->died_ns = fatal_ns;
		}
	}
	if (count < path->thresholds[PATH_IDLE_DEATHS])
		return;
	result->died = result->ended = died;
	result->survived = NULL;
	find_survived(path, result, result->died_ns);
}

static void find_times(const struct path *path, struct idle_result *result)
{
	find_closed(path, result);
	count_lost(path, result);
	find_survived(path, result, INT64_MAX);
	find_died(path, result);
	if (!result->died)
		find_outlived(path, result);
}

/* Connections that were refreshed up to a hop, and idle behind it for longer
 * than the time-out. */
static void take_hop(
	struct idle_result *result, const struct idle_test *test, bool is_dead)
{
	unsigned hop = test->hop_limit;

	if (hop == 0 || test->idle_ns < result->died_ns)
		return;
	if (is_dead && hop > result->hop_died) {
		result->hop_died = hop;
		result->hop_died_test = test;
	}
	if (!is_dead && (result->hop_lived == 0 || hop < result->hop_lived)) {
		result->hop_lived = hop;
		result->hop_lived_test = test;
		result->hop_lives = 0;
	}
	result->hop_lives += !is_dead && hop == result->hop_lived;
}

/* The server answered each question in vain: it knows another connection by
 * the address and port that they came from. */
static bool is_answered_for_another(const struct idle_test *test)
{
	return test->outcome == IDLE_UNANSWERED && test->other_frame;
}

/* One of those that died at the time-out or later. */
static void take_death(struct idle_result *result, const struct idle_test *test)
{
	bool is_for_another = is_answered_for_another(test);

	result->deaths++;
	if (test->error_frame && !result->rejected)
		result->rejected = test;
	if (test->outcome == IDLE_UNANSWERED && !is_for_another)
		result->silent_tries += test->tries;
	if (!is_for_another && is_answered_for_another(result->ended))
		result->ended = test;
}

static void take_tests(const struct path *path, struct idle_result *result)
{
	const struct path_idle *idle = &path->idle;

	for (unsigned i = 0; i < idle->test_count; i++) {
		const struct idle_test *test = &idle->tests[i];
		bool is_dead = is_death(path, test, result->closed);

		if (path_idle_is_survival(path, test) && result->died &&
			is_beside(result->died, test->answered_ns))
			result->lives = test;
		if (!result->died ||
			(!is_dead && !path_idle_is_survival(path, test)))
			continue;
		if (is_dead && path_idle_fatal_ns(test, result->sure_tries) >=
				       result->died_ns)
			take_death(result, test);
		take_hop(result, test, is_dead);
	}
}

static void set_test(struct path_facts *facts, enum path_fact fact,
	const struct idle_test *test, const char *what)
{
	path_fact_set(facts, fact, test != NULL);
	if (!test)
		return;
	path_fact_frames(facts, fact,
		test->answer_frame ? test->answer_frame : test->asked_frame,
		test->asked_frame);
	path_fact_as_expected(facts, fact, "%s after %.1f s without packets",
		what, path_idle_seconds(test->idle_ns));
}

static void set_reset(const struct path *path, struct path_facts *facts,
	const struct idle_test *ended)
{
	enum path_fact fact = PATH_FACT_RESET_FROM_SERVER;

	path_fact_set(facts, fact, path_idle_is_servers(&path->idle, ended));
	path_fact_frames(facts, fact, ended->answer_frame, ended->asked_frame);
	path_fact_found(facts, fact, "ttl %u", ended->answer_ttl);
	path_fact_expected(facts, fact, "ttl %u", path->idle.most_ttl);
}

/* What came instead of an answer. */
static void set_ending(const struct path *path, struct path_case *one,
	const struct idle_result *result)
{
	const struct idle_test *ended = result->ended;
	const struct idle_test *rejected = result->rejected;
	struct path_facts *facts = &one->facts;
	bool is_reset = ended->outcome == IDLE_RESET;
	bool is_for_another = is_answered_for_another(ended);

	path_fact_set(facts, PATH_FACT_RESET_AFTER_IDLE, is_reset);
	path_fact_set(facts, PATH_FACT_ERROR_AFTER_IDLE,
		!is_reset && rejected != NULL);
	path_fact_set(facts, PATH_FACT_ANSWERED_FOR_ANOTHER,
		is_for_another && rejected == NULL);
	if (is_reset)
		set_reset(path, facts, ended);
	if (is_for_another) {
		path_fact_frames(facts, PATH_FACT_ANSWERED_FOR_ANOTHER,
			ended->other_frame, ended->asked_frame);
		path_fact_as_expected(facts, PATH_FACT_ANSWERED_FOR_ANOTHER,
			"another number acknowledged");
	}
	if (!rejected)
		return;
	path_fact_frames(facts, PATH_FACT_ERROR_AFTER_IDLE,
		rejected->error_frame, rejected->asked_frame);
	path_fact_as_expected(facts, PATH_FACT_ERROR_AFTER_IDLE, "%s",
		icmp_name(path->comment.family, rejected->error_type,
			rejected->error_code));
	one->figures.reporter = rejected->error_from;
}

static void set_loss(const struct path *path, struct path_case *one,
	const struct idle_result *result)
{
	double share = loss_chance_share(result->sent, result->lost);

	if (result->silent_tries == 0)
		return;
	mtu_bound_set_chance(path, &one->facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		pow(share, path_record_missing(path, result->silent_tries)));
}

static void set_figures(const struct path *path, struct path_case *one,
	const struct idle_result *result)
{
	struct idle_figures *figures = &one->figures.idle;
	struct path_facts *facts = &one->facts;

	if (result->survived) {
		figures->survived_ns = result->survived->idle_ns;
		path_case_word(&one->words, PATH_WORD_SURVIVED, "%.1f",
			path_idle_seconds(figures->survived_ns));
	}
	if (!result->died)
		return;
	/* At the device it was idle for up to a round trip longer. */
	figures->died_ns = result->died_ns + rtt_ns(path);
	figures->keepalive_s = idle_keepalive_s(figures->survived_ns);
	path_fact_set(
		facts, PATH_FACT_KEEPALIVE_POSSIBLE, figures->keepalive_s > 0);
	path_case_word(
		&one->words, PATH_WORD_KEEPALIVE, "%u", figures->keepalive_s);
	idle_timers_text(figures->survived_ns, figures->died_ns,
		figures->timers, sizeof(figures->timers));
	if (figures->keepalive_s)
		path_idle_set_proof(path, one, result, figures->keepalive_s);
}

static void set_closed(const struct path *path, struct path_case *one,
	const struct idle_result *result)
{
	struct path_facts *facts = &one->facts;
	int64_t tested_ns = result->survived ? result->survived->idle_ns : 0;
	double wanted_ns = path->comment.idle_max_s * 1e9;

	path_fact_set(facts, PATH_FACT_SERVER_CLOSES, result->closed != NULL);
	path_fact_set(facts, PATH_FACT_IDLE_MAX_SURVIVED,
		wanted_ns > 0 && (double)tested_ns >= wanted_ns);
	if (!result->closed)
		return;
	path_fact_frames(facts, PATH_FACT_SERVER_CLOSES,
		result->closed->closed_frame, 0);
	path_fact_as_expected(facts, PATH_FACT_SERVER_CLOSES,
		"%.1f s after it was opened",
		path_idle_seconds(result->closed->closed_age_ns));
	path_case_word(&one->words, PATH_WORD_CLOSES, "%.1f",
		path_idle_seconds(result->closed->closed_age_ns));
}

int64_t path_idle_survived_ns(const struct path *path)
{
	struct idle_result result = {0};

	find_times(path, &result);
	return result.survived ? result.survived->idle_ns : 0;
}

void path_idle_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct idle_result result = {0};
	struct path_case one;
	struct path_facts *facts = &one.facts;

	path_case_begin(&one, PATH_SUBJECT_IDLE, path->comment.family);
	path_case_word(&one.words, PATH_WORD_PORT, "%u", path->comment.port);
	find_times(path, &result);
	take_tests(path, &result);
	if (result.died)
		result.kept_frame = kept_frame(path, result.died);
	set_test(facts, PATH_FACT_SHORTER_IDLE_SURVIVED, result.survived,
		"alive");
	set_test(facts, PATH_FACT_IDLE_CONNECTION_DIES, result.died, "dead");
	path_fact_set(facts, PATH_FACT_PORT_OF_SSH, path->comment.port == 22);
	set_closed(path, &one, &result);
	set_figures(path, &one, &result);
	if (result.died) {
		path_fact_set(facts, PATH_FACT_SEVERAL_DIED,
			result.deaths >= path->thresholds[PATH_IDLE_DEATHS]);
		path_fact_as_expected(facts, PATH_FACT_SEVERAL_DIED,
			"%u connections", result.deaths);
		path_fact_set(facts, PATH_FACT_IDLE_TIMES_SEPARATE,
			result.against == 0 &&
				!(result.hop_lived &&
					result.hop_died >= result.hop_lived));
		path_fact_set(facts, PATH_FACT_OTHERS_LIVE,
			result.lives || result.kept_frame);
		path_fact_frames(facts, PATH_FACT_OTHERS_LIVE,
			result.kept_frame ? result.kept_frame
			: result.lives	  ? result.lives->answer_frame
					  : 0,
			result.died->asked_frame);
		path_fact_as_expected(
			facts, PATH_FACT_OTHERS_LIVE, "answered meanwhile");
		set_ending(path, &one, &result);
		set_loss(path, &one, &result);
		path_idle_set_hops(path, &one, &result);
	}
	sink->take(sink->context, &one);
}
