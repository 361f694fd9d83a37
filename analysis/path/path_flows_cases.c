/* What the connections of the experiment show, as facts: whether they agree,
 * the routers that those which differ take, and the link at which they lose
 * sizes. */
#include "analysis/path/path_flows.h"

#include <arpa/inet.h>
#include <string.h>

#include "analysis/path/path_link.h"
#include "analysis/path/path_mtu_place.h"

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

/* A router reports the next size, and of some connections the largest one does
 * not get there. */
static void set_larger(const struct path *path, struct path_case *one,
	const struct path_flows *flows)
{
	const enum path_fact fact = PATH_FACT_LARGER_SIZES_REFUSED;
	const struct size_tally *refused =
		&path->sizes[flows->run->method][flows->run->failed];
	const struct path_flow *first = NULL;
	unsigned count = 0, sent = 0;

	if (flows->run->failed == 0 || !refused->refused)
		return;

	for (unsigned i = 0; i < flows->count; i++) {
		const struct path_flow *flow = &flows->flow[i];

		if (flow->passed != flows->run->passed ||
			flow->top <= flow->passed + 1 || flow->is_top_told ||
			mtu_bound_chance(flows->run, flow->top_sent) >=
				path->thresholds[PATH_LIKELY_CHANCE])
			continue;
		first = first ? first : flow;
		count++;
		sent += flow->top_sent;
	}
	if (!first)
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_frames(
		&one->facts, fact, first->top_frame, refused->refused_frame);
	path_fact_found(&one->facts, fact,
		"0 of %u of %u bytes on %u of %u flows", sent, first->top,
		count, flows->known);
	path_fact_expected(&one->facts, fact, "all");
	path_case_word(&one->words, PATH_WORD_MOST, "%u", first->top - 1);
}

void path_flows_set(const struct path *path, struct path_case *one,
	const struct path_flows *flows)
{
	const enum path_fact fact = PATH_FACT_FLOWS_AGREE;
	const struct path_flow *other = NULL;

	if (flows->count == 0)
		return;
	set_larger(path, one, flows);
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
	path_case_word(&one->words, PATH_WORD_ON, "%u of %u flows",
		flows->losing, flows->known);
	path_case_word(
		&one->words, PATH_WORD_NEXT, "%u", flows->lost_bytes - 1);
	for (unsigned i = 0; i < flows->count; i++)
		if (flows->flow[i].passed != flows->run->passed &&
			flows->flow[i].stream &&
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

/* A router that reports some of the packets that are larger (see
 * path_mtu.c:set_claim). */
static void set_claim(const struct path *path, struct path_case *one,
	const struct path_flow *flow)
{
	const enum path_fact fact = PATH_FACT_TOO_BIG_NAMES_THAT_SIZE;

	if (flow->claimed_row < 0)
		return;
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact,
		path->replies[flow->claimed_row].refused, flow->passed_frame);
	path_fact_found(&one->facts, fact, "%u, by %u of %u", flow->passed,
		flow->claims, flow->larger_sent);
	path_fact_expected(&one->facts, fact, "%u", flow->passed);
	path_case_word(&one->words, PATH_WORD_SENT, "%u", flow->larger_sent);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u", flow->claims);
}

static void set_reporter(
	const struct path *path, struct path_case *one, int row)
{
	bool is_hop;

	if (row < 0)
		return;
	one->figures.limited_after = path_mtu_reporter(path, row, &is_hop);
	one->figures.reporter = path->replies[row].refused_from;
}

static void take_size(const struct path *path,
	const struct path_case_sink *sink, const struct path_flows *flows,
	const struct path_flow *flow, unsigned count)
{
	struct path_case one;
	struct path_facts *facts = &one.facts;
	bool is_told = flow->refused_row >= 0;

	path_case_begin(&one, PATH_SUBJECT_FLOWS, path->comment.family);
	one.figures.mtu = flow->passed;
	path_flows_set(path, &one, flows);
	path_fact_found(facts, PATH_FACT_FLOWS_AGREE, "%u of %u lose %u bytes",
		count, flows->known, flow->failed);
	path_fact_frames(facts, PATH_FACT_FLOWS_AGREE, flow->failed_frame,
		flow->passed_frame);
	path_case_word(&one.words, PATH_WORD_ON, "%u of %u flows", count,
		flows->known);
	path_case_word(&one.words, PATH_WORD_PLACE, "%s", "");
	if (flow->stream) /* told where it differs */
		(void)set_routes(path, &one, flow->stream);
	path_fact_set(facts, PATH_FACT_NEXT_SIZE_FAILS,
		flow->failed == flow->passed + 1);
	path_fact_found(facts, PATH_FACT_NEXT_SIZE_FAILS, "%u", flow->failed);
	path_fact_expected(
		facts, PATH_FACT_NEXT_SIZE_FAILS, "%u", flow->passed + 1);
	path_case_word(&one.words, PATH_WORD_FROM, "%u", flow->passed);
	path_case_word(&one.words, PATH_WORD_TO, "%u", flow->failed - 1);
	path_fact_set(facts, PATH_FACT_NEXT_SIZE_REFUSED, is_told);
	set_claim(path, &one, flow);
	set_reporter(
		path, &one, is_told ? flow->refused_row : flow->claimed_row);
	if (!is_told) {
		mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
			PATH_FACT_LOSS_EXCLUDED,
			path_flows_chance(flows->run, flow));
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
		if (!best || (flow->stream && path_link_find(path, METHOD_TCP,
						      passed, flow->stream)
						      .tries))
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
