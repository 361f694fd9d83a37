/* A size that arrived has passed: that is proof. A size that did not arrive
 * may have been lost: the number of tries and the loss of sizes that could
 * pass give the probability. The link is the one between the last hop that
 * responded to a packet above the size and the first that responded only to
 * smaller ones; a hop without errors left is distinguished because the small
 * packet was sent to it after the large one. */
#include "analysis/path/path_mtu.h"

#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_hops.h"
#include "analysis/path/path_link.h"
#include "analysis/path/path_ptb.h"
#include "analysis/path/path_reverse.h"
#include "probe/protocol/loss_chance.h"

/* Packets of a size that arrived are mostly lost, and smaller ones are not. */
static void set_silence(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct size_tally *size =
		&path->sizes[bound->method][bound->passed];
	unsigned lost = (unsigned)(size->sent - size->arrived);
	double share = loss_chance_share(
		bound->sent_below - size->sent, bound->lost_below - lost);

	if (lost <= size->arrived ||
		pow(share, lost) >= path->thresholds[PATH_CERTAIN_CHANCE])
		return;
	path_fact_set(&one->facts, PATH_FACT_MOST_OF_SIZE_ARRIVE, false);
	path_fact_frames(&one->facts, PATH_FACT_MOST_OF_SIZE_ARRIVE,
		size->sent_frame, size->arrived_frame);
	path_fact_found(&one->facts, PATH_FACT_MOST_OF_SIZE_ARRIVE, "%u of %u",
		size->arrived, size->sent);
	path_fact_expected(&one->facts, PATH_FACT_MOST_OF_SIZE_ARRIVE, "most");
	path_case_word(&one->words, PATH_WORD_SENT, "%u", size->sent);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u", size->arrived);
}

/* Nothing larger was sent: the interface's MTU passes, or the search did not
 * finish. */
static void set_full_size(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct size_tally *size =
		&path->sizes[bound->method][bound->passed];
	struct path_facts *facts = &one->facts;

	path_fact_set(facts, PATH_FACT_INTERFACE_MTU_PASSES,
		bound->passed >= path->comment.interface_mtu ||
			bound->passed >= PROBE_MOST_BYTES);
	path_fact_frames(facts, PATH_FACT_INTERFACE_MTU_PASSES,
		size->arrived_frame, size->sent_frame);
	path_fact_as_expected(
		facts, PATH_FACT_INTERFACE_MTU_PASSES, "%u", bound->passed);
	set_silence(path, one, bound);
}

/* The hop of a PTB's source: by its address among the hops, else by the hop
 * limit that it quotes (routers that compare sizes before they decrement the
 * TTL, as Linux does, quote the hop limit as it arrived). */
static int hop_of_refusal(const struct path *path, int row, bool *is_hop)
{
	const struct reply *reply = &path->replies[row];
	int hop = path_hops_of(path, &reply->refused_from);

	*is_hop = hop != HOP_NOT_KNOWN;
	if (*is_hop)
		return hop;
	hop = path->table.sent_probe[row].ttl - reply->refused_ttl + 1;
	return hop >= 1 && hop <= HOP_LIMIT_WHOLE_WAY ? hop : HOP_NOT_KNOWN;
}

/* A larger size that arrived all the same, once. */
static void set_overruled(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_LARGER_ARRIVED_BEFORE;
	const struct size_tally *found = NULL;
	uint32_t bytes = 0;

	for (uint32_t size = bound->passed + 1; size <= PROBE_MOST_BYTES;
		size++)
		for (int method = 0; method < METHOD_COUNT; method++) {
			const struct size_tally *tally =
				&path->sizes[method][size];

			if (!tally->arrived || !mtu_bound_is_overruled(tally))
				continue;
			found = tally;
			bytes = size;
		}
	if (!found)
		return;
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(
		&one->facts, fact, found->arrived_frame, found->refused_frame);
	path_fact_as_expected(
		&one->facts, fact, "%u of size %u", found->arrived, bytes);
	path_case_word(&one->words, PATH_WORD_SENT, "%u", found->sent);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u", found->arrived);
	path_case_word(&one->words, PATH_WORD_SIZE, "%u", bytes);
}

/* Sizes above all rejected ones are lost without an ICMP error. */
static void set_larger(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_LARGER_REFUSED;
	const struct size_tally *sizes = path->sizes[bound->method];
	unsigned silent = 0;
	uint64_t silent_frame = 0;
	uint32_t refused = bound->failed;

	for (uint32_t size = bound->failed; size <= PROBE_MOST_BYTES; size++) {
		if (sizes[size].refused || sizes[size].arrived) {
			refused = size;
			silent = 0;
		} else if (sizes[size].sent) {
			silent += sizes[size].sent;
			silent_frame = sizes[size].sent_frame;
		}
	}
	if (silent < path->thresholds[PATH_SILENT_FOR_LARGER] ||
		mtu_bound_chance(bound, silent) >=
			path->thresholds[PATH_CERTAIN_CHANCE])
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_frames(
		&one->facts, fact, silent_frame, sizes[refused].refused_frame);
	path_fact_found(&one->facts, fact, "0 of %u above %u", silent, refused);
	path_fact_expected(&one->facts, fact, "all");
	path_case_word(&one->words, PATH_WORD_MOST, "%u", refused);
}

static void set_refused(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct size_tally *sizes = path->sizes[bound->method];
	const struct size_tally *failed = &sizes[bound->failed];
	const struct reply *reply = &path->replies[failed->refused_row];
	struct path_facts *facts = &one->facts;
	bool is_hop;

	one->figures.limited_after =
		hop_of_refusal(path, failed->refused_row, &is_hop);
	one->figures.reporter = reply->refused_from;
	path_fact_set(facts, PATH_FACT_REPORTER_IS_HOP, is_hop);
	path_fact_set(facts, PATH_FACT_TOO_BIG_TRUE,
		reply->claimed_mtu == bound->passed);
	path_fact_frames(facts, PATH_FACT_TOO_BIG_TRUE, failed->refused_frame,
		sizes[bound->passed].arrived_frame);
	path_fact_found(
		facts, PATH_FACT_TOO_BIG_TRUE, "%u", reply->claimed_mtu);
	path_fact_expected(facts, PATH_FACT_TOO_BIG_TRUE, "%u", bound->passed);
	set_overruled(path, one, bound);
	set_larger(path, one, bound);
}

static bool is_any_refused(
	const struct path *path, const struct mtu_bound *bound)
{
	for (uint32_t size = bound->passed + 1; size <= PROBE_MOST_BYTES;
		size++)
		if (path->sizes[bound->method][size].refused)
			return true;
	return false;
}

/* Packets of other methods pass in a size that segments do not. */
static bool do_others_pass(
	const struct path *path, const struct mtu_bound *bound)
{
	if (bound->method != METHOD_TCP)
		return false;
	for (int i = 0; i < METHOD_COUNT; i++)
		if (!(i == METHOD_ECHO && path->is_echo_elsewhere) &&
			mtu_bound_of(path, (enum probe_method)i).passed >=
				bound->failed)
			return true;
	return false;
}

/* The place of the black hole. Echo alone can't distinguish the forward from
 * the return path, unless a router on the forward path does not respond to the
 * large ones. */
static void set_link(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	struct path_link link =
		path_link_find(path, bound->method, bound->passed);
	struct path_facts *facts = &one->facts;
	bool is_found = link.at.before != HOP_NOT_KNOWN;
	bool is_way_told = bound->method == METHOD_TCP ||
			   (is_found && link.at.before < (int)path->distance);
	unsigned tries = link.tries ? link.tries : bound->sent_above;

	path_fact_set(facts, PATH_FACT_WAY_TOLD, is_way_told);
	path_fact_set(facts, PATH_FACT_LINK_KNOWN, is_found && is_way_told);
	if (!is_found || !is_way_told)
		return;
	one->figures.link = link.at;
	mtu_bound_set_chance(path, facts, PATH_FACT_LINK_LOSS_UNLIKELY,
		PATH_FACT_LINK_LOSS_EXCLUDED,
		fmax(link.chance, mtu_bound_chance(bound, tries)));
	if (link.at.after > 0) {
		path_fact_set(facts, PATH_FACT_HOP_ANSWERS_LARGE, true);
		path_fact_frames(facts, PATH_FACT_HOP_ANSWERS_LARGE,
			link.large_frame, 0);
		path_fact_as_expected(facts, PATH_FACT_HOP_ANSWERS_LARGE,
			"hop %d", link.at.after);
	}
	path_fact_set(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, false);
	path_fact_frames(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE,
		link.vanished_frame, link.small_frame);
	path_fact_found(
		facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, "0 of %u", tries);
	path_fact_expected(facts, PATH_FACT_NEXT_HOP_ANSWERS_LARGE, "hop %d",
		link.at.before);
	path_ptb_set(path, one, bound->method);
}

static void set_hole(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct size_tally *sizes = path->sizes[bound->method];
	struct path_facts *facts = &one->facts;
	bool is_heard = is_any_refused(path, bound);

	path_case_word(&one->words, PATH_WORD_PLACE, "before the link");
	mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		mtu_bound_chance(bound, bound->sent_above));
	path_fact_found(facts, PATH_FACT_LARGER_VANISH, "0 of %u answered",
		bound->sent_above);
	path_fact_set(facts, PATH_FACT_SMALLER_ARRIVE, true);
	path_fact_frames(facts, PATH_FACT_SMALLER_ARRIVE,
		sizes[bound->passed].arrived_frame, 0);
	path_fact_found(facts, PATH_FACT_SMALLER_ARRIVE, "%u of %u answered",
		bound->sent_below - bound->lost_below, bound->sent_below);
	path_fact_expected(facts, PATH_FACT_SMALLER_ARRIVE, "most answered");
	path_fact_set(facts, PATH_FACT_TOO_BIG_HEARD, is_heard);
	path_fact_found(facts, PATH_FACT_TOO_BIG_HEARD, "%s",
		is_heard ? "for larger sizes" : "none");
	path_fact_expected(
		facts, PATH_FACT_TOO_BIG_HEARD, "one, for the lost size");
	path_fact_set(
		facts, PATH_FACT_OTHERS_PASS, do_others_pass(path, bound));
	set_link(path, one, bound);
	if (one->figures.link.after > 0)
		path_case_word(&one->words, PATH_WORD_PLACE, "at hop %d",
			one->figures.link.after);
}

/* Sizes below the floor are not measured: the finding reports that nothing
 * larger arrives, and no size. */
static void set_nothing_larger(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	unsigned silent = 0;

	for (uint32_t size = bound->failed; size <= PROBE_MOST_BYTES; size++)
		silent += path->sizes[bound->method][size].sent;
	path_fact_set(&one->facts, PATH_FACT_SENT_OFTEN,
		bound->sent_above >=
			path->thresholds[PATH_TRIES_FOR_NOTHING_LARGER]);
	mtu_bound_set_chance(path, &one->facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED, mtu_bound_chance(bound, silent));
	path_fact_found(&one->facts, PATH_FACT_LARGER_VANISH,
		"0 of %u from %u bytes answered", silent, bound->failed);
	path_case_word(
		&one->words, PATH_WORD_MOST, "%u", path->rules->floor_bytes);
}

static void set_vanished(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	struct path_facts *facts = &one->facts;
	bool is_measurable = bound->passed >= path->rules->floor_bytes;

	path_fact_set(facts, PATH_FACT_SIZE_MEASURABLE, is_measurable);
	path_fact_set(facts, PATH_FACT_LARGER_VANISH, true);
	path_fact_frames(facts, PATH_FACT_LARGER_VANISH,
		path->sizes[bound->method][bound->failed].sent_frame, 0);
	path_fact_expected(facts, PATH_FACT_LARGER_VANISH, "0 answered");
	if (is_measurable)
		set_hole(path, one, bound);
	else
		set_nothing_larger(path, one, bound);
}

static void take_forward(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound)
{
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_FORWARD, path->comment.family);
	one.figures.mtu = bound->passed;
	mtu_bound_set_methods(path, &one.facts, bound);
	if (bound->failed == 0) {
		set_full_size(path, &one, bound);
	} else {
		bool is_refused =
			path->sizes[bound->method][bound->failed].refused;

		mtu_bound_set_exactness(
			path, &one.facts, PATH_FACT_NEXT_SIZE_FAILS, bound);
		path_case_word(&one.words, PATH_WORD_FROM, "%u", bound->passed);
		path_case_word(
			&one.words, PATH_WORD_TO, "%u", bound->failed - 1);
		path_fact_set(
			&one.facts, PATH_FACT_NEXT_SIZE_REFUSED, is_refused);
		if (is_refused)
			set_refused(path, &one, bound);
		else
			set_vanished(path, &one, bound);
	}
	sink->take(sink->context, &one);
}

/* Whether the search finished. */
static bool is_finished(const struct path *path, const struct mtu_bound *bound)
{
	if (bound->passed >= path->comment.interface_mtu)
		return true;
	return bound->passed > 0 && bound->failed == bound->passed + 1 &&
	       (bound->sent_above >= path->thresholds[PATH_SEARCH_DONE_TRIES] ||
		       path->sizes[bound->method][bound->failed].refused);
}

/* TCP's, unless the connection ended before its search did. */
static struct mtu_bound choose_bound(const struct path *path)
{
	struct mtu_bound tcp = mtu_bound_of(path, METHOD_TCP);
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	if (is_finished(path, &tcp))
		return tcp;
	if (is_finished(path, &echo))
		return echo;
	return tcp.passed && tcp.failed ? tcp : echo;
}

void path_mtu_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct mtu_bound bound = choose_bound(path);

	if (bound.passed == 0)
		return;
	take_forward(path, sink, &bound);
	path_reverse_cases(path, sink, &bound);
}
