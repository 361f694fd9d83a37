/* The way back, by two rulers: segments of the server, of a size that our SYN
 * offered, and ICMP echo, whose answers are as large as its questions.
 *
 * A segment that arrived passes. One that did not, while what the server sent
 * after it did, was lost or too large; the same bytes arrive in a segment of
 * one byte less. An echo that TCP says got there and that does not return was
 * too large for the way back, or a firewall limits echo. */
#include "analysis/path/mtu_bound.h"

#include <stdio.h>

/* What the streams say together. */
struct back {
	unsigned streams; /* on which the server said something */
	bool is_asked;	  /* for the most that we can take */
	uint32_t passed;  /* largest that arrived; 0: none */
	uint64_t passed_frame, passed_against;
	bool is_cut;	 /* and its sender had more to send */
	uint32_t failed; /* least above it of which the rest came; 0: none */
	unsigned misses;
	uint64_t failed_frame, failed_against;
	/* connections on which a size vanished that passed on another, and the
	 * least of these sizes */
	unsigned contrary;
	uint32_t contrary_bytes;
};

static uint32_t header_bytes(const struct path *path)
{
	return segment_header_bytes(path->comment.family);
}

static void take_arrived(
	struct back *back, const struct path *path, unsigned index)
{
	const struct path_stream *stream = &path->streams[index];

	if (stream->port == path->roles.run_port || !stream->is_open)
		return;
	back->streams += stream->largest > 0;
	if (stream->mss + header_bytes(path) >= path->comment.interface_mtu)
		back->is_asked = back->is_asked || stream->is_asked;
	if (stream->largest <= back->passed)
		return;
	back->passed = stream->largest;
	back->passed_frame = stream->largest_frame;
	back->passed_against = stream->syn_frame;
	back->is_cut = stream->is_cut && stream->is_asked &&
		       stream->largest < stream->mss + header_bytes(path);
}

/* The size of what is missing, if the server had time to send it again. */
static uint32_t missing_bytes(
	const struct path *path, const struct path_stream *stream)
{
	uint32_t gap = stream->beyond.start - stream->next;
	int64_t rtt_ns = path->totals.rtt_ns;

	if (!stream->is_open || stream->beyond_frame == 0 ||
		stream->port == path->roles.run_port || rtt_ns == INT64_MAX ||
		stream->said_ns - stream->beyond_ns <
			rtt_ns + path->rules->missing_after_ns)
		return 0;
	return (gap < stream->mss ? gap : stream->mss) + header_bytes(path);
}

static struct back find_back(const struct path *path)
{
	struct back back = {0};

	for (unsigned i = 0; i < path->stream_count; i++)
		take_arrived(&back, path, i);
	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];
		uint32_t size = missing_bytes(path, stream);

		if (size == 0)
			continue;
		if (size <= back.passed) {
			if (back.contrary++ == 0 || size < back.contrary_bytes)
				back.contrary_bytes = size;
			continue;
		}
		back.misses++;
		if (back.failed && back.failed <= size)
			continue;
		back.failed = size;
		back.failed_frame = stream->beyond_frame;
		back.failed_against = stream->syn_frame;
	}
	return back;
}

static struct finding *add(
	struct path *path, enum finding_kind kind, uint32_t mtu)
{
	struct finding *finding = path_add(path, kind);

	if (!finding)
		return NULL;
	finding->direction = PATH_REVERSE;
	finding->mtu = mtu;
	return finding;
}

static void add_segment(const struct path *path, struct finding *finding,
	const struct back *back)
{
	uint32_t full = path->comment.interface_mtu;
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	mtu_bound_number(found, back->passed);
	mtu_bound_number(expected, full);
	path_evidence(finding, "servers-segment-arrives",
		back->passed >= full ? TRUTH_YES : TRUTH_NO, back->passed_frame,
		back->passed_against, found, expected);
}

/* An echo can't say more than what gets there. */
static void add_echo(const struct path *path, struct finding *finding,
	const struct mtu_bound *echo, const struct mtu_bound *forward)
{
	const struct tally *sizes = path->tallies[METHOD_ECHO];
	char found[FOUND_BYTES], expected[FOUND_BYTES];
	bool is_alike = echo->passed == finding->mtu;

	if (echo->passed == 0 || (echo->passed < finding->mtu &&
					 echo->passed >= forward->passed))
		return;
	mtu_bound_number(found, echo->passed);
	mtu_bound_number(expected, finding->mtu);
	path_evidence(finding, "icmp-echo-agrees",
		is_alike ? TRUTH_YES : TRUTH_NO,
		sizes[echo->passed].arrived_frame,
		sizes[echo->passed].asked_frame, found, expected);
}

/* Connections that contradict each other more often than by loss take ways of
 * different sizes. */
static void weigh_contrary(struct finding *finding, const struct back *back,
	const struct mtu_bound *forward, enum grade most)
{
	if (back->contrary == 0 || mtu_bound_grade(mtu_bound_chance(forward,
					   back->contrary)) == GRADE_POSSIBLE)
		return;
	finding->grade = mtu_bound_lesser(finding->grade, most);
	(void)snprintf(finding->other, sizeof(finding->other),
		"several ways back of different sizes: on %u connection%s "
		"packets of %u bytes vanished",
		back->contrary, back->contrary == 1 ? "" : "s",
		back->contrary_bytes);
}

static void judge_missing(struct path *path, const struct back *back,
	const struct mtu_bound *echo, const struct mtu_bound *forward)
{
	/* Sizes of segments may lie far apart: echo knows one between. */
	uint32_t passed =
		echo->passed > back->passed && echo->passed < back->failed
			? echo->passed
			: back->passed;
	struct finding *finding = add(path, FINDING_BLACK_HOLE, passed);
	bool is_exact = back->failed == back->passed + 1;
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->grade =
		mtu_bound_grade(mtu_bound_chance(forward, back->misses));
	if (!is_exact)
		finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	mtu_bound_number(found, back->failed);
	mtu_bound_number(expected, passed + 1);
	path_evidence(finding, "next-size-fails",
		is_exact ? TRUTH_YES : TRUTH_NO, back->failed_frame,
		back->passed_frame, found, expected);
	(void)snprintf(found, sizeof(found), "on %u connection%s", back->misses,
		back->misses == 1 ? "" : "s");
	path_evidence(finding, "only-the-rest-arrives", TRUTH_YES,
		back->failed_frame, back->failed_against, found,
		"on each that offers more");
	mtu_bound_number(found, back->passed);
	path_evidence(finding, "smaller-segment-arrives", TRUTH_YES,
		back->passed_frame, back->passed_against, found, found);
	add_echo(path, finding, echo, forward);
	if (echo->passed >= back->failed) {
		finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
		(void)snprintf(finding->other, sizeof(finding->other),
			"a device that drops large TCP segments, and passes "
			"other packets of that size");
	}
	weigh_contrary(finding, back, forward, GRADE_POSSIBLE);
	mtu_bound_advise(finding, path);
}

/* Echo that came back in pieces: the first is the largest multiple of eight
 * bytes, behind its headers, that the way back takes. */
struct pieces {
	uint32_t bytes, most; /* the way back takes from, up to; 0: none came */
	uint32_t least;	      /* question that was answered so */
	uint64_t frame, against;
};

static struct pieces find_pieces(const struct path *path)
{
	enum { UNIT = 8 };
	struct pieces pieces = {.least = UINT32_MAX};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];

		if (path_method_of(sent_probe) != METHOD_ECHO ||
			!reply->is_arrived_in_pieces || path->is_echo_elsewhere)
			continue;
		if (sent_probe->ip_bytes < pieces.least)
			pieces.least = sent_probe->ip_bytes;
		if (reply->arrived_bytes <= pieces.bytes)
			continue;
		pieces.bytes = reply->arrived_bytes;
		pieces.most = pieces.bytes + UNIT - 1;
		pieces.frame = reply->arrived;
		pieces.against = sent_probe->frame;
	}
	return pieces;
}

static void judge_pieces(struct path *path, const struct back *back,
	const struct mtu_bound *echo, const struct pieces *pieces)
{
	uint32_t mtu = pieces->bytes;
	char found[FOUND_BYTES];

	if (back->passed > mtu)
		mtu = back->passed;
	if (echo->passed > mtu)
		mtu = echo->passed;
	struct finding *finding = add(path, FINDING_PATH_MTU, mtu);

	if (!finding)
		return;
	bool is_exact = mtu + 1 == pieces->least || mtu == pieces->most ||
			(back->is_cut && mtu == back->passed);
	finding->grade = is_exact ? GRADE_CERTAIN : GRADE_LIKELY;
	if (!is_exact)
		(void)snprintf(finding->other, sizeof(finding->other),
			"up to %u bytes: pieces end at multiples of eight",
			pieces->most);
	(void)snprintf(
		found, sizeof(found), "the first of %u bytes", pieces->bytes);
	path_evidence(finding, "echo-returns-in-pieces", TRUTH_YES,
		pieces->frame, pieces->against, found, found);
	if (back->streams)
		add_segment(path, finding, back);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Nothing, as long as the target hears \"too big\" messages.");
}

static void judge_echo_full(struct path *path, const struct back *back,
	const struct mtu_bound *echo, const struct mtu_bound *forward)
{
	struct finding *finding = add(path, FINDING_PATH_MTU, echo->passed);
	const struct tally *sizes = path->tallies[METHOD_ECHO];
	char found[FOUND_BYTES];

	if (!finding)
		return;
	finding->grade = GRADE_CERTAIN;
	mtu_bound_number(found, echo->passed);
	path_evidence(finding, "echo-of-interface-mtu-returns", TRUTH_YES,
		sizes[echo->passed].arrived_frame,
		sizes[echo->passed].asked_frame, found, found);
	if (back->streams)
		add_segment(path, finding, back);
	weigh_contrary(finding, back, forward, GRADE_LIKELY);
}

static void judge_segment_full(struct path *path, const struct back *back,
	const struct mtu_bound *echo, const struct mtu_bound *forward)
{
	struct finding *finding = add(path, FINDING_PATH_MTU, back->passed);

	if (!finding)
		return;
	finding->grade = GRADE_CERTAIN;
	add_segment(path, finding, back);
	add_echo(path, finding, echo, forward);
	weigh_contrary(finding, back, forward, GRADE_LIKELY);
}

static bool is_echo_lost(const struct path *path, const struct mtu_bound *echo,
	const struct mtu_bound *forward)
{
	return echo->passed && forward->method == METHOD_TCP &&
	       echo->passed < forward->passed &&
	       path->tallies[METHOD_ECHO][forward->passed].sent_probe &&
	       !path->tallies[METHOD_ECHO][forward->passed].refused &&
	       echo->failed && echo->failed <= forward->passed;
}

static void judge_echo_lost(struct path *path, const struct mtu_bound *echo,
	const struct mtu_bound *forward)
{
	struct finding *finding = add(path, FINDING_BLACK_HOLE, echo->passed);
	const struct tally *sizes = path->tallies[METHOD_ECHO];
	char found[FOUND_BYTES];

	if (!finding)
		return;
	finding->grade = GRADE_POSSIBLE;
	(void)snprintf(finding->other, sizeof(finding->other),
		"the target, or a firewall, limits the size of ICMP echo: the "
		"server said too little to tell");
	mtu_bound_add_exactness(finding, path, echo);
	mtu_bound_number(found, forward->passed);
	path_evidence(finding, "way-there-passes", TRUTH_YES,
		path->tallies[METHOD_TCP][forward->passed].arrived_frame, 0,
		found, found);
	(void)snprintf(found, sizeof(found), "0 of %u returned",
		sizes[forward->passed].sent_probe);
	path_evidence(finding, "echo-of-that-size-returns", TRUTH_NO,
		sizes[forward->passed].asked_frame, 0, found, "returned");
	mtu_bound_advise(finding, path);
}

/* The server makes its segments smaller than was offered. */
static void judge_cut(struct path *path, const struct back *back,
	const struct mtu_bound *forward)
{
	struct finding *finding = add(path, FINDING_PATH_MTU, back->passed);

	if (!finding)
		return;
	finding->grade =
		back->passed == forward->passed ? GRADE_LIKELY : GRADE_POSSIBLE;
	(void)snprintf(finding->other, sizeof(finding->other),
		"an MSS changed on the way, or a limit of the server's own");
	add_segment(path, finding, back);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Nothing: the server keeps to it.");
}

static void judge_too_little(struct path *path, const struct back *back)
{
	struct finding *finding = add(path, FINDING_PATH_MTU, 0);

	if (!finding)
		return;
	add_segment(path, finding, back);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"The server said too little: packets of %u bytes come back, "
		"larger ones were not sent. Probe a port that says more, as "
		"-p 443 or -p 80.",
		back->passed);
}

/* Whether loss may be all that is behind missing segments: echo of their size
 * comes back. */
static bool is_loss(const struct back *back, const struct mtu_bound *echo,
	const struct mtu_bound *forward)
{
	enum grade grade =
		mtu_bound_grade(mtu_bound_chance(forward, back->misses));

	return echo->passed >= back->failed && grade != GRADE_CERTAIN &&
	       grade != GRADE_LIKELY;
}

void path_judge_reverse(struct path *path, const struct mtu_bound *forward)
{
	struct mtu_bound echo = mtu_bound_back(path);
	struct back back = find_back(path);
	struct pieces pieces = find_pieces(path);

	if (back.failed && back.passed && !is_loss(&back, &echo, forward))
		judge_missing(path, &back, &echo, forward);
	else if (pieces.bytes && back.passed <= pieces.most &&
		 echo.passed <= pieces.most)
		judge_pieces(path, &back, &echo, &pieces);
	else if (echo.passed >= path->comment.interface_mtu)
		judge_echo_full(path, &back, &echo, forward);
	else if (back.passed >= path->comment.interface_mtu)
		judge_segment_full(path, &back, &echo, forward);
	else if (is_echo_lost(path, &echo, forward) &&
		 back.passed <= echo.passed)
		judge_echo_lost(path, &echo, forward);
	else if (back.is_cut)
		judge_cut(path, &back, forward);
	else if (back.passed && back.is_asked)
		judge_too_little(path, &back);
}
