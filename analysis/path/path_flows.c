/* Each connection of the experiment sends already acknowledged data of some
 * sizes, as the run's own does, and other ports send stray segments. A size
 * that arrived passes. One that did not, as often as loss does not explain, is
 * lost for that flow, if something of it was answered later. Large segments of
 * SSH connections, and PTBs for echo requests and UDP, tell of other flows. */
#include "analysis/path/path_flows.h"

#include <math.h>

#include "probe/protocol/loss_chance.h"

/* Of a size that does not pass: whether a PTB names the one that does. */
static void take_claim(
	const struct path *path, struct path_flow *flow, uint32_t row)
{
	flow->larger_sent++;
	if (!path_record_refused(path, row) ||
		path->replies[row].claimed_mtu != flow->passed)
		return;
	flow->claims++;
	if (flow->claimed_row < 0)
		flow->claimed_row = (int)row;
}

/* Counts the largest size. */
static void take_top(
	const struct path *path, struct path_flow *flow, uint32_t row)
{
	uint32_t bytes = path->table.sent_probe[row].ip_bytes;

	if (bytes < flow->top)
		return;
	if (bytes > flow->top) {
		flow->top = bytes;
		flow->top_sent = 0;
		flow->is_top_told = false;
		flow->top_frame = path->table.sent_probe[row].frame;
	}
	flow->top_sent++;
	flow->is_top_told = flow->is_top_told || path_record_refused(path, row);
}

/* Whether the row is of that connection or, without one, of that method. */
static bool is_of(const struct path *path, uint32_t row,
	const struct path_stream *stream, enum probe_method method)
{
	return (stream ? path_record_is_of_flow(path, row, stream)
		       : path_record_method(path, row) == method) &&
	       path_record_is_whole_way(path, row);
}

static void count_below(const struct path *path, struct path_flow *flow,
	enum probe_method method)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (is_of(path, row, flow->stream, method) &&
			path->table.sent_probe[row].ip_bytes <= flow->passed) {
			flow->below_sent++;
			flow->below_lost += !path->replies[row].arrived;
		}
}

static struct path_flow measure(const struct path *path,
	const struct path_stream *stream, enum probe_method method)
{
	struct path_flow flow = {
		.stream = stream, .refused_row = -1, .claimed_row = -1};

	for (uint32_t row = 0; row < path->table.count; row++) {
		uint32_t bytes = path->table.sent_probe[row].ip_bytes;

		if (!is_of(path, row, stream, method) ||
			!path->replies[row].arrived)
			continue;
		flow.last_arrived = row;
		if (bytes > flow.passed) {
			flow.passed = bytes;
			flow.passed_frame = path->replies[row].arrived;
		}
	}
	for (uint32_t row = 0; row < path->table.count; row++) {
		uint32_t bytes = path->table.sent_probe[row].ip_bytes;

		if (!is_of(path, row, stream, method) || bytes <= flow.passed)
			continue;
		if (flow.failed == 0 || bytes < flow.failed) {
			flow.failed = bytes;
			flow.failed_sent = 0;
			flow.failed_row = row;
			flow.failed_frame = path->table.sent_probe[row].frame;
			flow.refused_row = -1;
		}
		take_claim(path, &flow, row);
		take_top(path, &flow, row);
		if (bytes != flow.failed)
			continue;
		flow.failed_sent++;
		if (flow.refused_row < 0 && path_record_refused(path, row))
			flow.refused_row = (int)row;
	}
	count_below(path, &flow, method);
	return flow;
}

/* Stacks and firewalls limit the rate of resets. */
double path_flows_chance(
	const struct mtu_bound *run, const struct path_flow *flow)
{
	double chance = mtu_bound_chance(run, flow->failed_sent);

	if (!flow->is_stray)
		return chance;
	return fmax(chance,
		pow(loss_chance_share(flow->below_sent, flow->below_lost),
			flow->failed_sent));
}

/* Whether what it lost is known to be lost, and by no end of the connection. */
static bool is_limited(const struct path *path, const struct mtu_bound *run,
	const struct path_flow *flow)
{
	return flow->failed &&
	       (flow->refused_row >= 0 ||
		       (flow->last_arrived > flow->failed_row &&
			       path_flows_chance(run, flow) <
				       path->thresholds[PATH_LIKELY_CHANCE]));
}

static void take(const struct path *path, struct path_flows *flows,
	const struct path_flow *flow)
{
	uint32_t passed = flows->run->passed;

	if (flow->passed < path->rules->floor_bytes ||
		flows->count == PATH_FLOWS ||
		(flow->passed < passed && !is_limited(path, flows->run, flow)))
		return;
	flows->flow[flows->count++] = *flow;
	flows->is_less = flows->is_less || flow->passed < passed;
	flows->is_more = flows->is_more || flow->passed > passed;
}

/* Echo requests and UDP packets go unanswered for many reasons: only a PTB
 * tells. */
static void take_method(const struct path *path, struct path_flows *flows,
	enum probe_method method)
{
	struct path_flow flow = measure(path, NULL, method);

	if (flow.passed < flows->run->passed && flow.refused_row >= 0)
		take(path, flows, &flow);
}

/* The first PTB for a segment of this connection that names a smaller size than
 * the run's passes; -1: none came. A larger one proves nothing: another router
 * behind that one may pass less. */
static int refused_row_of(
	const struct path *path, const struct path_flows *flows, uint16_t port)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].protocol == PROTOCOL_TCP &&
			path->table.sent_probe[row].source_port == port &&
			path_record_refused(path, row) &&
			path->replies[row].claimed_mtu < flows->run->passed)
			return (int)row;
	return -1;
}

/* A large segment of a connection that speaks SSH: it arrived, or a PTB says
 * what would have. */
static void take_dialog(const struct path *path, struct path_flows *flows,
	const struct path_dialog *dialog)
{
	const struct dialog_large *large = &dialog->large;
	struct path_flow flow = {.refused_row = -1, .claimed_row = -1};
	int row = refused_row_of(path, flows, dialog->port);

	if (large->sent && large->arrived_frame) {
		flow.passed = large->ip_bytes;
		flow.passed_frame = large->arrived_frame;
		if (flow.passed >= flows->run->passed)
			take(path, flows, &flow);
	} else if (large->sent && row >= 0) {
		flow.passed = path->replies[row].claimed_mtu;
		flow.passed_frame = large->smaller_arrived_frame;
		flow.failed = large->ip_bytes;
		flow.failed_sent = large->sent;
		flow.failed_frame = large->frame;
		flow.failed_row = (uint32_t)row;
		flow.refused_row = row;
		take(path, flows, &flow);
	}
}

/* Few are sent from each port: how many are lost shows in all of them. */
static void take_strays(const struct path *path, struct path_flows *flows)
{
	struct path_flow strays[PATH_STRAY_FLOWS];
	unsigned sent = 0, lost = 0;

	for (unsigned i = 0; i < path->stray_flow_count; i++) {
		strays[i] = measure(path, &path->stray_flows[i], METHOD_TCP);
		strays[i].is_stray = true;
		sent += strays[i].below_sent;
		lost += strays[i].below_lost;
	}
	for (unsigned i = 0; i < path->stray_flow_count; i++) {
		strays[i].below_sent = sent;
		strays[i].below_lost = lost;
		take(path, flows, &strays[i]);
	}
}

static void count_losing(struct path_flows *flows)
{
	uint32_t most = flows->run->passed, least = 0;

	for (unsigned i = 0; i < flows->count; i++)
		if (flows->flow[i].passed > most)
			most = flows->flow[i].passed;
	flows->known = flows->count + 1;
	flows->losing = flows->run->passed < most;
	least = flows->run->passed < most ? flows->run->passed + 1 : 0;
	for (unsigned i = 0; i < flows->count; i++) {
		if (flows->flow[i].passed >= most)
			continue;
		flows->losing++;
		if (least == 0 || flows->flow[i].passed + 1 < least)
			least = flows->flow[i].passed + 1;
	}
	flows->lost_bytes = least;
}

struct path_flows path_flows_find(
	const struct path *path, const struct mtu_bound *run)
{
	struct path_flows flows = {.run = run};

	if (!section_comment_has(&path->comment, EXPERIMENT_FLOWS) ||
		run->method != METHOD_TCP)
		return flows;
	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];

		if (!stream->is_open || stream->port == path->roles.run_port)
			continue;
		struct path_flow flow = measure(path, stream, METHOD_TCP);

		take(path, &flows, &flow);
	}
	if (!path->are_strays_forged)
		take_strays(path, &flows);
	take_method(path, &flows, METHOD_ECHO);
	take_method(path, &flows, METHOD_UDP);
	for (unsigned i = 0; i < path->dialogs.flow_count; i++)
		take_dialog(path, &flows, &path->dialogs.flows[i]);
	count_losing(&flows);
	return flows;
}
