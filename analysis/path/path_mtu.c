/* Path MTU and black holes, from which sizes arrived, were refused or
 * vanished.
 *
 * A size that arrived has passed: that is proof. A size that did not may have
 * been lost: how often it was asked and how much of what could pass was lost
 * say how likely that is. The link is the one between the last hop that
 * answered for a packet above the size and the first that answered only for
 * smaller ones; a hop that is merely out of answers is told apart because the
 * small packet was sent to it after the large one. */
#include "analysis/path/mtu_bound.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Packets of a size that arrived are mostly lost, and smaller ones are not. */
static void weigh_silence(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit)
{
	const struct tally *size = &path->tallies[limit->method][limit->passed];
	unsigned lost = (unsigned)(size->sent_probe - size->arrived);
	double share = loss_chance_share(limit->asked_below - size->sent_probe,
		limit->lost_below - lost);
	char found[FOUND_BYTES];

	if (lost <= size->arrived ||
		mtu_bound_grade(pow(share, lost)) != GRADE_CERTAIN)
		return;
	finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	(void)snprintf(finding->other, sizeof(finding->other),
		"a black hole since: of %u packets of that size %u arrived, "
		"and "
		"smaller ones are not lost as often",
		size->sent_probe, size->arrived);
	(void)snprintf(found, sizeof(found), "%u of %u", size->arrived,
		size->sent_probe);
	path_evidence(finding, "most-of-that-size-arrive", TRUTH_NO,
		size->asked_frame, size->arrived_frame, found, "most");
}

/* Nothing larger could be sent from here. */
static void judge_full_size(struct path *path, const struct mtu_bound *limit)
{
	struct finding *finding = path_add(path, FINDING_PATH_MTU);
	char found[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->mtu = limit->passed;
	finding->grade = GRADE_CERTAIN;
	mtu_bound_number(found, limit->passed);
	path_evidence(finding, "interface-mtu-passes", TRUTH_YES,
		path->tallies[limit->method][limit->passed].arrived_frame,
		path->tallies[limit->method][limit->passed].asked_frame, found,
		found);
	weigh_silence(path, finding, limit);
	mtu_bound_add_methods(path, finding, limit);
}

/* Where the sender of a refusal stands: by its address among the hops, else by
 * the hop limit that it quotes (routers that compare sizes before they count
 * down, as Linux does, quote the limit as it reached them). */
static int hop_of_refusal(const struct path *path, int row, bool *is_counted)
{
	const struct reply *reply = &path->replies[row];
	int hop = path_hop_of(path, &reply->refused_from);

	*is_counted = hop == HOP_NOT_KNOWN;
	if (hop != HOP_NOT_KNOWN)
		return hop;
	hop = path->table.sent_probe[row].ttl - reply->refused_ttl + 1;
	return hop >= 1 && hop <= HOP_LIMIT_WHOLE_WAY ? hop : HOP_NOT_KNOWN;
}

/* A larger size that arrived all the same, once; NULL. */
static const struct tally *overruled(
	const struct path *path, const struct mtu_bound *limit, uint32_t *bytes)
{
	const struct tally *found = NULL;

	for (uint32_t size = limit->passed + 1; size <= PROBE_MOST_BYTES;
		size++)
		for (int method = 0; method < METHOD_COUNT; method++) {
			const struct tally *one = &path->tallies[method][size];

			if (!one->arrived || !mtu_bound_is_overruled(one))
				continue;
			found = one;
			*bytes = size;
		}
	return found;
}

static void weigh_overruled(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit)
{
	char found[FOUND_BYTES];
	uint32_t bytes = 0;
	const struct tally *size = overruled(path, limit, &bytes);

	if (!size)
		return;
	finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	(void)snprintf(finding->other, sizeof(finding->other),
		"ways of different sizes: %u of %u packets of %u bytes "
		"arrived, the others were refused",
		size->arrived, size->sent_probe, bytes);
	(void)snprintf(
		found, sizeof(found), "%u of size %u", size->arrived, bytes);
	path_evidence(finding, "larger-packets-arrived-before", TRUTH_YES,
		size->arrived_frame, size->refused_frame, found, found);
}

/* Sizes above all that are refused vanish without a word. */
static void weigh_larger(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit)
{
	const struct tally *sizes = path->tallies[limit->method];
	char found[FOUND_BYTES];
	unsigned silent = 0;
	uint64_t silent_frame = 0;
	uint32_t refused = limit->failed;

	for (uint32_t size = limit->failed; size <= PROBE_MOST_BYTES; size++) {
		if (sizes[size].refused || sizes[size].arrived) {
			refused = size;
			silent = 0;
		} else if (sizes[size].sent_probe) {
			silent += sizes[size].sent_probe;
			silent_frame = sizes[size].asked_frame;
		}
	}
	if (silent < 3 || mtu_bound_grade(mtu_bound_chance(limit, silent)) !=
				  GRADE_CERTAIN)
		return;
	(void)snprintf(
		found, sizeof(found), "0 of %u above %u", silent, refused);
	path_evidence(finding, "larger-sizes-refused", TRUTH_NO, silent_frame,
		sizes[refused].refused_frame, found, "all");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Packets above %u bytes vanish and nothing says so, to senders "
		"that begin there neither: a black hole in front of that "
		"router, or it rations its \"too big\" messages.",
		refused);
}

static void judge_refused(struct path *path, const struct mtu_bound *limit)
{
	const struct tally *failed =
		&path->tallies[limit->method][limit->failed];
	const struct reply *reply = &path->replies[failed->refused_row];
	struct finding *finding = path_add(path, FINDING_PATH_MTU);
	char found[FOUND_BYTES], expected[FOUND_BYTES];
	bool is_counted;

	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->mtu = limit->passed;
	finding->limited_after_hop =
		hop_of_refusal(path, failed->refused_row, &is_counted);
	finding->reporter = reply->refused_from;
	finding->has_reporter = true;
	bool is_true = reply->claimed_mtu == limit->passed;
	bool is_exact = limit->failed == limit->passed + 1;
	finding->grade = is_exact && is_true && !is_counted ? GRADE_CERTAIN
							    : GRADE_LIKELY;
	mtu_bound_number(found, reply->claimed_mtu);
	mtu_bound_number(expected, limit->passed);
	path_evidence(finding, "too-big-tells-the-truth",
		is_true ? TRUTH_YES : TRUTH_NO, failed->refused_frame,
		path->tallies[limit->method][limit->passed].arrived_frame,
		found, expected);
	mtu_bound_add_exactness(finding, path, limit);
	mtu_bound_add_methods(path, finding, limit);
	weigh_overruled(path, finding, limit);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Nothing, as long as senders hear the \"too big\" messages.");
	weigh_larger(path, finding, limit);
}

static bool is_any_refused(
	const struct path *path, const struct mtu_bound *limit)
{
	for (uint32_t size = limit->passed + 1; size <= PROBE_MOST_BYTES;
		size++)
		if (path->tallies[limit->method][size].refused)
			return true;
	return false;
}

/* Echo alone can't tell the way there from the way back, unless a router on
 * the way there stays silent for the large ones. */
static void weigh_direction(struct finding *finding, const struct path *path,
	const struct mtu_bound *limit)
{
	if (limit->method == METHOD_TCP ||
		(finding->before_hop != HOP_NOT_KNOWN &&
			finding->before_hop < (int)path->distance))
		return;
	finding->grade = mtu_bound_lesser(finding->grade, GRADE_POSSIBLE);
	finding->after_hop = HOP_NOT_KNOWN;
	finding->before_hop = HOP_NOT_KNOWN;
	(void)snprintf(finding->other, sizeof(finding->other),
		"the way back, or a firewall that limits ICMP echo: no TCP "
		"connection was there to tell");
}

/* Echo and UDP of a size that TCP does not get through: it is for being TCP, or
 * they go another way. */
static void weigh_others(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit)
{
	bool is_other = false;

	for (int i = 0; i < METHOD_COUNT; i++)
		is_other = is_other ||
			   (!(i == METHOD_ECHO && path->is_echo_elsewhere) &&
				   mtu_bound_of(path, (enum probe_method)i)
						   .passed >= limit->failed);
	if (!is_other)
		return;
	finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	(void)snprintf(finding->other, sizeof(finding->other),
		"a device that drops large TCP segments only, or another way "
		"for them: other packets of that size pass");
}

static void judge_black_hole(struct path *path, const struct mtu_bound *limit)
{
	struct finding *finding = path_add(path, FINDING_BLACK_HOLE);
	struct path_link link =
		path_find_link(path, limit->method, limit->passed);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->mtu = limit->passed;
	finding->after_hop =
		link.before == HOP_NOT_KNOWN ? HOP_NOT_KNOWN : link.after;
	finding->before_hop = link.before;
	finding->grade =
		mtu_bound_grade(mtu_bound_chance(limit, limit->asked_above));
	if (limit->failed != limit->passed + 1)
		finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	if (link.tries == 0)
		link.tries = limit->asked_above;
	if (link.before != HOP_NOT_KNOWN)
		finding->grade = mtu_bound_lesser(finding->grade,
			mtu_bound_grade(fmax(link.chance,
				mtu_bound_chance(limit, link.tries))));
	weigh_direction(finding, path, limit);
	mtu_bound_add_exactness(finding, path, limit);
	(void)snprintf(
		found, sizeof(found), "0 of %u answered", limit->asked_above);
	path_evidence(finding, "larger-packets-vanish", TRUTH_YES,
		path->tallies[limit->method][limit->failed].asked_frame, 0,
		found, "0 answered");
	(void)snprintf(found, sizeof(found), "%u of %u answered",
		limit->asked_below - limit->lost_below, limit->asked_below);
	path_evidence(finding, "smaller-packets-arrive", TRUTH_YES,
		path->tallies[limit->method][limit->passed].arrived_frame, 0,
		found, "most answered");
	path_evidence(finding, "too-big-heard",
		is_any_refused(path, limit) ? TRUTH_YES : TRUTH_NO, 0, 0,
		is_any_refused(path, limit) ? "for larger sizes" : "none",
		"one, for the size that vanishes");
	if (finding->before_hop != HOP_NOT_KNOWN) {
		if (link.after > 0) {
			(void)snprintf(
				found, sizeof(found), "hop %d", link.after);
			path_evidence(finding, "hop-answers-large", TRUTH_YES,
				link.large_frame, 0, found, found);
		}
		(void)snprintf(found, sizeof(found), "0 of %u", link.tries);
		(void)snprintf(
			expected, sizeof(expected), "hop %d", link.before);
		path_evidence(finding, "next-hop-answers-large", TRUTH_NO,
			link.vanished_frame, link.small_frame, found, expected);
	}
	weigh_others(path, finding, limit);
	mtu_bound_add_methods(path, finding, limit);
	mtu_bound_advise(finding, path);
	path_ptb_weigh(path, finding, limit->method);
}

/* Less is not measured: that nothing larger arrives is told, and no size. */
enum { LEAST_TRIES = 3 };

static void judge_nothing_larger(
	struct path *path, const struct mtu_bound *limit)
{
	char found[FOUND_BYTES];
	unsigned silent = 0;

	for (uint32_t size = limit->failed; size <= PROBE_MOST_BYTES; size++)
		silent += path->tallies[limit->method][size].sent_probe;
	if (limit->asked_above < LEAST_TRIES ||
		mtu_bound_grade(mtu_bound_chance(limit, silent)) !=
			GRADE_CERTAIN)
		return;
	struct finding *finding = path_add(path, FINDING_BLACK_HOLE);
	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	(void)snprintf(found, sizeof(found), "0 of %u from %u bytes answered",
		silent, limit->failed);
	path_evidence(finding, "larger-packets-vanish", TRUTH_YES,
		path->tallies[limit->method][limit->failed].asked_frame, 0,
		found, "0 answered");
	(void)snprintf(finding->other, sizeof(finding->other),
		"a firewall that lets short packets of this kind pass only");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"No link is that narrow (RFC 791, RFC 8200): look for a filter "
		"by length. Sizes below %u bytes are not measured.",
		path->rules->floor_bytes);
}

static void judge_forward(struct path *path, const struct mtu_bound *limit)
{
	const struct tally *failed =
		&path->tallies[limit->method][limit->failed];

	if (limit->failed == 0) {
		if (limit->passed >= path->comment.interface_mtu ||
			limit->passed >= PROBE_MOST_BYTES)
			judge_full_size(path, limit);
		return;
	}
	if (failed->refused)
		judge_refused(path, limit);
	else if (limit->passed < path->rules->floor_bytes)
		judge_nothing_larger(path, limit);
	else
		judge_black_hole(path, limit);
}

/* Whether the search was brought to its end. */
static bool is_finished(const struct path *path, const struct mtu_bound *limit)
{
	if (limit->passed >= path->comment.interface_mtu)
		return true;
	return limit->passed > 0 && limit->failed == limit->passed + 1 &&
	       (limit->asked_above >= 2 ||
		       path->tallies[limit->method][limit->failed].refused);
}

/* TCP's, unless the connection ended before its search did. */
static struct mtu_bound choose_limit(const struct path *path)
{
	struct mtu_bound tcp = mtu_bound_of(path, METHOD_TCP);
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	if (is_finished(path, &tcp))
		return tcp;
	if (is_finished(path, &echo))
		return echo;
	return tcp.passed && tcp.failed ? tcp : echo;
}

void path_judge_mtu(struct path *path)
{
	struct mtu_bound limit;

	if (!section_comment_has(&path->comment, EXPERIMENT_MTU))
		return;
	limit = choose_limit(path);
	if (limit.passed == 0)
		return;
	judge_forward(path, &limit);
	path_judge_reverse(path, &limit);
}
