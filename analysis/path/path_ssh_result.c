#include "analysis/path/path_ssh_result.h"

int64_t path_ssh_wait_ns(const struct path *path,
	const struct path_dialog *flow, const struct dialog_arrival *arrival)
{
	int64_t rtt_ns = path->totals.rtt_ns;
	int64_t wait =
		arrival ? path_record_elapsed_ns(flow->open_ns, arrival->ns)
			: -1;

	if (wait < 0 || rtt_ns == INT64_MAX)
		return wait;
	return wait > rtt_ns ? wait - rtt_ns : 0;
}

bool path_ssh_is_late(const struct path *path, const struct path_dialog *flow,
	const struct dialog_arrival *banner)
{
	return path_ssh_seconds(path_ssh_wait_ns(path, flow, banner)) >=
	       path->thresholds[PATH_SSH_LATE_S];
}

bool path_ssh_is_closed_unsaid(const struct path_dialog *flow)
{
	return flow->is_open && path_dialog_is_closed(flow) &&
	       flow->server.known == 0;
}

/* One of several at once, or one beside others that the server talks to: then
 * it does not refuse all. */
static bool is_beside(
	const struct ssh_result *result, const struct ssh_reading *reading)
{
	bool is_other_heard =
		result->identified > 0 && reading->flow->open_beside > 0;

	return reading->has_purpose &&
	       (reading->purpose == SSH_STARTUPS || is_other_heard);
}

static void take_refusal(const struct path *path, struct ssh_result *result,
	const struct ssh_reading *reading)
{
	bool is_said = reading->refusal == SSH_EXCEEDED_MAX_STARTUPS ||
		       reading->refusal == SSH_NOT_ALLOWED;

	if (is_said && !result->refused) {
		result->refused = reading->flow;
		result->refusal = reading->refusal;
		result->refusal_frame =
			reading->first ? reading->first->frame : 0;
		result->identified_before = result->identified;
	}
	if (!is_said && is_beside(result, reading) && !result->closed &&
		path_ssh_is_closed_unsaid(reading->flow) &&
		!path_resets_is_cut(path, reading->flow)) {
		result->closed = reading->flow;
		result->identified_before = result->identified;
	}
}

int64_t path_ssh_age_ns(const struct path *path, const struct path_dialog *flow)
{
	return path_record_elapsed_ns(
		flow->open_ns, path_dialog_is_closed(flow) ? flow->closed_ns
			       : flow->left_frame	   ? flow->left_ns
						  : path->totals.last_ns);
}

/* A server that ends a connection on which nothing but an identification was
 * said; and how long others lived. */
static void take_age(const struct path *path, struct ssh_result *result,
	const struct ssh_reading *reading)
{
	const struct path_dialog *flow = reading->flow;
	bool is_ended = path_ssh_has_server_ended(path, flow);
	int64_t age_ns = path_ssh_age_ns(path, flow);

	if (!reading->is_identified || reading->offered || age_ns < 0)
		return;
	if (!is_ended) {
		if (!result->longest ||
			age_ns > path_ssh_age_ns(path, result->longest))
			result->longest = flow;
	} else if (!result->ended &&
		   path_ssh_seconds(age_ns) >=
			   path->thresholds[PATH_SSH_GRACE_LEAST_S]) {
		result->ended = flow;
	}
}

/* A connection on which nothing was said, such as the run's own, is one of
 * several at once as well; a device may end those that show it bytes. */
static bool is_silent(const struct path *path, const struct path_dialog *flow)
{
	return flow == &path->dialogs.run ||
	       (flow->own.known == 0 &&
		       !path_reset_is_shown(&path->resets, flow->port));
}

static void take(const struct path *path, struct ssh_result *result,
	const struct path_dialog *flow)
{
	struct ssh_reading reading;

	path_ssh_read(flow, &reading);
	if (reading.first && !result->spoke_frame)
		result->spoke_frame = reading.first->frame;
	if (!reading.has_purpose && !is_silent(path, flow))
		return;
	if (reading.has_purpose && reading.purpose == SSH_PHASES &&
		!result->phases.flow)
		result->phases = reading;
	if (reading.has_purpose && reading.purpose == SSH_LARGE &&
		!result->large.flow)
		result->large = reading;
	take_refusal(path, result, &reading);
	take_age(path, result, &reading);
	if (!reading.is_identified)
		return;
	result->identified++;
	result->late += path_ssh_is_late(path, flow, reading.banner);
	if (flow->open_beside + 1 > result->most_open)
		result->most_open = flow->open_beside + 1;
}

void path_ssh_result_read(const struct path *path, struct ssh_result *result)
{
	if (path->dialogs.run.syn_frame)
		take(path, result, &path->dialogs.run);
	for (unsigned i = 0; i < path->dialogs.flow_count; i++)
		take(path, result, &path->dialogs.flows[i]);
}
