/* Each connection of the experiment sends already acknowledged data of some
 * sizes, as the run's own does. A size that arrived passes. One that did not,
 * as often as loss does not explain, is lost for that connection, if the
 * connection answered something later. */
#include "analysis/path/path_flows.h"

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
	flow->is_top_told =
		flow->is_top_told || path_record_refused(path, row);
}

static struct path_flow measure(
	const struct path *path, const struct path_stream *stream)
{
	struct path_flow flow = {
		.stream = stream, .refused_row = -1, .claimed_row = -1};

	for (uint32_t row = 0; row < path->table.count; row++) {
		uint32_t bytes = path->table.sent_probe[row].ip_bytes;

		if (!path_record_is_of_flow(path, row, stream) ||
			!path_record_is_whole_way(path, row) ||
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

		if (!path_record_is_of_flow(path, row, stream) ||
			!path_record_is_whole_way(path, row) ||
			bytes <= flow.passed)
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
	return flow;
}

/* Whether what it lost is known to be lost, and by no end of the connection. */
static bool is_limited(const struct path *path, const struct mtu_bound *run,
	const struct path_flow *flow)
{
	return flow->failed &&
	       (flow->refused_row >= 0 ||
		       (flow->last_arrived > flow->failed_row &&
			       mtu_bound_chance(run, flow->failed_sent) <
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
		struct path_flow flow = measure(path, stream);

		take(path, &flows, &flow);
	}
	count_losing(&flows);
	return flows;
}
