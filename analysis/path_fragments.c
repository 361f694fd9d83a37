/* Fragments that do not arrive: the same echo request is answered whole and
 * not in pieces, repeatedly. Routers report only first fragments as expired, so
 * the place is known only where those vanish as well. */
#include "analysis/path_state.h"

#include <stdio.h>

#include "capture/echo_kind.h"

enum { LEAST_TRIES = 3, SURE_TRIES = 4 };

struct count {
	uint64_t asked_frame, arrived_frame; /* the first of each */
	unsigned asked, arrived, refused;
	bool is_arrived_in_pieces;
};

static enum echo_kind kind_of_row(const struct asked *asked)
{
	if (asked->protocol != PROTOCOL_ICMP &&
		asked->protocol != PROTOCOL_ICMP6)
		return ECHO_KIND_COUNT;
	return echo_kind_of(asked->target_port);
}

static void count_kinds(const struct path *path, struct count *counts)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		const struct reply *reply = &path->replies[row];
		enum echo_kind kind = kind_of_row(asked);

		if (kind == ECHO_KIND_COUNT ||
			asked->is_fragment !=
				(kind != ECHO_WHOLE && kind != ECHO_FULL))
			continue;
		struct count *count = &counts[kind];

		if (count->asked++ == 0)
			count->asked_frame = asked->frame;
		count->refused += reply->refused != 0;
		if (!reply->arrived)
			continue;
		if (count->arrived++ == 0)
			count->arrived_frame = reply->arrived;
		count->is_arrived_in_pieces = reply->is_arrived_in_pieces;
	}
}

static void find_place(const struct path *path, struct finding *finding)
{
	unsigned asked_times[PATH_TTL_MOST + 1] = {0};
	unsigned last = path->distance ? path->distance - 1 : path->hop_count;
	unsigned after = 0;
	uint64_t after_frame = 0;
	char found[FOUND_BYTES];

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];

		if (kind_of_row(asked) != ECHO_PAIR || asked->ttl > last ||
			asked->ttl > PATH_TTL_MOST)
			continue;
		asked_times[asked->ttl]++;
		if (path->replies[row].expired && asked->ttl > after) {
			after = asked->ttl;
			after_frame = path->replies[row].expired;
		}
	}
	for (unsigned ttl = after + 1; ttl <= last && ttl <= path->hop_count;
		ttl++)
		if (asked_times[ttl] >= LEAST_TRIES &&
			path->hops[ttl - 1].has_address) {
			finding->after_hop = (int)after;
			finding->before_hop = (int)ttl;
			(void)snprintf(found, sizeof(found), "hop %u", after);
			path_evidence(finding, "hop-answers-first-fragment",
				after ? TRUTH_YES : TRUTH_NO, after_frame, 0,
				found, "all hops");
			return;
		}
}

static void add(struct path *path, const char *what,
	enum path_direction direction, const struct count *failed,
	const struct count *control)
{
	struct finding *finding = path_add(path, FINDING_FRAGMENTS_DROPPED);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = direction;
	finding->what = what;
	finding->grade = failed->asked >= SURE_TRIES &&
			direction == PATH_FORWARD
		? GRADE_CERTAIN
		: GRADE_LIKELY;
	(void)snprintf(
		found, sizeof(found), "0 of %u answered", failed->asked);
	(void)snprintf(expected, sizeof(expected), "%u of %u answered",
		control->arrived, control->asked);
	path_evidence(finding, "fragments-answered", TRUTH_NO,
		failed->asked_frame, control->arrived_frame, found, expected);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Keep UDP services, IPsec and DNS answers below the path MTU, "
		"or let fragments pass at the firewall there.");
	if (direction == PATH_FORWARD)
		find_place(path, finding);
	if (direction == PATH_REVERSE)
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target does not answer echo of that size");
	else if (finding->before_hop == HOP_NOT_KNOWN)
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target drops them itself");
}

/* Whole packets of the interface's MTU have no answer and smaller ones do: a
 * matter of size, which this experiment can't take apart. */
static void add_size_limit(struct path *path, const struct count *full,
	const struct count *whole)
{
	struct finding *finding = path_add(path, FINDING_BLACK_HOLE);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	(void)snprintf(found, sizeof(found), "0 of %u answered", full->asked);
	(void)snprintf(expected, sizeof(expected), "%u of %u answered",
		whole->arrived, whole->asked);
	path_evidence(finding, "full-size-answered", TRUTH_NO,
		full->asked_frame, whole->arrived_frame, found, expected);
	(void)snprintf(finding->other, sizeof(finding->other),
		"a firewall that limits the size of ICMP echo");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"To learn the size, the link and the direction: culprit probe "
		"--only mtu.");
}

static bool is_dropped(const struct count *count)
{
	return count->asked >= LEAST_TRIES && count->arrived == 0;
}

void path_judge_fragments(struct path *path)
{
	struct count counts[ECHO_KIND_COUNT] = {0};
	const struct count *whole = &counts[ECHO_WHOLE];
	const struct count *back = &counts[ECHO_LONG];

	if (!path_comment_has(&path->comment, "fragments"))
		return;
	count_kinds(path, counts);
	if (whole->arrived == 0)
		return;
	path->is_fragments_settled = true;
	if (is_dropped(&counts[ECHO_FULL]) && !counts[ECHO_FULL].refused &&
		!path_comment_has(&path->comment, "mtu"))
		add_size_limit(path, &counts[ECHO_FULL], whole);
	if (is_dropped(&counts[ECHO_TWO]) && is_dropped(&counts[ECHO_MANY]) &&
		is_dropped(&counts[ECHO_TINY]) &&
		is_dropped(&counts[ECHO_REVERSED])) {
		add(path, "any", PATH_FORWARD, &counts[ECHO_TWO], whole);
		return;
	}
	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++)
		if (is_dropped(&counts[kind]))
			add(path, echo_kind_word((enum echo_kind)kind),
				PATH_FORWARD, &counts[kind], whole);
	/* The answer's pieces are as large as the target's link takes: where
	 * such packets vanish whole as well, it is not for being pieces. */
	if (counts[ECHO_TWO].arrived == 0 || counts[ECHO_FULL].arrived == 0)
		return;
	if (is_dropped(back) ||
		(back->is_arrived_in_pieces && path->later_pieces == 0))
		add(path, echo_kind_word(ECHO_LONG), PATH_REVERSE, back,
			&counts[ECHO_TWO]);
}
