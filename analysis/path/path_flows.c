/* Each connection of the experiment sends already acknowledged data of some
 * sizes, as the run's own does. A size that arrived passes. One that did not,
 * as often as loss does not explain, is lost for that connection, if the
 * connection answered something later. */
#include "analysis/path/path_flows.h"

#include <arpa/inet.h>
#include <string.h>

#include "analysis/path/path_link.h"
#include "analysis/path/path_mtu_place.h"

static struct path_flow measure(
	const struct path *path, const struct path_stream *stream)
{
	struct path_flow flow = {.stream = stream, .refused_row = -1};

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

/* The response of who sent time exceeded for that hop limit; NULL: none did.
 * Without a flow, of the run's connection. */
static const struct reply *hop_of(
	const struct path *path, const struct path_stream *flow, unsigned ttl)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].ttl == ttl &&
			path_record_expired(path, row) &&
			(flow ? path_record_is_of_flow(path, row, flow)
			      : path_record_method(path, row) == METHOD_TCP))
			return &path->replies[row];
	return NULL;
}

static void set_text(const struct path *path, char text[FOUND_BYTES],
	const struct address *address)
{
	text[0] = '\0';
	(void)inet_ntop(path->comment.family == 4 ? AF_INET : AF_INET6,
		address->bytes, text, FOUND_BYTES);
}

/* The first hop at which its packets expire elsewhere than the run's; false
 * where there is none. */
static bool set_routes(const struct path *path, struct path_case *one,
	const struct path_stream *stream)
{
	const enum path_fact fact = PATH_FACT_SAME_ROUTERS;
	unsigned known = 0;

	for (unsigned ttl = 1; ttl < HOP_LIMIT_WHOLE_WAY; ttl++) {
		const struct reply *here = hop_of(path, NULL, ttl);
		const struct reply *there = hop_of(path, stream, ttl);
		char text[FOUND_BYTES];

		if (!here || !there)
			continue;
		known = ttl;
		path_fact_frames(
			&one->facts, fact, there->expired, here->expired);
		if (memcmp(&here->expired_from, &there->expired_from,
			    sizeof(here->expired_from)) == 0)
			continue;
		path_fact_set(&one->facts, fact, false);
		set_text(path, text, &there->expired_from);
		path_fact_found(&one->facts, fact, "hop %u: %s", ttl, text);
		path_case_word(&one->words, PATH_WORD_PLACE, ": hop %u is %s",
			ttl, text);
		set_text(path, text, &here->expired_from);
		path_fact_expected(&one->facts, fact, "%s", text);
		return true;
	}
	if (known == 0)
		return false;
	path_fact_set(&one->facts, fact, true);
	path_fact_as_expected(&one->facts, fact, "up to hop %u", known);
	return false;
}

void path_flows_set(const struct path *path, struct path_case *one,
	const struct path_flows *flows)
{
	const enum path_fact fact = PATH_FACT_FLOWS_AGREE;
	const struct path_flow *other = NULL;

	if (flows->count == 0)
		return;
	for (unsigned i = 0; i < flows->count && !other; i++)
		if (flows->flow[i].passed != flows->run->passed)
			other = &flows->flow[i];
	path_fact_set(&one->facts, fact, !other);
	if (!other) {
		path_fact_as_expected(&one->facts, fact, "%u of %u pass %u",
			flows->known, flows->known, flows->run->passed);
		return;
	}
	path_fact_frames(&one->facts, fact,
		other->failed ? other->failed_frame : other->passed_frame,
		other->passed_frame);
	path_fact_found(&one->facts, fact, "%u of %u lose %u bytes",
		flows->losing, flows->known, flows->lost_bytes);
	path_fact_expected(&one->facts, fact, "all alike");
	path_case_word(&one->words, PATH_WORD_ON, "%u of %u connections",
		flows->losing, flows->known);
	path_case_word(
		&one->words, PATH_WORD_NEXT, "%u", flows->lost_bytes - 1);
	for (unsigned i = 0; i < flows->count; i++)
		if (flows->flow[i].passed != flows->run->passed &&
			set_routes(path, one, flows->flow[i].stream))
			return;
}

static void set_link(const struct path *path, struct path_case *one,
	const struct path_flow *flow)
{
	struct path_link link =
		path_link_find(path, METHOD_TCP, flow->passed, flow->stream);
	struct path_facts *facts = &one->facts;

	if (link.at.before == HOP_NOT_KNOWN || !link.tries)
		return;
	one->figures.link = link.at;
	path_fact_set(facts, PATH_FACT_LINK_KNOWN, true);
	path_fact_set(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, false);
	path_fact_frames(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE,
		link.vanished_frame, link.small_frame);
	path_fact_found(
		facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, "0 of %u", link.tries);
	path_fact_expected(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, "hop %d",
		link.at.before);
}

static void take_size(const struct path *path,
	const struct path_case_sink *sink, const struct path_flows *flows,
	const struct path_flow *flow, unsigned count)
{
	struct path_case one;
	struct path_facts *facts = &one.facts;
	bool is_told = flow->refused_row >= 0, is_hop;

	path_case_begin(&one, PATH_SUBJECT_FLOWS, path->comment.family);
	one.figures.mtu = flow->passed;
	path_flows_set(path, &one, flows);
	path_fact_found(facts, PATH_FACT_FLOWS_AGREE, "%u of %u lose %u bytes",
		count, flows->known, flow->failed);
	path_fact_frames(facts, PATH_FACT_FLOWS_AGREE, flow->failed_frame,
		flow->passed_frame);
	path_case_word(&one.words, PATH_WORD_ON, "%u of %u connections", count,
		flows->known);
	path_case_word(&one.words, PATH_WORD_PLACE, "%s", "");
	(void)set_routes(path, &one, flow->stream); /* told where it differs */
	path_fact_set(facts, PATH_FACT_NEXT_SIZE_FAILS,
		flow->failed == flow->passed + 1);
	path_fact_found(facts, PATH_FACT_NEXT_SIZE_FAILS, "%u", flow->failed);
	path_fact_expected(
		facts, PATH_FACT_NEXT_SIZE_FAILS, "%u", flow->passed + 1);
	path_case_word(&one.words, PATH_WORD_FROM, "%u", flow->passed);
	path_case_word(&one.words, PATH_WORD_TO, "%u", flow->failed - 1);
	path_fact_set(facts, PATH_FACT_NEXT_SIZE_REFUSED, is_told);
	if (is_told) {
		one.figures.limited_after =
			path_mtu_reporter(path, flow->refused_row, &is_hop);
		one.figures.reporter =
			path->replies[flow->refused_row].refused_from;
	} else {
		mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
			PATH_FACT_LOSS_EXCLUDED,
			mtu_bound_chance(flows->run, flow->failed_sent));
		path_fact_found(facts, PATH_FACT_LOSS_UNLIKELY,
			"0 of %u answered", flow->failed_sent);
		set_link(path, &one, flow);
	}
	sink->take(sink->context, &one);
}

/* Whether one before it has the same size. */
static bool is_repeated(const struct path_flows *flows, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (flows->flow[i].passed == flows->flow[index].passed)
			return true;
	return false;
}

/* Of those with that size, the one of which most is known: packets with hop
 * limits went to it. */
static const struct path_flow *best_of(const struct path *path,
	const struct path_flows *flows, uint32_t passed, unsigned *count)
{
	const struct path_flow *best = NULL;

	*count = 0;
	for (unsigned i = 0; i < flows->count; i++) {
		const struct path_flow *flow = &flows->flow[i];

		if (flow->passed != passed)
			continue;
		++*count;
		if (!best ||
			path_link_find(path, METHOD_TCP, passed, flow->stream)
				.tries)
			best = flow;
	}
	return best;
}

void path_flows_cases(const struct path *path,
	const struct path_case_sink *sink, const struct path_flows *flows)
{
	for (unsigned i = 0; i < flows->count; i++) {
		uint32_t passed = flows->flow[i].passed;
		unsigned count;

		if (passed >= flows->run->passed || is_repeated(flows, i))
			continue;
		const struct path_flow *flow =
			best_of(path, flows, passed, &count);

		take_size(path, sink, flows, flow, count);
	}
}
