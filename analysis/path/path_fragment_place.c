/* In IPv4 no router reports later fragments (RFC 1812, 4.3.2.7). There a
 * device that reassembles fragments holds first ones whose later ones were
 * dropped before it, and looks like the device that drops them; in IPv6 the
 * two are distinguished. */
#include "analysis/path/path_fragment_place.h"

#include <math.h>

/* What a hop reported of both fragments of a packet. */
struct fragment_pair {
	unsigned tries;
	unsigned controls; /* whole ones beside them that it reported */
	/* later ones that it did not report, though it could have: it reported
	 * the first one that came next */
	unsigned passed_over;
	uint64_t first_frame, later_frame;
};

/* How far first fragments got, or later ones. */
struct reach {
	unsigned after;	 /* the last that has it; the target's distance */
	unsigned before; /* the next that has not, by what it reports else; the
			    target, where no router is known not to; 0: none */
	unsigned silences; /* of `before`, a router */
	uint64_t frame;	   /* that says so; 0: nobody reported any */
};

struct fragment_pairs {
	struct fragment_pair hops[HOP_LIMIT_WHOLE_WAY + 1];
	struct fragment_pair target;
	unsigned last; /* router */
	struct reach first, later;
	int64_t first_ns, incomplete_ns; /* sent, and reported by the target */
	int64_t sent_ns, control_ns; /* the last to the target; the last whole
					one that was answered, as sent */
	uint64_t control_frame;
};

/* The row after this one, if that is the first fragment of the same packet;
 * UINT32_MAX. */
static uint32_t partner(const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	const struct sent_probe *next = sent_probe + 1;

	return row + 1 < path->table.count && next->is_fragment &&
			       !next->is_later &&
			       next->ip_id == sent_probe->ip_id &&
			       next->ttl == sent_probe->ttl
		       ? row + 1
		       : UINT32_MAX;
}

static void take_first(struct fragment_pair *pair, uint64_t frame)
{
	pair->tries++;
	if (frame && !pair->first_frame)
		pair->first_frame = frame;
}

static void take_later(
	struct fragment_pair *pair, uint64_t frame, bool is_next_reported)
{
	pair->passed_over += !frame && is_next_reported;
	if (frame && !pair->later_frame)
		pair->later_frame = frame;
}

static void take_at_hop(
	struct fragment_pairs *pairs, const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct fragment_pair *pair = &pairs->hops[sent_probe->ttl];
	enum echo_kind kind = probe_echo_kind_of(sent_probe);
	uint64_t expired = path_record_expired(path, row);

	if (kind == ECHO_CONTROL)
		pair->controls += expired != 0;
	if (sent_probe->is_fragment && sent_probe->is_later) {
		uint32_t next = partner(path, row);

		take_later(pair, expired,
			next != UINT32_MAX && path_record_expired(path, next));
	} else if (sent_probe->is_fragment && kind == ECHO_PAIR) {
		take_first(pair, expired);
		if (path->replies[row].is_expired_joined)
			take_later(pair, expired, false);
	}
}

static void take_at_target(
	struct fragment_pairs *pairs, const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	const struct reply *reply = &path->replies[row];

	if (!sent_probe->is_fragment) {
		if (probe_echo_kind_of(sent_probe) == ECHO_WHOLE &&
			reply->arrived) {
			pairs->control_ns = sent_probe->time_ns;
			pairs->control_frame = reply->arrived;
		}
		return;
	}
	if (sent_probe->is_later) {
		uint32_t next = partner(path, row);

		take_later(&pairs->target, reply->incomplete,
			next != UINT32_MAX && path->replies[next].incomplete);
		return;
	}
	if (reply->incomplete && !pairs->target.first_frame) {
		pairs->first_ns = sent_probe->time_ns;
		pairs->incomplete_ns = reply->incomplete_ns;
	}
	pairs->sent_ns = sent_probe->time_ns;
	take_first(&pairs->target, reply->incomplete);
}

/* How often a hop reported nothing of a kind, and could have; 0: not often
 * enough to count. */
static unsigned silences(const struct path *path,
	const struct fragment_pairs *pairs, unsigned ttl, bool is_later)
{
	const struct fragment_pair *pair = &pairs->hops[ttl];
	double controls = path->thresholds[PATH_FRAGMENT_CONTROLS];

	if (ttl > path->hop_count || !path->hops[ttl - 1].has_address ||
		pair->tries < path->rules->fragment_least_tries)
		return 0;
	if (pair->controls >= controls)
		return pair->tries;
	return is_later && pair->passed_over >= controls ? pair->passed_over
							 : 0;
}

static struct reach find_reach(const struct path *path,
	const struct fragment_pairs *pairs, bool is_later)
{
	struct reach reach = {.before = path->distance};

	for (unsigned ttl = 1; ttl <= pairs->last; ttl++) {
		const struct fragment_pair *pair = &pairs->hops[ttl];
		uint64_t frame =
			is_later ? pair->later_frame : pair->first_frame;

		if (frame)
			reach = (struct reach){ttl, path->distance, 0, frame};
	}
	uint64_t target = is_later ? pairs->target.later_frame
				   : pairs->target.first_frame;
	if (target)
		return (struct reach){path->distance, 0, 0, target};
	for (unsigned ttl = reach.after + 1; ttl <= pairs->last; ttl++)
		if ((reach.silences = silences(path, pairs, ttl, is_later)) >
			0) {
			reach.before = ttl;
			break;
		}
	return reach;
}

static void gather(struct fragment_pairs *pairs, const struct path *path)
{
	pairs->last = path->distance - 1;
	pairs->sent_ns = pairs->control_ns = INT64_MIN;
	for (uint32_t row = 0; row < path->table.count; row++) {
		if (path->table.sent_probe[row].ttl <= pairs->last)
			take_at_hop(pairs, path, row);
		else
			take_at_target(pairs, path, row);
	}
	pairs->first = find_reach(path, pairs, false);
	pairs->later = find_reach(path, pairs, true);
}

static void set_reach(const struct path *path, struct path_facts *facts,
	enum path_fact fact, const struct reach *reach)
{
	bool is_target = reach->after == path->distance;

	path_fact_set(facts, fact, is_target);
	path_fact_frames(facts, fact, reach->frame, 0);
	path_fact_expected(facts, fact, "the target");
	if (is_target)
		path_fact_found(facts, fact, "the target");
	else if (reach->after)
		path_fact_found(facts, fact, "hop %u", reach->after);
	else
		path_fact_found(facts, fact, "no hop");
}

/* IPv4: the target's reassembly time exceeded, or its absence beyond Linux's
 * reassembly timeout. */
static void set_listening(const struct path *path, struct path_facts *facts,
	const struct fragment_pairs *pairs)
{
	const enum path_fact fact = PATH_FACT_TARGET_MISSES_LATER_FRAGMENTS;
	uint64_t frame = pairs->target.first_frame;
	int64_t waited_ns = frame ? path_record_elapsed_ns(pairs->first_ns,
					    pairs->incomplete_ns)
				  : path_record_elapsed_ns(
					    pairs->sent_ns, pairs->control_ns);

	if (!frame && waited_ns < path->rules->reassembly_least_ns)
		return;
	path_fact_set(facts, fact, frame != 0);
	path_fact_frames(facts, fact, frame ? frame : pairs->control_frame, 0);
	if (frame) {
		path_fact_as_expected(
			facts, fact, "after %.0f s", (double)waited_ns / 1e9);
		return;
	}
	path_fact_found(
		facts, fact, "no error in %.0f s", (double)waited_ns / 1e9);
	path_fact_expected(facts, fact, "sent after 30 s");
}

static void set_ends(const struct path *path, struct path_case *one,
	const struct fragment_pairs *pairs, double loss_share)
{
	const struct reach *first = &pairs->first, *later = &pairs->later;
	struct path_facts *facts = &one->facts;
	double likely = path->thresholds[PATH_LIKELY_CHANCE];

	path_fact_set(facts, PATH_FACT_FIRST_FRAGMENTS_VANISH_LAST,
		first->before == path->distance);
	path_fact_set(facts, PATH_FACT_FIRST_FRAGMENTS_PASS_A_ROUTER,
		first->before > 1);
	path_fact_set(facts, PATH_FACT_FIRST_FRAGMENTS_SILENCE_MAY_BE_LOSS,
		first->silences && pow(loss_share, first->silences) >= likely);
	path_fact_set(facts, PATH_FACT_LATER_FRAGMENTS_VANISH_LAST,
		later->before == path->distance);
	path_fact_set(facts, PATH_FACT_LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS,
		later->silences && pow(loss_share, later->silences) >= likely);
	path_fact_set(facts, PATH_FACT_LATER_FRAGMENTS_GET_AS_FAR,
		later->after >= first->after);
	path_fact_set(facts, PATH_FACT_LATER_FRAGMENTS_GET_FARTHER,
		later->after > first->after);
	path_case_word(&one->words, PATH_WORD_HOP, "%u", first->before);
	one->figures.link =
		(struct path_stretch){(int)first->after, (int)first->before};
	one->figures.later_link =
		(struct path_stretch){(int)later->after, (int)later->before};
}

void path_fragment_place_set(
	const struct path *path, struct path_case *one, double loss_share)
{
	struct fragment_pairs pairs = {.last = 0};
	struct path_facts *facts = &one->facts;
	unsigned passed_over;

	path_fact_set(facts, PATH_FACT_DISTANCE_KNOWN, path->distance != 0);
	if (path->distance == 0)
		return;
	gather(&pairs, path);
	set_reach(path, facts, PATH_FACT_FIRST_FRAGMENTS_REACH, &pairs.first);
	if (pairs.later.frame)
		set_reach(path, facts, PATH_FACT_LATER_FRAGMENTS_REACH,
			&pairs.later);
	if (path->comment.family == 4)
		set_listening(path, facts, &pairs);
	/* In IPv4 only who put both together has reported a later one. */
	path_fact_set(facts, PATH_FACT_LATER_FRAGMENTS_DISTINGUISHED,
		path->comment.family == 6
			? pairs.later.frame != 0
			: pairs.later.after > pairs.first.after);
	passed_over = pairs.target.passed_over;
	path_fact_set(facts, PATH_FACT_TARGET_REPORTS_EACH_FRAGMENT,
		path->comment.family == 4 ||
			(passed_over >= path->thresholds
						[PATH_FRAGMENT_CONTROLS] &&
				pow(loss_share, passed_over) <
					path->thresholds[PATH_LIKELY_CHANCE]));
	set_ends(path, one, &pairs, loss_share);
}
