/* Where fragments vanish, and which: how far first pieces got, how far later
 * ones, by the routers that report them as expired and by the target, which
 * says that it can't use what it has.
 *
 * In IPv4 no router reports later pieces (RFC 1812, 4.3.2.7). There a device
 * that puts fragments together swallows first pieces whose others were dropped
 * before it, and looks like the dropper; in IPv6 it is told apart. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/path/mtu_bound.h"

enum { LEAST_CONTROLS = 2 };

/* What a hop reported of both pieces of a packet. */
struct hop_pieces {
	unsigned tries;
	unsigned controls; /* whole ones beside them that it reported */
	/* later pieces that it did not report, though it could have: it
	 * reported the first one that came next */
	unsigned passed_over;
	uint64_t first_frame, later_frame;
};

/* How far one kind of piece got. */
struct reach {
	unsigned after;	 /* the last that has it; the target's distance */
	unsigned before; /* the next that has not, by what it reports else; the
			    target, where no router is known not to; 0: none */
	unsigned silences; /* of `before`, a router */
	uint64_t frame;	   /* that says so; 0: nobody reported any */
};

struct pieces {
	struct hop_pieces hops[HOP_LIMIT_WHOLE_WAY + 1];
	struct hop_pieces target;
	unsigned last; /* router */
	double share;  /* of round trips that are lost */
	struct reach first, later;
	int64_t first_ns, incomplete_ns; /* sent, and reported by the target */
	int64_t sent_ns, control_ns; /* the last to the target; the last whole
					one that was answered, as sent */
	uint64_t control_frame;
};

/* Whether what follows this row is the first piece of the same packet. */
static const struct reply *partner(const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];

	if (row + 1 >= path->table.count)
		return NULL;
	const struct sent_probe *next = sent_probe + 1;
	return next->is_fragment && !next->is_later &&
			       next->ip_id == sent_probe->ip_id &&
			       next->ttl == sent_probe->ttl
		       ? &path->replies[row + 1]
		       : NULL;
}

static void take_first(struct hop_pieces *hop, uint64_t frame)
{
	hop->tries++;
	if (frame && !hop->first_frame)
		hop->first_frame = frame;
}

static void take_later(struct hop_pieces *hop, uint64_t frame, bool is_next)
{
	hop->passed_over += !frame && is_next;
	if (frame && !hop->later_frame)
		hop->later_frame = frame;
}

static void take_at_hop(
	struct pieces *pieces, const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	const struct reply *reply = &path->replies[row];
	struct hop_pieces *hop = &pieces->hops[sent_probe->ttl];
	enum echo_kind kind = probe_echo_kind_of(sent_probe);

	if (kind == ECHO_CONTROL)
		hop->controls += reply->expired != 0;
	if (sent_probe->is_fragment && sent_probe->is_later) {
		const struct reply *next = partner(path, row);

		take_later(hop, reply->expired, next && next->expired);
	} else if (sent_probe->is_fragment && kind == ECHO_PAIR) {
		take_first(hop, reply->expired);
		if (reply->is_expired_joined)
			take_later(hop, reply->expired, false);
	}
}

static void take_at_target(
	struct pieces *pieces, const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	const struct reply *reply = &path->replies[row];

	if (!sent_probe->is_fragment) {
		if (probe_echo_kind_of(sent_probe) == ECHO_WHOLE &&
			reply->arrived) {
			pieces->control_ns = sent_probe->time_ns;
			pieces->control_frame = reply->arrived;
		}
		return;
	}
	if (sent_probe->is_later) {
		const struct reply *next = partner(path, row);

		take_later(&pieces->target, reply->incomplete,
			next && next->incomplete);
		return;
	}
	if (reply->incomplete && !pieces->target.first_frame) {
		pieces->first_ns = sent_probe->time_ns;
		pieces->incomplete_ns = reply->incomplete_ns;
	}
	pieces->sent_ns = sent_probe->time_ns;
	take_first(&pieces->target, reply->incomplete);
}

/* How often a hop reported nothing of a kind, and could have; 0: not often
 * enough to count. */
static unsigned silences(const struct path *path, const struct pieces *pieces,
	unsigned ttl, bool is_later)
{
	const struct hop_pieces *hop = &pieces->hops[ttl];

	if (ttl > path->hop_count || !path->hops[ttl - 1].has_address ||
		hop->tries < path->rules->fragment_least_tries)
		return 0;
	if (hop->controls >= LEAST_CONTROLS)
		return hop->tries;
	return is_later && hop->passed_over >= LEAST_CONTROLS ? hop->passed_over
							      : 0;
}

static struct reach find_reach(
	const struct path *path, const struct pieces *pieces, bool is_later)
{
	struct reach reach = {.before = path->distance};

	for (unsigned ttl = 1; ttl <= pieces->last; ttl++) {
		const struct hop_pieces *hop = &pieces->hops[ttl];
		uint64_t frame = is_later ? hop->later_frame : hop->first_frame;

		if (frame)
			reach = (struct reach){ttl, path->distance, 0, frame};
	}
	uint64_t target = is_later ? pieces->target.later_frame
				   : pieces->target.first_frame;
	if (target)
		return (struct reach){path->distance, 0, 0, target};
	for (unsigned ttl = reach.after + 1; ttl <= pieces->last; ttl++)
		if ((reach.silences = silences(path, pieces, ttl, is_later)) >
			0) {
			reach.before = ttl;
			break;
		}
	return reach;
}

static void gather(const struct path *path, struct pieces *pieces)
{
	pieces->last = path->distance ? path->distance - 1 : path->hop_count;
	pieces->sent_ns = pieces->control_ns = INT64_MIN;
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];

		if (sent_probe->ttl <= pieces->last &&
			sent_probe->ttl <= HOP_LIMIT_WHOLE_WAY)
			take_at_hop(pieces, path, row);
		else if (path_is_whole_way(path, sent_probe))
			take_at_target(pieces, path, row);
	}
	pieces->first = find_reach(path, pieces, false);
	pieces->later = find_reach(path, pieces, true);
}

static void place(
	struct finding *finding, unsigned after, const struct reach *end)
{
	finding->after_hop = (int)after;
	finding->before_hop = (int)end->before;
}

static void doubt(struct finding *finding, enum grade grade, const char *other)
{
	finding->grade = mtu_bound_lesser(finding->grade, grade);
	(void)snprintf(finding->other, sizeof(finding->other), "%s", other);
}

static void add_reach(const struct path *path, struct finding *finding,
	const char *fact, const struct reach *reach)
{
	char found[FOUND_BYTES];

	if (path->distance && reach->after == path->distance)
		(void)snprintf(found, sizeof(found), "the target");
	else if (reach->after)
		(void)snprintf(found, sizeof(found), "hop %u", reach->after);
	else
		(void)snprintf(found, sizeof(found), "no hop");
	path_evidence(finding, fact,
		path->distance && reach->after == path->distance ? TRUTH_YES
								 : TRUTH_NO,
		reach->frame, 0, found, "the target");
}

/* Whether so many silences may well be loss. */
static bool is_loss(const struct pieces *pieces, unsigned silences)
{
	return mtu_bound_grade(pow(pieces->share, silences)) == GRADE_POSSIBLE;
}

/* IPv4: what the target said, or that it said nothing for as long as it takes
 * Linux to say it. */
static bool add_listening(const struct path *path, struct finding *finding,
	const struct pieces *pieces)
{
	int64_t waited_ns =
		pieces->target.first_frame
			? path_elapsed_ns(
				  pieces->first_ns, pieces->incomplete_ns)
			: path_elapsed_ns(pieces->sent_ns, pieces->control_ns);
	char found[FOUND_BYTES];

	if (pieces->target.first_frame) {
		(void)snprintf(found, sizeof(found), "after %.0f s",
			(double)waited_ns / 1e9);
		path_evidence(finding, "target-misses-later-fragments",
			TRUTH_YES, pieces->target.first_frame, 0, found, found);
		return true;
	}
	if (waited_ns < path->rules->reassembly_least_ns)
		return false;
	(void)snprintf(found, sizeof(found), "nothing in %.0f s",
		(double)waited_ns / 1e9);
	path_evidence(finding, "target-misses-later-fragments", TRUTH_NO,
		pieces->control_frame, 0, found, "said after 30 s");
	return true;
}

/* First pieces reach the target. */
static const char *judge_later(const struct path *path, struct finding *finding,
	const struct pieces *pieces)
{
	const struct reach *later = &pieces->later;

	if (later->before == 0) {
		doubt(finding, GRADE_LIKELY,
			"a device on the way that passes only what is "
			"malformed");
		return NULL;
	}
	if (path->comment.family == 6 &&
		(pieces->target.passed_over < LEAST_CONTROLS ||
			is_loss(pieces, pieces->target.passed_over))) {
		doubt(finding, GRADE_POSSIBLE,
			"the target did not report each piece that it got");
		return NULL;
	}
	if (later->frame == 0) {
		doubt(finding, GRADE_LIKELY, "the target drops them itself");
		return "later";
	}
	place(finding, later->after, later);
	doubt(finding, GRADE_LIKELY,
		later->before == path->distance
			? "the target drops them itself"
			: "the hops behind report no later pieces, and they "
			  "are dropped farther on");
	return "later";
}

/* First pieces do not; of later ones nothing is known. */
static void judge_first_alone(const struct path *path, struct finding *finding,
	const struct pieces *pieces, bool is_listened)
{
	const struct reach *first = &pieces->first;
	char other[sizeof(finding->other)];

	if (first->before == path->distance && path->comment.family == 4 &&
		!is_listened) {
		doubt(finding, GRADE_LIKELY,
			"the target drops them itself, or later pieces alone "
			"are dropped");
		return;
	}
	place(finding, first->after, first);
	if (first->before == path->distance)
		doubt(finding,
			path->comment.family == 4 ? GRADE_LIKELY
						  : GRADE_POSSIBLE,
			"later pieces alone are dropped, anywhere, and the "
			"target does not say that it misses them");
	else if (first->before > 1) {
		(void)snprintf(other, sizeof(other),
			"later pieces are dropped before, and a device at hop "
			"%u waits for them to put the packet together",
			first->before);
		doubt(finding, GRADE_LIKELY, other);
	}
}

static const char *judge_both(const struct path *path, struct finding *finding,
	const struct pieces *pieces)
{
	const struct reach *first = &pieces->first, *later = &pieces->later;

	if (later->after < first->after) {
		place(finding, later->after, first);
		doubt(finding, GRADE_POSSIBLE,
			"not all hops report later pieces; or these are "
			"dropped before first ones are");
		return NULL;
	}
	place(finding, first->after, first);
	if (first->before == path->distance)
		doubt(finding, GRADE_LIKELY, "the target drops them itself");
	return later->after > first->after ? "first" : NULL;
}

static const char *judge(const struct path *path, struct finding *finding,
	const struct pieces *pieces)
{
	bool is_listened = path->comment.family == 4 &&
			   add_listening(path, finding, pieces);

	if (pieces->first.before == 0)
		return judge_later(path, finding, pieces);
	/* In IPv4 only who put both together has reported a later one. */
	if (path->comment.family == 6
			? pieces->later.frame != 0
			: pieces->later.after > pieces->first.after)
		return judge_both(path, finding, pieces);
	judge_first_alone(path, finding, pieces, is_listened);
	return NULL;
}

const char *path_fragment_place(
	const struct path *path, struct finding *finding, double share)
{
	struct pieces pieces = {.share = share};

	gather(path, &pieces);
	if (path->distance == 0) {
		doubt(finding, GRADE_LIKELY, "the target drops them itself");
		return NULL;
	}
	add_reach(path, finding, "first-fragments-reach", &pieces.first);
	if (pieces.later.frame)
		add_reach(
			path, finding, "later-fragments-reach", &pieces.later);
	const char *kind = judge(path, finding, &pieces);
	const struct reach *end = kind && strcmp(kind, "later") == 0
					  ? &pieces.later
					  : &pieces.first;
	if (end->silences == 0 || !is_loss(&pieces, end->silences))
		return kind;
	doubt(finding, GRADE_POSSIBLE,
		"a hop farther on: what it said of pieces was lost");
	return NULL;
}
