#include "analysis/path/path_injector.h"

#include <math.h>
#include <stdio.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_injector_result.h"
#include "analysis/path/path_injector_style.h"
#include "analysis/path/path_resets.h"
#include "probe/protocol/loss_chance.h"

/* Where only one of them was reset: of a device that copies the hop limit the
 * nearest trigger's reset arrives with the last that is left. */
static void rule_out_mirrored(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	enum { LEFT = 2 };
	const struct reset_packet *reset =
		&injector_flow(path, result->least)->resets[0];

	if (result->least->hop_limit < RESET_LESSER_HOP_LIMIT &&
		reset->ttl > LEFT)
		path_fact_set(
			&one->facts, PATH_FACT_RESET_COPIES_HOP_LIMIT, false);
}

/* A device whose resets begin with what the trigger's hop limit has left:
 * experiments/reset_send.c. Then the nearest hop limit that provokes is no
 * measure of its place, the difference is. */
static unsigned set_mirrored(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	const struct reset_flow *lesser =
		injector_reset_by_whole(path, RESET_LESSER_HOP_LIMIT);
	const struct reset_flow *whole =
		injector_reset_by_whole(path, HOP_LIMIT_WHOLE_WAY);
	enum path_fact fact = PATH_FACT_RESET_COPIES_HOP_LIMIT;
	int apart;

	if (!lesser || !whole) {
		rule_out_mirrored(path, result, one);
		return 0;
	}
	apart = (int)whole->resets[0].ttl - (int)lesser->resets[0].ttl;
	path_fact_set(&one->facts, fact,
		apart == HOP_LIMIT_WHOLE_WAY - RESET_LESSER_HOP_LIMIT &&
			whole->resets[0].ttl <= HOP_LIMIT_WHOLE_WAY);
	path_fact_frames(&one->facts, fact, whole->resets[0].frame,
		lesser->resets[0].frame);
	path_fact_found(&one->facts, fact,
		"ttl %u to one of %d, %u to one of %d", whole->resets[0].ttl,
		HOP_LIMIT_WHOLE_WAY, lesser->resets[0].ttl,
		RESET_LESSER_HOP_LIMIT);
	path_fact_expected(&one->facts, fact, "a hop limit of its own");
	one->figures.injector.copies_ttl =
		one->facts.value[fact].truth == TRUTH_YES;
	return one->figures.injector.copies_ttl
		       ? (unsigned)(HOP_LIMIT_WHOLE_WAY -
				    whole->resets[0].ttl) /
					 2 +
				 1
		       : 0;
}

static bool holds(const struct path_case *one, enum path_fact fact)
{
	return one->facts.value[fact].truth == TRUTH_YES;
}

/* The reset came from nearer than the trigger that seems to have provoked it
 * went: the device waits, and the reset's TTL tells its place. */
static bool is_place_by_ttl(const struct path_case *one, bool is_late)
{
	return holds(one, PATH_FACT_RESET_NEARER) &&
	       holds(one, PATH_FACT_RESET_HOPS_APART) &&
	       !holds(one, PATH_FACT_RESET_COPIES_HOP_LIMIT) &&
	       (is_late ||
		       one->facts.value[PATH_FACT_TRIGGER_ENDS_ON_PATH].truth ==
			       TRUTH_NO);
}

/* Where the trigger met the device: the rulers. */
static void set_place(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	unsigned least = result->least->hop_limit;
	unsigned distance =
		path->tcp_distance ? path->tcp_distance : path->distance;
	unsigned hop = set_mirrored(path, result, one);
	unsigned wanted = hop ? 2 * hop - 1 : least;
	bool is_short = (least == 1 || result->short_of_it > 0) &&
			facts->value[PATH_FACT_RESET_COPIES_HOP_LIMIT].truth !=
				TRUTH_UNKNOWN;
	double share = loss_chance_share(result->sent, result->lost);
	bool was_late = !hop && injector_is_late(path, result->least);

	if (distance) {
		path_fact_set(facts, PATH_FACT_TRIGGER_ENDS_ON_PATH,
			least < distance);
		path_fact_frames(facts, PATH_FACT_TRIGGER_ENDS_ON_PATH,
			injector_flow(path, result->least)->resets[0].frame,
			result->least->frame);
		path_fact_found(facts, PATH_FACT_TRIGGER_ENDS_ON_PATH,
			"hop limit %u provokes the reset", least);
		path_fact_expected(facts, PATH_FACT_TRIGGER_ENDS_ON_PATH,
			"less than %u", distance);
		path_fact_set(facts, PATH_FACT_TRIGGER_ENDS_HOPS_BEFORE,
			least + 1 < distance);
		path_fact_set(facts, PATH_FACT_SUCH_HOP_LIMIT_EXPIRES,
			result->such_expired_frame != 0);
	}
	if (least > 1) {
		path_fact_set(facts, PATH_FACT_SHORTER_TRIGGER_SILENT,
			result->short_of_it > 0);
		path_fact_as_expected(facts, PATH_FACT_SHORTER_TRIGGER_SILENT,
			"hop limit %u, %u times: no reset", least - 1,
			result->short_of_it);
		mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
			PATH_FACT_LOSS_EXCLUDED,
			pow(share, result->short_of_it));
	}
	path_fact_set(
		facts, PATH_FACT_RULERS_AGREE, least == wanted && !was_late);
	path_fact_found(facts, PATH_FACT_RULERS_AGREE, "hop limit %u%s", least,
		was_late ? ", and the reset may take longer than triggers are "
			   "apart"
			 : "");
	path_fact_expected(
		facts, PATH_FACT_RULERS_AGREE, "hop limit %u", wanted);
	if (hop)
		one->figures.link =
			(struct path_stretch){(int)hop - 1, (int)hop};
	else if (is_place_by_ttl(one, was_late))
		one->figures.link = (struct path_stretch){
			one->figures.hop - 1, one->figures.hop};
	else if (was_late)
		one->figures.link = (struct path_stretch){HOP_NOT_KNOWN,
			least > distance ? (int)distance : (int)least};
	else
		one->figures.link = (struct path_stretch){
			is_short && least <= distance ? (int)least - 1
						      : HOP_NOT_KNOWN,
			least > distance ? (int)distance : (int)least};
	path_case_word(
		&one->words, PATH_WORD_HOP, "%d", one->figures.link.before);
}

/* Two other measures of it, as evidence: how far the reset came, and how
 * soon. */
static void set_other_measures(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	const struct reset_packet *reset = &result->first->resets[0];
	struct path_reset seen = {reset->frame, reset->ttl};

	path_resets_weigh(path, &seen, one);
	if (result->soonest_ns == INT64_MAX || path->totals.rtt_ns == INT64_MAX)
		return;
	path_fact_set(facts, PATH_FACT_RESET_SOONER_THAN_TARGET,
		result->soonest_ns < path->totals.rtt_ns);
	path_fact_frames(
		facts, PATH_FACT_RESET_SOONER_THAN_TARGET, reset->frame, 0);
	path_fact_found(facts, PATH_FACT_RESET_SOONER_THAN_TARGET, "%.1f ms",
		(double)result->soonest_ns / 1e6);
	path_fact_expected(facts, PATH_FACT_RESET_SOONER_THAN_TARGET,
		"less than %.1f ms", (double)path->totals.rtt_ns / 1e6);
}

static void set_way(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	struct injector_figures *figures = &one->figures.injector;
	uint64_t passed = result->delivered_frame ? result->delivered_frame
						  : result->expired_frame;

	if (!passed && result->whole < path->thresholds[PATH_TRIGGERS_DROPPED])
		return;
	path_fact_set(facts, PATH_FACT_TRIGGER_PASSES, passed != 0);
	path_fact_frames(facts, PATH_FACT_TRIGGER_PASSES, passed, 0);
	path_fact_found(facts, PATH_FACT_TRIGGER_PASSES, "%s",
		passed ? "acknowledged, or expired behind it"
		       : "never acknowledged");
	path_fact_expected(facts, PATH_FACT_TRIGGER_PASSES, "acknowledged");
	figures->drops_trigger = path_fact_truth(passed == 0);
}

static bool do_all_copy(const struct path *path,
	bool (*is)(const struct path *path, const struct reset_flow *flow,
		const struct reset_show *show))
{
	unsigned count = 0;

	for (unsigned i = 0; i < path->resets.flow_count; i++) {
		const struct reset_flow *flow = &path->resets.flows[i];
		const struct reset_show *show = injector_provoker(path, flow);

		if (!show)
			continue;
		if (!is(path, flow, show))
			return false;
		count++;
	}
	return count >= 2;
}

static bool is_id(const struct path *path, const struct reset_flow *flow,
	const struct reset_show *show)
{
	return path_injector_copies_id(path->comment.family, flow, show);
}

static bool is_window(const struct path *path, const struct reset_flow *flow,
	const struct reset_show *show)
{
	(void)path;
	return path_injector_copies_window(flow, show);
}

static void set_style(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct injector_figures *figures = &one->figures.injector;

	(void)snprintf(figures->trigger, sizeof(figures->trigger), "%s",
		path->comment.trigger);
	path_case_word(
		&one->words, PATH_WORD_TRIGGER, "%.47s", path->comment.trigger);
	if (!result->first)
		return;
	figures->style = path_injector_style(path->comment.family,
		result->first, injector_provoker(path, result->first));
	figures->copies_id = do_all_copy(path, is_id);
	figures->copies_window = do_all_copy(path, is_window);
}

/* New connections after a reset: those are of this experiment that were opened
 * after it and saw nothing. SYNs that were not answered, until one was. */
static void set_blocked(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	const struct reset_packet *reset = &result->first->resets[0];
	struct injector_figures *figures = &one->figures.injector;
	unsigned unanswered = 0;
	uint64_t last_frame = 0;

	for (unsigned i = 0; i < path->resets.flow_count; i++) {
		const struct reset_flow *flow = &path->resets.flows[i];
		int64_t after_ns =
			path_record_elapsed_ns(reset->ns, flow->syn_ns);

		if (flow->syn_frame < reset->frame || flow->triggers ||
			flow->controls || flow->has_spoken || after_ns < 0)
			continue;
		last_frame = flow->syn_frame;
		if (flow->is_open) {
			unanswered += flow->syns - 1;
			if (flow->syns > 1)
				figures->blocked_ns = path_record_elapsed_ns(
					reset->ns, flow->syn_before_ns);
			figures->unblocked_ns = after_ns;
			break;
		}
		unanswered += flow->syns;
		figures->blocked_ns = after_ns;
	}
	if (last_frame == 0)
		return;
	path_fact_set(&one->facts, PATH_FACT_NEW_CONNECTIONS_BLOCKED,
		unanswered >= path->thresholds[PATH_SYNS_FOR_BLOCK]);
	path_fact_frames(&one->facts, PATH_FACT_NEW_CONNECTIONS_BLOCKED,
		last_frame, reset->frame);
	path_fact_found(&one->facts, PATH_FACT_NEW_CONNECTIONS_BLOCKED,
		"%u SYNs unanswered after the reset", unanswered);
	path_fact_expected(
		&one->facts, PATH_FACT_NEW_CONNECTIONS_BLOCKED, "3 or more");
	if (unanswered < path->thresholds[PATH_SYNS_FOR_BLOCK])
		figures->blocked_ns = figures->unblocked_ns = 0;
}

static void set_reset(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	enum path_fact continued = PATH_FACT_SENDER_CONTINUED;
	uint64_t frame = result->first->resets[0].frame;

	path_fact_frames(facts, PATH_FACT_TRIGGER_PROVOKES_RESET, frame,
		injector_provoker(path, result->first)->frame);
	path_fact_set(facts, PATH_FACT_SEVERAL_WERE_RESET,
		result->reset >= path->thresholds[PATH_RESETS_SURE]);
	if (result->control_resets || result->control_frame)
		path_fact_set(facts, PATH_FACT_CONTROLS_LIVE,
			result->control_resets == 0);
	path_fact_frames(
		facts, PATH_FACT_CONTROLS_LIVE, result->control_frame, frame);
	path_fact_found(facts, PATH_FACT_CONTROLS_LIVE, "%u of %u reset",
		result->control_resets, result->controls);
	path_fact_expected(facts, PATH_FACT_CONTROLS_LIVE,
		"none, and answered after the reset");
	if (result->continued_frame || result->denied_frame) {
		path_fact_set(facts, continued, result->continued_frame != 0);
		path_fact_frames(facts, continued,
			result->continued_frame ? result->continued_frame
						: result->denied_frame,
			frame);
		path_fact_found(facts, continued, "%s",
			result->continued_frame ? "answered" : "a reset");
		path_fact_expected(facts, continued, "answered");
	}
	set_other_measures(path, result, one);
	set_place(path, result, one);
	set_way(path, result, one);
	set_blocked(path, result, one);
}

/* Nothing was reset: whether other bytes than the trigger are acknowledged. */
static void set_silence(const struct path *path,
	const struct injector_result *result, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	double share = loss_chance_share(result->sent, result->lost);

	if (result->sent == result->lost || result->whole_delivered)
		return;
	path_fact_set(facts, PATH_FACT_CONTROLS_LIVE, true);
	path_fact_found(facts, PATH_FACT_CONTROLS_LIVE,
		"%u of %u segments without it acknowledged",
		result->sent - result->lost, result->sent);
	path_fact_expected(facts, PATH_FACT_CONTROLS_LIVE, "all");
	mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		pow(share, path_record_missing(path, result->whole)));
}

void path_injector_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	struct injector_result result = injector_result_of(path);
	struct path_case one;
	struct path_facts *facts = &one.facts;

	if (result.shown == 0)
		return;
	path_case_begin(&one, PATH_SUBJECT_INJECTOR, path->comment.family);
	path_fact_set(
		facts, PATH_FACT_TRIGGER_PROVOKES_RESET, result.reset > 0);
	path_fact_found(facts, PATH_FACT_TRIGGER_PROVOKES_RESET,
		"%u of %u connections", result.reset, result.shown);
	path_fact_expected(
		facts, PATH_FACT_TRIGGER_PROVOKES_RESET, "with the trigger");
	path_fact_set(facts, PATH_FACT_TRIGGER_ACKNOWLEDGED,
		result.whole_delivered >= path->thresholds[PATH_RESETS_SURE]);
	path_fact_frames(facts, PATH_FACT_TRIGGER_ACKNOWLEDGED,
		result.delivered_frame, 0);
	path_fact_as_expected(facts, PATH_FACT_TRIGGER_ACKNOWLEDGED,
		"%u triggers on %u connections", result.whole_delivered,
		result.shown);
	path_case_word(&one.words, PATH_WORD_WAIT, "%.1f",
		(double)result.watched_ns / 1e9);
	set_style(path, &result, &one);
	if (path->totals.capture_lost)
		path_fact_set(facts, PATH_FACT_CAPTURE_COMPLETE, false);
	if (result.first)
		set_reset(path, &result, &one);
	else
		set_silence(path, &result, &one);
	sink->take(sink->context, &one);
}
