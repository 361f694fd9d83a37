#include "analysis/path/path_injector_result.h"

#include "probe/protocol/hop_distance.h"

static uint64_t answer_to(
	const struct path *path, const struct reset_show *show)
{
	return path->replies[show->row].arrived;
}

static void take_flow(const struct path *path, const struct reset_flow *flow,
	struct injector_result *result)
{
	const struct reset_show *show = injector_provoker(path, flow);

	if (flow->triggers == 0) {
		result->controls += flow->controls > 0 && !flow->has_sent;
		result->control_resets += flow->controls > 0 &&
					  !flow->has_sent &&
					  flow->reset_count > 0;
		return;
	}
	result->shown += flow->is_open;
	if (!show)
		return;
	int64_t took_ns = path_record_elapsed_ns(show->ns, flow->resets[0].ns);

	result->reset++;
	if (!result->first ||
		flow->resets[0].frame < result->first->resets[0].frame)
		result->first = flow;
	if (!result->least || show->hop_limit < result->least->hop_limit)
		result->least = show;
	if (flow->denied_frame)
		result->denied_frame = flow->denied_frame;
	if (took_ns >= 0 && took_ns < result->soonest_ns)
		result->soonest_ns = took_ns;
	if (show->expired_frame)
		result->expired_frame = show->expired_frame;
}

/* Whether the server answered a question on the connection. */
static bool has_answered(const struct path *path, unsigned flow)
{
	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];

		if (show->flow == flow && show->segment == RESET_QUESTION &&
			answer_to(path, show))
			return true;
	}
	return false;
}

static void take_trigger(const struct path *path, const struct reset_show *show,
	struct injector_result *result)
{
	const struct reset_flow *flow = injector_flow(path, show);
	bool is_whole = show->hop_limit >= RESET_LESSER_HOP_LIMIT;
	uint64_t arrived = answer_to(path, show);

	if (result->least && show->hop_limit + 1 == result->least->hop_limit)
		result->short_of_it++;
	if (!is_whole || !flow->is_open)
		return;
	if (arrived && !result->delivered_frame)
		result->delivered_frame = arrived;
	result->whole_delivered += arrived != 0;
	if (arrived || flow->reset_count == 0 || has_answered(path, show->flow))
		result->whole++;
}

static void take_show(const struct path *path, const struct reset_show *show,
	struct injector_result *result)
{
	const struct reset_flow *flow = injector_flow(path, show);
	uint64_t arrived = answer_to(path, show);

	if (result->least && show->flow == result->least->flow &&
		show->hop_limit >= result->least->hop_limit &&
		show->expired_frame)
		result->such_expired_frame = show->expired_frame;
	if (show->segment == RESET_TRIGGER) {
		take_trigger(path, show, result);
	} else if (show->segment == RESET_QUESTION) {
		if (flow->reset_count && arrived && !result->continued_frame)
			result->continued_frame = arrived;
	} else if (show->hop_limit >= RESET_LESSER_HOP_LIMIT) {
		result->sent++;
		result->lost += arrived == 0;
		if (result->first && flow->triggers == 0 &&
			arrived > result->first->resets[0].frame)
			result->control_frame = arrived;
	}
}

/* For how long triggers were watched at the least, where nothing was reset:
 * until our end of a connection that saw some. */
static int64_t watched_ns(const struct path *path)
{
	int64_t last_ns = INT64_MIN, until_ns = path->resets.last_ns;

	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];
		const struct reset_flow *flow = injector_flow(path, show);

		if (show->segment != RESET_TRIGGER)
			continue;
		if (show->ns > last_ns)
			last_ns = show->ns;
		if (flow->has_left && flow->left_ns < until_ns)
			until_ns = flow->left_ns;
	}
	int64_t watched_ns = path_record_elapsed_ns(last_ns, until_ns);

	return watched_ns > 0 ? watched_ns : 0;
}

struct injector_result injector_result_of(const struct path *path)
{
	struct injector_result result = {
		.soonest_ns = INT64_MAX, .watched_ns = watched_ns(path)};

	for (unsigned i = 0; i < path->resets.flow_count; i++)
		take_flow(path, &path->resets.flows[i], &result);
	for (unsigned i = 0; i < path->resets.show_count; i++)
		take_show(path, &path->resets.shows[i], &result);
	return result;
}

/* A device that waits may have been provoked by an earlier one. */
static bool has_other_triggers(const struct path *path,
	const struct reset_flow *flow, unsigned hop_limit)
{
	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];

		if (show->segment == RESET_TRIGGER &&
			show->hop_limit != hop_limit &&
			injector_flow(path, show) == flow)
			return true;
	}
	return false;
}

const struct reset_flow *injector_reset_by_whole(
	const struct path *path, unsigned hop_limit)
{
	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];
		const struct reset_flow *flow = injector_flow(path, show);

		if (show->segment == RESET_TRIGGER &&
			show->hop_limit == hop_limit && flow->reset_count &&
			injector_provoker(path, flow) &&
			injector_provoker(path, flow)->hop_limit == hop_limit &&
			!has_other_triggers(path, flow, hop_limit))
			return flow;
	}
	return NULL;
}

/* How long a trigger was alone on this connection, at the least, before one
 * with another hop limit followed. */
static int64_t pace_ns(const struct path *path, unsigned flow)
{
	const struct reset_show *before = NULL;
	int64_t pace_ns = INT64_MAX;

	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];

		if (show->segment != RESET_TRIGGER || show->flow != flow)
			continue;
		if (before && before->hop_limit != show->hop_limit) {
			int64_t apart_ns =
				path_record_elapsed_ns(before->ns, show->ns);

			if (apart_ns >= 0 && apart_ns < pace_ns)
				pace_ns = apart_ns;
		}
		before = show;
	}
	return pace_ns;
}

/* Whether a trigger with this hop limit was sent on a connection that was not
 * reset, as long as it was watched. */
static bool is_spared(const struct path *path, unsigned hop_limit)
{
	for (unsigned i = 0; i < path->resets.show_count; i++) {
		const struct reset_show *show = &path->resets.shows[i];

		if (show->segment == RESET_TRIGGER &&
			show->hop_limit == hop_limit &&
			!injector_flow(path, show)->reset_count)
			return true;
	}
	return false;
}

/* The least time from a trigger to its reset, where that is known: on
 * connections with one hop limit. INT64_MAX: none was reset. */
static int64_t least_delay_ns(const struct path *path)
{
	static const unsigned hop_limits[] = {
		HOP_LIMIT_WHOLE_WAY, RESET_LESSER_HOP_LIMIT};
	int64_t least_ns = INT64_MAX;

	for (unsigned i = 0; i < 2; i++) {
		const struct reset_flow *flow =
			injector_reset_by_whole(path, hop_limits[i]);
		int64_t took_ns =
			flow ? path_record_elapsed_ns(
				       injector_provoker(path, flow)->ns,
				       flow->resets[0].ns)
			     : INT64_MAX;

		if (took_ns >= 0 && took_ns < least_ns)
			least_ns = took_ns;
	}
	return least_ns;
}

/* Whether triggers on some connection were less apart. */
static bool is_slow(const struct path *path, int64_t delay_ns)
{
	for (unsigned i = 0; i < path->resets.flow_count; i++)
		if (delay_ns > pace_ns(path, i))
			return true;
	return false;
}

bool injector_is_late(const struct path *path, const struct reset_show *least)
{
	int64_t delay_ns = least_delay_ns(path);
	int64_t took_ns = path_record_elapsed_ns(
		least->ns, injector_flow(path, least)->resets[0].ns);

	if (delay_ns == INT64_MAX)
		return is_spared(path, RESET_LESSER_HOP_LIMIT);
	return delay_ns > pace_ns(path, least->flow) ||
	       (is_slow(path, delay_ns) &&
		       (double)took_ns <
			       path->thresholds[PATH_RESET_TOOK_SHARE] *
				       (double)delay_ns);
}
