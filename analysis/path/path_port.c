#include "analysis/path/path_port.h"

#include <math.h>
#include <string.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_hops.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_stray.h"
#include "capture/icmp_kind.h"
#include "capture/icmp_name.h"
#include "probe/protocol/loss_chance.h"

/* Whether an ICMP error rejects. Other codes mean that a router has no route
 * to the target: RFC 1812, 5.2.7.1, and RFC 4443, 3.1. */
static bool is_refusal(const struct path *path)
{
	uint8_t code = path->rejected_code;

	return path->comment.family == 4
		       ? code == 2 || code == 3 || code == 9 || code == 10 ||
				 code == 13
		       : code == 1 || code >= 4;
}

static void set_error(const struct path *path, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	const char *name = icmp_name(
		path->comment.family, path->rejected_type, path->rejected_code);

	path_fact_set(facts, PATH_FACT_SYN_ANSWERED_BY_ICMP_ERROR, true);
	path_fact_frames(facts, PATH_FACT_SYN_ANSWERED_BY_ICMP_ERROR,
		path->rejected_frame, path->syn_frame);
	path_fact_as_expected(
		facts, PATH_FACT_SYN_ANSWERED_BY_ICMP_ERROR, "%s", name);
	path_fact_set(facts, PATH_FACT_ICMP_ERROR_REFUSES, is_refusal(path));
	path_fact_set(facts, PATH_FACT_ICMP_ERROR_FROM_TARGET,
		memcmp(&path->rejected_from, &path->comment.target,
			sizeof(path->rejected_from)) == 0);
	path_case_word(&one->words, PATH_WORD_ERROR, "%s", name);
	one->figures.reporter = path->rejected_from;
	one->figures.hop = path_hops_of(path, &path->rejected_from);
	if (icmp_kind_is_port(path->comment.family, path->rejected_type,
		    path->rejected_code))
		path_fact_set(facts, PATH_FACT_REPORTER_IS_A_HOP,
			one->figures.hop != HOP_NOT_KNOWN);
}

/* The chance that loss alone took all SYNs, by the loss of echo: nothing but
 * echo is answered where no connection opens. */
static void set_loss(const struct path *path, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	if (echo.lost_below == 0)
		return;
	mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		pow(loss_chance_share(echo.sent_below, echo.lost_below),
			path->syn_count));
	path_case_word(&one->words, PATH_WORD_SENT, "%u", echo.sent_below);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u",
		echo.sent_below - echo.lost_below);
}

/* Known where all resets agree. */
static void set_marked(struct path_facts *facts, enum path_fact fact,
	const struct path_marked *marked)
{
	if ((marked->with != 0) == (marked->without != 0))
		return;
	path_fact_set(facts, fact, marked->with != 0);
	path_fact_frames(facts, fact, marked->frame, marked->against);
	path_fact_found(facts, fact, "traffic class %d in %u resets",
		marked->with ? RESET_MARK : 0, marked->with + marked->without);
	path_fact_expected(facts, fact, "traffic class %d", RESET_MARK);
}

/* SYNs that end at a hop: what became of them. */
struct syn_hop {
	unsigned plain, reported;
	uint64_t sent_frame, reported_frame;
};

static struct syn_hop syn_hop_of(const struct path *path, unsigned hop)
{
	struct syn_hop at = {0};

	for (unsigned i = 0; i < path->syn_tests; i++) {
		uint32_t row = path->syns[i].row;
		uint64_t expired = path_record_expired(path, row);

		if (path->table.sent_probe[row].ttl != hop)
			continue;
		at.plain += path->syns[i].features == 0;
		at.sent_frame = path->table.sent_probe[row].frame;
		at.reported += expired != 0;
		if (expired)
			at.reported_frame = expired;
	}
	return at;
}

/* Whether the hop reports any packet that ends there. */
static bool is_reporting(const struct path *path, unsigned hop)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].ttl == hop &&
			path_record_expired(path, row))
			return true;
	return false;
}

/* Plain SYNs go to the first hop that does not report those of the probe's
 * features, in rounds that its limit of errors allows. */
static void set_syn_end(const struct path *path, struct path_case *one)
{
	const enum path_fact fact = PATH_FACT_SYN_ENDS_ON_PATH;
	unsigned last = 0, routers = path->distance ? path->distance - 1 : 0;
	struct syn_hop at;

	for (unsigned hop = 1; hop <= routers; hop++)
		if (syn_hop_of(path, hop).reported)
			last = hop;
	if (routers == 0)
		return;
	if (last == routers) {
		path_fact_set(&one->facts, fact, false);
		path_fact_frames(&one->facts, fact,
			syn_hop_of(path, last).reported_frame, 0);
		path_fact_found(&one->facts, fact, "hop %u reports it", last);
		path_fact_expected(&one->facts, fact, "silence");
		return;
	}
	at = syn_hop_of(path, last + 1);
	if (at.plain < path->thresholds[PATH_FEATURE_TRIES] ||
		!is_reporting(path, last + 1))
		return;
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact, at.sent_frame,
		last ? syn_hop_of(path, last).reported_frame : 0);
	path_fact_as_expected(&one->facts, fact, "hop %u", last + 1);
	one->figures.link = (struct path_stretch){(int)last, (int)last + 1};
	path_case_word(&one->words, PATH_WORD_HOP, "%u", last + 1);
}

bool path_port_is_missed(const struct path *path)
{
	return path->rejected_frame && !is_refusal(path);
}

void path_port_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;
	struct path_facts *facts = &one.facts;

	if (path->syn_frame == 0)
		return;
	path_case_begin(&one, PATH_SUBJECT_PORT, path->comment.family);
	path_fact_set(facts, PATH_FACT_SYN_ANSWERED_BY_SYN_ACK,
		path->opened_frame != 0);
	path_fact_set(facts, PATH_FACT_SYN_REPEATED,
		path_record_missing(path, path->syn_count) >=
			path->thresholds[PATH_SYNS_FOR_SILENCE]);
	path_fact_set(facts, PATH_FACT_SYN_ANSWERED_BY_RESET,
		path->closed.frame != 0);
	if (path->rejected_frame)
		set_error(path, &one);
	if (path->closed.frame) {
		path_fact_frames(facts, PATH_FACT_SYN_ANSWERED_BY_RESET,
			path->closed.frame, path->syn_frame);
		path_fact_as_expected(
			facts, PATH_FACT_SYN_ANSWERED_BY_RESET, "reset");
		path_resets_weigh(path, &path->closed, &one);
	}
	path_fact_set(facts, PATH_FACT_SYN_ANSWERED,
		path->opened_frame || path->closed.frame ||
			path->rejected_frame);
	path_fact_frames(facts, PATH_FACT_SYN_ANSWERED, 0, path->syn_frame);
	path_fact_found(facts, PATH_FACT_SYN_ANSWERED, "silence");
	path_fact_expected(facts, PATH_FACT_SYN_ANSWERED, "an answer");
	set_marked(facts, PATH_FACT_PORT_RETURNS_TRAFFIC_CLASS, &path->marked);
	set_marked(facts, PATH_FACT_OTHER_PORTS_RETURN_TRAFFIC_CLASS,
		&path->marked_unused);
	path_stray_weigh(path, &one);
	set_loss(path, &one);
	set_syn_end(path, &one);
	path_fact_set(facts, PATH_FACT_SIZES_MEASURED_BY_ECHO,
		path->distance &&
			section_comment_has(&path->comment, EXPERIMENT_MTU));
	sink->take(sink->context, &one);
}
