/* A size that arrived has passed: that is proof. A size that did not arrive
 * may have been lost: the number of tries and the loss of sizes that could
 * pass give the probability. The link is the one between the last hop that
 * responded to a packet above the size and the first that responded only to
 * smaller ones; a hop without errors left is distinguished because the small
 * packet was sent to it after the large one. */
#include "analysis/path/path_mtu.h"

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_between.h"
#include "analysis/path/path_cut.h"
#include "analysis/path/path_flows.h"
#include "analysis/path/path_mtu_above.h"
#include "analysis/path/path_mtu_loss.h"
#include "analysis/path/path_mtu_place.h"
#include "analysis/path/path_proxy.h"
#include "analysis/path/path_reverse.h"
#include "capture/numbers.h"

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
	if (bound->passed < path->comment.interface_mtu &&
		bound->passed >= PROBE_MOST_BYTES) {
		path_fact_set(facts, PATH_FACT_INTERFACE_MTU_SENT, false);
		path_fact_found(facts, PATH_FACT_INTERFACE_MTU_SENT, "%d",
			PROBE_MOST_BYTES);
		path_fact_expected(facts, PATH_FACT_INTERFACE_MTU_SENT, "%u",
			path->comment.interface_mtu);
		path_case_word(
			&one->words, PATH_WORD_MOST, "%u", bound->passed);
	}
	if (path->df_cleared_frame) {
		path_fact_set(facts, PATH_FACT_DF_REACHES_HOPS, false);
		path_fact_frames(facts, PATH_FACT_DF_REACHES_HOPS,
			path->df_cleared_frame, 0);
		path_fact_found(facts, PATH_FACT_DF_REACHES_HOPS, "cleared");
		path_fact_expected(facts, PATH_FACT_DF_REACHES_HOPS, "set");
		path_cut_set(path, one);
	}
	path_mtu_loss_set(path, one, bound);
}

/* A larger size that arrived all the same, once. */
static void set_overruled(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_LARGER_PACKETS_ARRIVED_BEFORE;
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

/* Packets of other methods pass in a size that segments do not. */
static void set_others(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound)
{
	bool is_passed = false;

	for (int i = 0; i < METHOD_COUNT; i++)
		is_passed |= !(i == METHOD_ECHO && path->is_echo_elsewhere) &&
			mtu_bound_of(path, (enum probe_method)i).passed >=
				bound->failed;
	path_fact_set(facts, PATH_FACT_OTHER_PACKETS_OF_THAT_SIZE_PASS,
		bound->method == METHOD_TCP && is_passed);
}

/* As from a translator to IPv4 whose way goes on over a smaller link. */
static void set_heeded(const struct path *path, struct path_facts *facts,
	const struct reply *reply)
{
	enum { LEAST_IPV6 = 1280 };
	const enum path_fact fact = PATH_FACT_CLAIM_IS_HEEDED;

	if (path->comment.family != 6)
		return;
	path_fact_set(facts, fact, reply->claimed_mtu >= LEAST_IPV6);
	path_fact_frames(facts, fact, reply->refused, 0);
	path_fact_found(facts, fact, "%u", reply->claimed_mtu);
	path_fact_expected(facts, fact, "%d or more", LEAST_IPV6);
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
		path_mtu_reporter(path, failed->refused_row, &is_hop);
	one->figures.reporter = reply->refused_from;
	path_fact_set(facts, PATH_FACT_REPORTER_IS_A_HOP, is_hop);
	/* After a change smaller sizes may not have been sent again. */
	if (path->change.bytes && reply->claimed_mtu > bound->passed &&
		reply->claimed_mtu < bound->failed)
		one->figures.mtu = reply->claimed_mtu;
	path_fact_set(facts, PATH_FACT_TOO_BIG_TELLS_THE_TRUTH,
		reply->claimed_mtu == one->figures.mtu);
	path_fact_frames(facts, PATH_FACT_TOO_BIG_TELLS_THE_TRUTH,
		failed->refused_frame, sizes[bound->passed].arrived_frame);
	path_fact_found(facts, PATH_FACT_TOO_BIG_TELLS_THE_TRUTH, "%u",
		reply->claimed_mtu);
	path_fact_expected(facts, PATH_FACT_TOO_BIG_TELLS_THE_TRUTH, "%u",
		one->figures.mtu);
	set_heeded(path, facts, reply);
	set_overruled(path, one, bound);
	set_others(path, &one->facts, bound);
	path_mtu_above_set(path, one, bound);
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

/* A PTB about a larger packet that names exactly the size that passes, although
 * the next size is lost without one. */
static void set_claim(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_TOO_BIG_NAMES_THAT_SIZE;
	const struct size_tally *passed =
		&path->sizes[bound->method][bound->passed];
	unsigned sent = 0, told = 0;
	int first = -1;
	bool is_hop;

	for (uint32_t row = 0; row < path->table.count; row++) {
		if (path_record_method(path, row) != bound->method ||
			!path_record_is_whole_way(path, row) ||
			path->table.sent_probe[row].ip_bytes <= bound->passed)
			continue;
		sent++;
		if (!path_record_refused(path, row) ||
			path->replies[row].claimed_mtu != bound->passed)
			continue;
		told++;
		first = first < 0 ? (int)row : first;
	}
	if (first < 0)
		return;
	one->figures.limited_after = path_mtu_reporter(path, first, &is_hop);
	one->figures.reporter = path->replies[first].refused_from;
	path_fact_set(&one->facts, PATH_FACT_REPORTER_IS_A_HOP, is_hop);
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact, path->replies[first].refused,
		passed->arrived_frame);
	path_fact_found(&one->facts, fact, "%u, by %u of %u", bound->passed,
		told, sent);
	path_fact_expected(&one->facts, fact, "%u", bound->passed);
	path_case_word(&one->words, PATH_WORD_SENT, "%u", sent);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u", told);
	if (is_hop)
		path_case_word(&one->words, PATH_WORD_PLACE, "hop %d",
			one->figures.limited_after);
	else
		path_case_word(&one->words, PATH_WORD_PLACE, "that router");
}

/* Whether the connection itself may send what is lost. */
static void set_mss(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound)
{
	uint32_t most = path->totals.peer_mss +
			tcp_headers_bytes(path->comment.family);

	if (path->totals.peer_mss == 0 || path->is_peer_mss_unsure)
		return;
	path_fact_set(facts, PATH_FACT_BEYOND_MSS, most <= bound->passed);
	path_fact_frames(facts, PATH_FACT_BEYOND_MSS, path->opened_frame, 0);
	path_fact_found(facts, PATH_FACT_BEYOND_MSS, "%u", most);
	path_fact_expected(
		facts, PATH_FACT_BEYOND_MSS, "at most %u", bound->passed);
	path_fact_set(facts, PATH_FACT_MSS_IS_LIMIT, most == bound->passed);
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
	path_fact_found(facts, PATH_FACT_LARGER_PACKETS_VANISH,
		"0 of %u answered", bound->sent_above);
	path_fact_set(facts, PATH_FACT_SMALLER_PACKETS_ARRIVE, true);
	path_fact_frames(facts, PATH_FACT_SMALLER_PACKETS_ARRIVE,
		sizes[bound->passed].arrived_frame, 0);
	path_fact_found(facts, PATH_FACT_SMALLER_PACKETS_ARRIVE,
		"%u of %u answered", bound->sent_below - bound->lost_below,
		bound->sent_below);
	path_fact_expected(
		facts, PATH_FACT_SMALLER_PACKETS_ARRIVE, "most answered");
	path_fact_set(facts, PATH_FACT_TOO_BIG_RECEIVED, is_heard);
	path_fact_found(facts, PATH_FACT_TOO_BIG_RECEIVED, "%s",
		is_heard ? "for larger sizes" : "none");
	path_fact_expected(
		facts, PATH_FACT_TOO_BIG_RECEIVED, "one, for the lost size");
	set_others(path, facts, bound);
	set_mss(path, facts, bound);
	path_fact_set(facts, PATH_FACT_ECHO_MEASURED,
		bound->method == METHOD_ECHO);
	path_mtu_set_link(path, one, bound);
	if (one->figures.link.after > 0)
		path_case_word(&one->words, PATH_WORD_PLACE, "at hop %d",
			one->figures.link.after);
	set_claim(path, one, bound);
}

/* Sizes below the floor are not measured: the finding reports that nothing
 * larger arrives, and no size. */
static void set_nothing_larger(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	unsigned silent = 0;

	for (uint32_t size = bound->failed; size <= PROBE_MOST_BYTES; size++)
		silent += path->sizes[bound->method][size].sent;
	path_fact_set(&one->facts, PATH_FACT_SENT_OFTEN_ENOUGH,
		bound->sent_above >=
			path->thresholds[PATH_TRIES_FOR_NOTHING_LARGER]);
	mtu_bound_set_chance(path, &one->facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED, mtu_bound_chance(bound, silent));
	path_fact_found(&one->facts, PATH_FACT_LARGER_PACKETS_VANISH,
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
	path_fact_set(facts, PATH_FACT_LARGER_PACKETS_VANISH, true);
	path_fact_frames(facts, PATH_FACT_LARGER_PACKETS_VANISH,
		path->sizes[bound->method][bound->failed].sent_frame, 0);
	path_fact_expected(
		facts, PATH_FACT_LARGER_PACKETS_VANISH, "0 answered");
	if (is_measurable)
		set_hole(path, one, bound);
	else
		set_nothing_larger(path, one, bound);
}

/* Echo of a size that TCP delivers is lost, and the return path is not known
 * to lose it. */
static void set_echo_loss(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct path_fact_value *value =
		&one->facts.value[PATH_FACT_ICMP_ECHO_AGREES];
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	if (bound->method != METHOD_TCP || value->truth == TRUTH_UNKNOWN)
		return;
	path_fact_set(&one->facts, PATH_FACT_ECHO_LOSS_EXPLAINED,
		echo.passed >= bound->passed ||
			path_reverse_loses(path, &echo));
	path_case_word(&one->words, PATH_WORD_SIZE, "%u", echo.passed);
}

static void set_change(const struct path *path, struct path_case *one)
{
	const enum path_fact fact = PATH_FACT_PATH_KEPT;

	if (path->change.bytes == 0)
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_frames(&one->facts, fact, path->change.frame,
		path->table.sent_probe[path->change.row].frame);
	path_fact_found(
		&one->facts, fact, "%u arrived until then", path->change.bytes);
	path_fact_expected(&one->facts, fact, "and since");
	path_case_word(&one->words, PATH_WORD_BEFORE, "%u", path->change.bytes);
}

static void take_forward(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound,
	const struct path_flows *flows)
{
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_FORWARD, path->comment.family);
	one.figures.mtu = bound->passed;
	mtu_bound_set_methods(path, &one.facts, bound);
	set_echo_loss(path, &one, bound);
	path_flows_set(path, &one, flows);
	set_change(path, &one);
	path_proxy_set(path, &one.facts);
	path_between_set(path, &one, bound);
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
	if (bound->passed >= path->comment.interface_mtu ||
		bound->passed >= PROBE_MOST_BYTES)
		return true;
	return bound->passed > 0 && bound->failed == bound->passed + 1 &&
	       (bound->sent_above >= path->thresholds[PATH_SEARCH_DONE_TRIES] ||
		       path->sizes[bound->method][bound->failed].refused);
}

/* TCP's, unless the connection ended before its search did. Without TCP, the
 * answers to UDP packets are short, and measure the forward path alone. */
static struct mtu_bound choose_bound(const struct path *path)
{
	struct mtu_bound tcp = mtu_bound_of(path, METHOD_TCP);
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	/* After a change there may be no time for a search. */
	if (is_finished(path, &tcp) || path->change.bytes)
		return tcp;
	struct mtu_bound udp = mtu_bound_of(path, METHOD_UDP);

	if (udp.passed >= path->comment.interface_mtu &&
		echo.passed < udp.passed && echo.passed && !tcp.passed)
		return udp;
	if (is_finished(path, &echo))
		return echo;
	return tcp.passed && tcp.failed ? tcp : echo;
}

void path_mtu_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct mtu_bound bound = choose_bound(path);

	if (bound.passed == 0)
		return;
	struct path_flows flows = path_flows_find(path, &bound);

	take_forward(path, sink, &bound, &flows);
	path_mtu_above_case(path, sink, &bound);
	path_flows_cases(path, sink, &flows);
	path_reverse_cases(path, sink, &bound);
}
