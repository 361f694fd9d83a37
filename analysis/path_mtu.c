/* Path MTU and black holes, from which sizes arrived, were refused or
 * vanished.
 *
 * A size that arrived has passed: that is proof. A size that did not may have
 * been lost: how often it was asked and how much of what could pass was lost
 * say how likely that is. The link is the one between the last hop that
 * answered for a packet above the size and the first that answered only for
 * smaller ones; a hop that is merely out of answers is told apart because the
 * small packet was sent to it after the large one. */
#include "analysis/path_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct limit {
	enum path_ruler ruler;
	uint32_t passed; /* largest that arrived; 0: none */
	uint32_t failed; /* least above it that was asked; 0: none was */
	unsigned asked_below, lost_below;
	unsigned asked_above; /* of `failed` */
	/* packets of all rulers and hop limits that could pass */
	unsigned asked_any, lost_any;
};

static const char *const ruler_facts[] = {
	[PATH_TCP] = "tcp-agrees",
	[PATH_ECHO] = "icmp-echo-agrees",
	[PATH_UDP] = "udp-agrees",
};

/* Packets that no limit stopped, to hops that answer at all: what is missing
 * of them is loss. */
static void count_loss(const struct path *path, struct limit *limit)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		const struct reply *reply = &path->replies[row];
		bool is_whole_way = path_is_whole_way(path, asked);

		/* Only TCP is answered by every target. */
		if (path_ruler_of(asked) == PATH_RULERS ||
			asked->ip_bytes > limit->passed ||
			(is_whole_way && path_ruler_of(asked) != limit->ruler))
			continue;
		if (!is_whole_way &&
			(asked->ttl == 0 || asked->ttl > path->hop_count ||
				path->hops[asked->ttl - 1].rtt_ns ==
					INT64_MAX))
			continue;
		limit->asked_any++;
		limit->lost_any += !reply->arrived && !reply->expired &&
			!reply->unreachable;
	}
}

static struct limit find_limit(const struct path *path, enum path_ruler ruler)
{
	struct limit limit = {.ruler = ruler};
	const struct tally *sizes = path->tallies[ruler];

	for (uint32_t size = 1; size <= PATH_SIZE_MOST; size++)
		if (sizes[size].arrived)
			limit.passed = size;
	for (uint32_t size = 1; size <= limit.passed; size++) {
		limit.asked_below += sizes[size].asked;
		limit.lost_below += (unsigned)(sizes[size].asked -
			sizes[size].arrived);
	}
	for (uint32_t size = limit.passed + 1; size <= PATH_SIZE_MOST; size++)
		if (sizes[size].asked) {
			limit.failed = size;
			limit.asked_above = sizes[size].asked;
			break;
		}
	count_loss(path, &limit);
	return limit;
}

/* That as many packets were all lost by chance, by the loss of those that
 * could pass (rule of succession, so that no loss seen is not taken for none
 * possible). */
static double chance_of_loss(const struct limit *limit, unsigned tries)
{
	double share = (limit->lost_any + 1.0) / (limit->asked_any + 2.0);

	return pow(share, tries);
}

/* Certain: less than one in 10,000. */
static enum grade grade_of_chance(double chance)
{
	if (chance < 1e-4)
		return GRADE_CERTAIN;
	return chance < 1e-2 ? GRADE_LIKELY : GRADE_POSSIBLE;
}

static enum grade lesser(enum grade a, enum grade b)
{
	return a < b ? a : b;
}

static void number_text(char text[FOUND_BYTES], uint32_t number)
{
	(void)snprintf(text, FOUND_BYTES, "%u", number);
}

/* What the other rulers say of the same size; they are told apart. */
static void add_rulers(const struct path *path, struct finding *finding,
	const struct limit *limit)
{
	for (int i = 0; i < PATH_RULERS; i++) {
		struct limit other = find_limit(path, (enum path_ruler)i);
		char found[FOUND_BYTES], expected[FOUND_BYTES];
		const struct tally *sizes = path->tallies[i];
		enum truth holds = TRUTH_NO;

		number_text(expected, limit->passed);
		number_text(found, other.passed);
		if (other.passed == 0 || (other.passed < limit->passed &&
						 !sizes[limit->passed].asked))
			continue;
		if (other.passed == limit->passed)
			holds = TRUTH_YES;
		path_evidence(finding, ruler_facts[i], holds,
			sizes[other.passed].arrived_frame,
			other.failed ? sizes[other.failed].asked_frame : 0,
			found, expected);
	}
}

static void add_exactness(struct finding *finding, const struct path *path,
	const struct limit *limit)
{
	char found[FOUND_BYTES], expected[FOUND_BYTES];
	const struct tally *failed =
		&path->tallies[limit->ruler][limit->failed];

	number_text(expected, limit->passed + 1);
	number_text(found, limit->failed);
	path_evidence(finding, "next-size-fails",
		limit->failed == limit->passed + 1 ? TRUTH_YES : TRUTH_NO,
		failed->asked_frame,
		path->tallies[limit->ruler][limit->passed].arrived_frame,
		found, expected);
}

/* Nothing larger could be sent from here. */
static void judge_full_size(struct path *path, const struct limit *limit)
{
	struct finding *finding = path_add(path, FINDING_PATH_MTU);
	char found[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->mtu = limit->passed;
	finding->grade = GRADE_CERTAIN;
	number_text(found, limit->passed);
	path_evidence(finding, "interface-mtu-passes", TRUTH_YES,
		path->tallies[limit->ruler][limit->passed].arrived_frame,
		path->tallies[limit->ruler][limit->passed].asked_frame, found,
		found);
	add_rulers(path, finding, limit);
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
	hop = path->table.asked[row].ttl - reply->refused_ttl + 1;
	return hop >= 1 && hop <= PATH_TTL_MOST ? hop : HOP_NOT_KNOWN;
}

static void judge_refused(struct path *path, const struct limit *limit)
{
	const struct tally *failed =
		&path->tallies[limit->ruler][limit->failed];
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
	number_text(found, reply->claimed_mtu);
	number_text(expected, limit->passed);
	path_evidence(finding, "too-big-tells-the-truth",
		is_true ? TRUTH_YES : TRUTH_NO, failed->refused_frame,
		path->tallies[limit->ruler][limit->passed].arrived_frame,
		found, expected);
	add_exactness(finding, path, limit);
	add_rulers(path, finding, limit);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Nothing, as long as senders hear the \"too big\" messages.");
}

static void advise(struct finding *finding, const struct path *path)
{
	uint32_t header = path->comment.family == 4 ? 40 : 60;

	if (finding->direction == PATH_REVERSE) {
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Clamp the MSS on the way: nft add rule inet filter "
			"forward tcp flags syn tcp option maxseg size set %u; "
			"or let \"too big\" messages through to the target; or "
			"set MTU %u on its interface.",
			finding->mtu - header, finding->mtu);
		return;
	}
	char place[64] = "before the link";

	if (finding->after_hop > 0)
		(void)snprintf(place, sizeof(place), "at hop %d",
			finding->after_hop);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Clamp the MSS %s: nft add rule inet filter forward tcp flags "
		"syn tcp option maxseg size set %u; or let %s from there "
		"through to the senders; or set MTU %u on this host's "
		"interface.",
		place, finding->mtu - header,
		path->comment.family == 4 ? "ICMP type 3 code 4"
					  : "ICMPv6 type 2",
		finding->mtu);
}

static bool is_any_refused(const struct path *path, const struct limit *limit)
{
	for (uint32_t size = limit->passed + 1; size <= PATH_SIZE_MOST; size++)
		if (path->tallies[limit->ruler][size].refused)
			return true;
	return false;
}

/* Echo alone can't tell the way there from the way back, unless a router on
 * the way there stays silent for the large ones. */
static void weigh_direction(struct finding *finding, const struct path *path,
	const struct limit *limit)
{
	if (limit->ruler == PATH_TCP ||
		(finding->before_hop != HOP_NOT_KNOWN &&
			finding->before_hop < (int)path->distance))
		return;
	finding->grade = lesser(finding->grade, GRADE_POSSIBLE);
	finding->after_hop = HOP_NOT_KNOWN;
	finding->before_hop = HOP_NOT_KNOWN;
	(void)snprintf(finding->other, sizeof(finding->other),
		"the way back, or a firewall that limits ICMP echo: no TCP "
		"connection was there to tell");
}

static void judge_black_hole(struct path *path, const struct limit *limit)
{
	struct finding *finding = path_add(path, FINDING_BLACK_HOLE);
	struct path_link link =
		path_find_link(path, limit->ruler, limit->passed);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->mtu = limit->passed;
	finding->after_hop = link.before == HOP_NOT_KNOWN ? HOP_NOT_KNOWN
							  : link.after;
	finding->before_hop = link.before;
	finding->grade =
		grade_of_chance(chance_of_loss(limit, limit->asked_above));
	if (limit->failed != limit->passed + 1)
		finding->grade = lesser(finding->grade, GRADE_LIKELY);
	if (link.tries == 0)
		link.tries = limit->asked_above;
	if (link.before != HOP_NOT_KNOWN)
		finding->grade = lesser(finding->grade,
			grade_of_chance(fmax(link.chance,
				chance_of_loss(limit, link.tries))));
	weigh_direction(finding, path, limit);
	add_exactness(finding, path, limit);
	(void)snprintf(found, sizeof(found), "0 of %u answered",
		limit->asked_above);
	path_evidence(finding, "larger-packets-vanish", TRUTH_YES,
		path->tallies[limit->ruler][limit->failed].asked_frame, 0,
		found, "0 answered");
	(void)snprintf(found, sizeof(found), "%u of %u answered",
		limit->asked_below - limit->lost_below, limit->asked_below);
	path_evidence(finding, "smaller-packets-arrive", TRUTH_YES,
		path->tallies[limit->ruler][limit->passed].arrived_frame, 0,
		found, "most answered");
	path_evidence(finding, "too-big-heard",
		is_any_refused(path, limit) ? TRUTH_YES : TRUTH_NO, 0, 0,
		is_any_refused(path, limit) ? "for larger sizes" : "none",
		"one, for the size that vanishes");
	if (finding->before_hop != HOP_NOT_KNOWN) {
		if (link.after > 0) {
			(void)snprintf(found, sizeof(found), "hop %d",
				link.after);
			path_evidence(finding, "hop-answers-large", TRUTH_YES,
				link.large_frame, 0, found, found);
		}
		(void)snprintf(found, sizeof(found), "0 of %u", link.tries);
		(void)snprintf(expected, sizeof(expected), "hop %d",
			link.before);
		path_evidence(finding, "next-hop-answers-large", TRUTH_NO,
			link.vanished_frame, link.small_frame, found,
			expected);
	}
	add_rulers(path, finding, limit);
	advise(finding, path);
	path_weigh_notice(path, finding, limit->ruler);
}

static void judge_forward(struct path *path, const struct limit *limit)
{
	const struct tally *failed =
		&path->tallies[limit->ruler][limit->failed];

	if (limit->failed == 0) {
		if (limit->passed >= path->comment.interface_mtu ||
			limit->passed >= PATH_SIZE_MOST)
			judge_full_size(path, limit);
		return;
	}
	if (failed->refused)
		judge_refused(path, limit);
	else
		judge_black_hole(path, limit);
}

/* Echo's answers are as large as its questions: what the way there lets pass
 * (TCP says so) and echo does not bring back was too large for the way back. */
static void judge_reverse(struct path *path, const struct limit *forward)
{
	struct limit echo = find_limit(path, PATH_ECHO);
	const struct tally *sizes = path->tallies[PATH_ECHO];
	struct finding *finding;
	char found[FOUND_BYTES];

	if (echo.passed == 0)
		return;
	if (echo.passed >= path->comment.interface_mtu) {
		finding = path_add(path, FINDING_PATH_MTU);
		if (!finding)
			return;
		finding->direction = PATH_REVERSE;
		finding->mtu = echo.passed;
		finding->grade = GRADE_CERTAIN;
		number_text(found, echo.passed);
		path_evidence(finding, "echo-of-interface-mtu-returns",
			TRUTH_YES, sizes[echo.passed].arrived_frame,
			sizes[echo.passed].asked_frame, found, found);
		return;
	}
	if (forward->ruler != PATH_TCP || echo.passed >= forward->passed ||
		sizes[forward->passed].asked == 0 ||
		echo.failed == 0 || echo.failed > forward->passed)
		return;
	finding = path_add(path, FINDING_BLACK_HOLE);
	if (!finding)
		return;
	finding->direction = PATH_REVERSE;
	finding->mtu = echo.passed;
	finding->grade = lesser(GRADE_LIKELY,
		grade_of_chance(chance_of_loss(&echo, echo.asked_above)));
	(void)snprintf(finding->other, sizeof(finding->other),
		"the target, or a firewall, limits the size of ICMP echo");
	add_exactness(finding, path, &echo);
	number_text(found, forward->passed);
	path_evidence(finding, "way-there-passes", TRUTH_YES,
		path->tallies[PATH_TCP][forward->passed].arrived_frame, 0,
		found, found);
	(void)snprintf(found, sizeof(found), "0 of %u returned",
		sizes[forward->passed].asked);
	path_evidence(finding, "echo-of-that-size-returns", TRUTH_NO,
		sizes[forward->passed].asked_frame, 0, found, "returned");
	advise(finding, path);
}

/* Whether the search was brought to its end. */
static bool is_finished(const struct path *path, const struct limit *limit)
{
	if (limit->passed >= path->comment.interface_mtu)
		return true;
	return limit->passed > 0 && limit->failed == limit->passed + 1 &&
		(limit->asked_above >= 2 ||
			path->tallies[limit->ruler][limit->failed].refused);
}

/* TCP's, unless the connection ended before its search did. */
static struct limit choose_limit(const struct path *path)
{
	struct limit tcp = find_limit(path, PATH_TCP);
	struct limit echo = find_limit(path, PATH_ECHO);

	if (is_finished(path, &tcp))
		return tcp;
	if (is_finished(path, &echo))
		return echo;
	return tcp.passed && tcp.failed ? tcp : echo;
}

void path_judge_mtu(struct path *path)
{
	struct limit limit;

	if (!path_comment_has(&path->comment, "mtu"))
		return;
	limit = choose_limit(path);
	if (limit.passed == 0)
		return;
	judge_forward(path, &limit);
	judge_reverse(path, &limit);
}
