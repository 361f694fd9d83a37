/* A segment that arrived passes. One that did not arrive, while the server's
 * later data did, was lost or too large; the same bytes arrive in a segment of
 * one byte less. An echo request of a size that TCP delivers and whose reply
 * does not return was too large for the return path, or a firewall limits
 * echo. */
#include "analysis/path/path_reverse.h"

#include <math.h>

#include "analysis/path/path_segments.h"
#include "capture/numbers.h"
#include "probe/protocol/loss_chance.h"

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t lesser(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Echo replies that came back in fragments: the first fragment is the largest
 * multiple of eight bytes, plus its headers, that fits the return path's MTU.
 * An answer is no larger than its request. */
struct echo_fragments {
	uint32_t bytes, most; /* the way back takes from, up to; 0: none came */
	uint32_t least;	      /* request that was answered so */
	uint64_t frame, against;
};

static struct echo_fragments find_echo_fragments(const struct path *path)
{
	enum { UNIT = 8 };
	struct echo_fragments found = {.least = UINT32_MAX};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];

		if (path_record_method(path, row) != METHOD_ECHO ||
			!reply->is_arrived_in_fragments ||
			path->is_echo_elsewhere)
			continue;
		if (sent_probe->ip_bytes < found.least)
			found.least = sent_probe->ip_bytes;
		if (reply->arrived_bytes <= found.bytes)
			continue;
		found.bytes = reply->arrived_bytes;
		found.most = lesser(
			found.bytes + UNIT - 1, path->comment.interface_mtu);
		found.frame = reply->arrived;
		found.against = sent_probe->frame;
	}
	return found;
}

/* The measurements of the return path. */
struct back {
	const struct path *path;
	const struct mtu_bound *forward;
	struct mtu_bound echo;
	struct path_segments segments;
	struct echo_fragments fragments;
};

/* The sizes that pass the return path, by each method. Sizes of segments may
 * lie far apart: echo measures one between. */
static void set_sizes(struct path_figures *figures, const struct back *back)
{
	uint32_t segment = back->segments.passed, echo = back->echo.passed;

	figures->mtu =
		echo > segment && echo < back->segments.failed ? echo : segment;
	figures->mtu_echo = echo;
	figures->mtu_fragments =
		larger(back->fragments.bytes, larger(segment, echo));
}

static void set_segment(struct path_case *one, const struct back *back)
{
	const struct path_segments *segments = &back->segments;
	uint32_t full = back->path->comment.interface_mtu;
	struct path_facts *facts = &one->facts;
	const enum path_fact arrives = PATH_FACT_SERVERS_SEGMENT_ARRIVES;
	const enum path_fact smaller = PATH_FACT_SMALLER_SEGMENT_ARRIVES;

	path_fact_set(
		facts, PATH_FACT_SERVER_HAD_MORE_TO_SEND, segments->is_cut);
	path_fact_set(facts, PATH_FACT_SAME_LIMIT_ON_THE_WAY_THERE,
		segments->passed == back->forward->passed);
	path_fact_set(facts, PATH_FACT_FULL_SIZE_OFFERED, segments->is_asked);
	if (segments->streams == 0)
		return;
	path_fact_set(facts, arrives, segments->passed >= full);
	path_fact_frames(facts, arrives, segments->passed_frame,
		segments->passed_against);
	path_fact_found(facts, arrives, "%u", segments->passed);
	path_fact_expected(facts, arrives, "%u", full);
	path_fact_set(facts, smaller, true);
	path_fact_frames(facts, smaller, segments->passed_frame,
		segments->passed_against);
	path_fact_as_expected(facts, smaller, "%u", segments->passed);
	path_case_word(&one->words, PATH_WORD_SIZE, "%u", segments->passed);
}

static const char *plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

static void set_miss(struct path_case *one,
	const struct path_segments *segments, enum path_fact fact,
	unsigned connections)
{
	if (connections == 0)
		return;
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact, segments->failed_frame,
		segments->failed_against);
	path_fact_found(&one->facts, fact, "on %u connection%s", connections,
		plural(connections));
	path_fact_expected(&one->facts, fact, "on each that offers more");
}

/* No answer came, and it is not known whether the server made one. */
static void set_unanswered(
	struct path_case *one, const struct path_segments *segments)
{
	const enum path_fact fact = PATH_FACT_LARGER_OFFERS_UNANSWERED;

	path_fact_set(&one->facts, fact, false);
	path_fact_frames(&one->facts, fact, segments->unanswered_frame, 0);
	path_fact_found(&one->facts, fact, "no answer on %u connection%s",
		segments->unanswered, plural(segments->unanswered));
	path_fact_expected(&one->facts, fact, "one on those that offer less");
}

static void set_missing(struct path_case *one, const struct back *back)
{
	const struct path_segments *segments = &back->segments;
	struct path_facts *facts = &one->facts;
	const enum path_fact rest = PATH_FACT_ONLY_THE_REST_ARRIVES;
	const enum path_fact next = PATH_FACT_NEXT_SIZE_FAILS;

	path_fact_set(facts, next, segments->failed == segments->passed + 1);
	path_fact_frames(
		facts, next, segments->failed_frame, segments->passed_frame);
	path_fact_found(facts, next, "%u", segments->failed);
	path_fact_expected(facts, next, "%u", one->figures.mtu + 1);
	path_case_word(&one->words, PATH_WORD_FROM, "%u", segments->passed);
	path_case_word(&one->words, PATH_WORD_TO, "%u", segments->failed - 1);
	set_miss(one, segments, rest, segments->misses - segments->silent);
	set_miss(one, segments, PATH_FACT_LARGER_OFFERS_UNANSWERED,
		segments->silent);
	path_fact_set(facts, PATH_FACT_ECHO_OF_MISSING_SIZE_RETURNS,
		back->echo.passed >= segments->failed);
	mtu_bound_set_chance(back->path, facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		mtu_bound_chance(back->forward, segments->misses));
}

/* The parities on which the limit is known: the size that passes arrived there,
 * and the next that was tried did not. */
static unsigned measured_parities(const struct path_segments *segments)
{
	if (segments->failed == 0)
		return segments->full_parities;
	if (segments->passed == 0)
		return segments->failed_parities;
	return segments->failed_parities & segments->passed_parities;
}

/* Load balancers choose by the lowest bits of ports: connections of one parity
 * say nothing about the others. */
static void set_parities(struct path_case *one, const struct back *back)
{
	enum { EVEN = 1, ODD, BOTH };
	static const char *const names[] = {"neither", [EVEN] = "even",
		[ODD] = "odd", [BOTH] = "even and odd"};
	static const char *const others[] = {
		"even or odd", [EVEN] = "odd", [ODD] = "even", [BOTH] = ""};
	const enum path_fact fact = PATH_FACT_BOTH_PARITIES_MEASURED;
	const struct path_segments *segments = &back->segments;
	unsigned measured = measured_parities(segments);

	if (measured == 0 && segments->failed == 0)
		return;
	path_fact_set(&one->facts, fact, measured == BOTH);
	path_fact_found(&one->facts, fact, "%s", names[measured]);
	path_fact_expected(&one->facts, fact, "%s", names[BOTH]);
	path_case_word(&one->words, PATH_WORD_PARITY, "%s", others[measured]);
	if (segments->failed == 0)
		return;
	path_fact_set(
		&one->facts, PATH_FACT_ONE_PARITY_MEASURED, measured != 0);
	path_fact_found(&one->facts, PATH_FACT_ONE_PARITY_MEASURED, "%s",
		names[measured]);
	path_fact_expected(
		&one->facts, PATH_FACT_ONE_PARITY_MEASURED, "even or odd");
}

/* The probability that all connections of one sort are before all of the
 * other, if the order is chance. */
static double chance_of_order(
	const struct path_span *one, const struct path_span *other)
{
	bool is_apart = one->last < other->first || other->last < one->first;

	return is_apart ? 2 * exp(lgamma(one->count + 1.0) +
				      lgamma(other->count + 1.0) -
				      lgamma(one->count + other->count + 1.0))
			: 1;
}

/* Connections that contradict each other: more often than by loss, or not. One
 * alone is loss: of many segments one may be lost on any path. */
static void set_contrary(struct path_case *one, const struct back *back)
{
	const struct path_segments *segments = &back->segments;
	double chance = mtu_bound_chance(back->forward, segments->contrary);
	bool is_loss = segments->contrary == 1 ||
		       chance >= back->path->thresholds[PATH_LIKELY_CHANCE];

	if (segments->contrary == 0)
		return;
	const enum path_fact fact = is_loss ? PATH_FACT_SMALLER_SIZE_MISSING
					    : PATH_FACT_CONNECTIONS_AGREE;

	path_fact_set(&one->facts, fact, is_loss);
	path_fact_frames(&one->facts, fact, segments->contrary_frame,
		segments->passed_frame);
	path_fact_found(&one->facts, fact, "%u of %u lose %u bytes",
		segments->contrary, segments->tried, segments->contrary_bytes);
	path_fact_expected(&one->facts, fact, "none");
	path_fact_set(&one->facts, PATH_FACT_LOSING_ONES_BETWEEN,
		chance_of_order(
			&segments->contrary_span, &segments->arrived_span) >=
			back->path->thresholds[PATH_LIKELY_CHANCE]);
	path_case_word(
		&one->words, PATH_WORD_MOST, "%u", segments->contrary_bytes);
	path_case_word(&one->words, PATH_WORD_ON, "%u of %u connections",
		segments->contrary, segments->tried);
}

static void set_fragments(struct path_case *one, const struct back *back)
{
	const struct echo_fragments *fragments = &back->fragments;
	struct path_facts *facts = &one->facts;
	const enum path_fact returns = PATH_FACT_ECHO_RETURNS_IN_PIECES;
	uint32_t mtu = one->figures.mtu_fragments;

	path_fact_set(facts, returns, true);
	path_fact_frames(facts, returns, fragments->frame, fragments->against);
	path_fact_as_expected(
		facts, returns, "the first of %u bytes", fragments->bytes);
	path_fact_set(facts, PATH_FACT_LARGER_RETURNS_WHOLE,
		larger(back->segments.passed, back->echo.passed) >
			fragments->most);
	path_fact_set(facts, PATH_FACT_FRAGMENT_SIZE_EXACT,
		mtu + 1 == fragments->least || mtu == fragments->most ||
			(back->segments.is_cut &&
				mtu == back->segments.passed));
	path_fact_set(facts, PATH_FACT_FORWARD_PATH_HAS_THE_LIMIT,
		back->forward->passed >= fragments->bytes &&
			back->forward->passed <= fragments->most);
	path_case_word(&one->words, PATH_WORD_NEXT, "%u", fragments->most);
}

/* Echo can't measure more than the forward path's MTU, nor less than the sizes
 * sent. */
static bool can_echo_tell(const struct back *back, uint32_t mtu)
{
	const struct mtu_bound *echo = &back->echo;

	return echo->passed >= mtu ||
	       (echo->passed < back->forward->passed && echo->failed &&
		       echo->failed <= mtu);
}

static void set_agreement(struct path_case *one, const struct back *back)
{
	const struct size_tally *size =
		&back->path->sizes[METHOD_ECHO][back->echo.passed];
	uint32_t echo = back->echo.passed, mtu = one->figures.mtu;

	if (!can_echo_tell(back, mtu))
		return;
	path_fact_set(&one->facts, PATH_FACT_ICMP_ECHO_AGREES, echo == mtu);
	path_fact_frames(&one->facts, PATH_FACT_ICMP_ECHO_AGREES,
		size->arrived_frame, size->sent_frame);
	path_fact_found(&one->facts, PATH_FACT_ICMP_ECHO_AGREES, "%u", echo);
	path_fact_expected(&one->facts, PATH_FACT_ICMP_ECHO_AGREES, "%u", mtu);
}

/* Whether an echo does not return in a size that gets there by TCP, more often
 * than smaller ones don't. */
static bool is_echo_lost(const struct back *back)
{
	const struct size_tally *size =
		&back->path->sizes[METHOD_ECHO][back->forward->passed];
	double chance = pow(
		loss_chance_share(back->echo.sent_below, back->echo.lost_below),
		path_record_missing(back->path, size->sent));

	return back->forward->method != METHOD_ECHO && back->echo.sent_below &&
	       back->echo.passed < back->forward->passed && size->sent &&
	       (back->echo.lost_below == 0 ||
		       chance < back->path->thresholds[PATH_LIKELY_CHANCE]) &&
	       !size->refused && back->echo.failed &&
	       back->echo.failed <= back->forward->passed;
}

static void set_echo_lost(struct path_case *one, const struct back *back)
{
	uint32_t passed = back->forward->passed;
	const struct size_tally *by_tcp =
		&back->path->sizes[back->forward->method][passed];
	const struct size_tally *by_echo =
		&back->path->sizes[METHOD_ECHO][passed];
	struct path_facts *facts = &one->facts;

	path_fact_set(facts, PATH_FACT_WAY_THERE_PASSES, true);
	path_fact_frames(
		facts, PATH_FACT_WAY_THERE_PASSES, by_tcp->arrived_frame, 0);
	path_fact_as_expected(facts, PATH_FACT_WAY_THERE_PASSES, "%u", passed);
	path_fact_set(facts, PATH_FACT_ECHO_OF_THAT_SIZE_RETURNS, false);
	path_fact_frames(facts, PATH_FACT_ECHO_OF_THAT_SIZE_RETURNS,
		by_echo->sent_frame, 0);
	path_fact_found(facts, PATH_FACT_ECHO_OF_THAT_SIZE_RETURNS,
		"0 of %u returned", by_echo->sent);
	path_fact_expected(
		facts, PATH_FACT_ECHO_OF_THAT_SIZE_RETURNS, "returned");
}

static void set_echo(struct path_case *one, const struct back *back)
{
	const struct mtu_bound *echo = &back->echo;
	const struct size_tally *size =
		&back->path->sizes[METHOD_ECHO][echo->passed];
	struct path_facts *facts = &one->facts;
	const enum path_fact full = PATH_FACT_ECHO_OF_INTERFACE_MTU_RETURNS;

	if (echo->passed == 0)
		return;
	set_agreement(one, back);
	path_fact_set(
		facts, full, echo->passed >= back->path->comment.interface_mtu);
	path_fact_frames(facts, full, size->arrived_frame, size->sent_frame);
	path_fact_as_expected(facts, full, "%u", echo->passed);
	path_fact_set(facts, PATH_FACT_LARGER_SEGMENT_ARRIVES,
		back->segments.passed > echo->passed);
	mtu_bound_set_exactness(
		back->path, facts, PATH_FACT_NEXT_ECHO_SIZE_FAILS, echo);
	if (is_echo_lost(back))
		set_echo_lost(one, back);
}

static void set_short(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_REPLIES_AS_LONG;

	if (path->short_frame == 0)
		return;
	path_fact_set(facts, fact, false);
	path_fact_frames(facts, fact, path->short_frame, path->short_against);
	path_fact_found(facts, fact, "shorter");
	path_fact_expected(facts, fact, "as long as the request");
}

bool path_reverse_loses(const struct path *path, const struct mtu_bound *echo)
{
	struct path_segments segments = path_segments_find(path);

	return segments.failed && segments.passed < echo->failed &&
	       echo->passed < segments.failed;
}

static bool is_measured(const struct back *back)
{
	const struct path_segments *segments = &back->segments;
	uint32_t full = back->path->comment.interface_mtu;

	return segments->passed >= full || back->echo.passed >= full ||
	       (segments->failed && segments->passed) || segments->is_cut ||
	       back->fragments.bytes || is_echo_lost(back);
}

void path_reverse_cases(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *forward)
{
	struct back back = {.path = path,
		.forward = forward,
		.echo = mtu_bound_back(path),
		.segments = path_segments_find(path),
		.fragments = find_echo_fragments(path)};
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_REVERSE, path->comment.family);
	set_sizes(&one.figures, &back);
	set_segment(&one, &back);
	if (back.segments.failed)
		set_missing(&one, &back);
	else if (back.segments.unanswered)
		set_unanswered(&one, &back.segments);
	if (section_comment_has(&path->comment, EXPERIMENT_REVERSE))
		path_fact_set(&one.facts, PATH_FACT_WAY_BACK_MEASURED,
			is_measured(&back));
	set_parities(&one, &back);
	set_contrary(&one, &back);
	if (back.fragments.bytes)
		set_fragments(&one, &back);
	set_echo(&one, &back);
	set_short(path, &one.facts);
	sink->take(sink->context, &one);
}
