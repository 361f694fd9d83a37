#include "analysis/path/path_mtu_above.h"

#include <math.h>

#include "analysis/path/path_link.h"
#include "analysis/path/path_mtu_place.h"
#include "capture/numbers.h"

/* The packets above the size that passes. */
struct above {
	uint32_t refused; /* the largest size with a PTB */
	uint32_t silent;  /* the least above it that is lost; 0: none */
	unsigned silent_sent;
	/* of sizes from the second on up to `refused`: with a PTB, and lost.
	 * The first is sent until one comes. */
	unsigned told, lost_below;
	uint64_t refused_frame, silent_frame;
};

static struct above find(const struct path *path, const struct mtu_bound *bound)
{
	const struct size_tally *sizes = path->sizes[bound->method];
	struct above above = {.refused = bound->failed};
	unsigned lost = 0; /* above `refused`, so far */

	for (uint32_t size = bound->failed; size <= PROBE_MOST_BYTES; size++) {
		const struct size_tally *one = &sizes[size];
		unsigned told = one->refused + one->arrived;

		if (one->sent && told) {
			above.refused = size;
			above.refused_frame = one->refused_frame;
			above.silent = 0;
			if (size > bound->failed) {
				above.told += told;
				above.lost_below += lost + one->sent - told;
			}
			lost = 0;
		} else if (one->sent) {
			above.silent = above.silent ? above.silent : size;
			above.silent_frame = above.silent == size
						     ? one->sent_frame
						     : above.silent_frame;
			lost += one->sent;
		}
	}
	above.silent_sent = lost;
	return above;
}

/* The logarithm of the number of ways to choose. */
static double ways(unsigned all, unsigned chosen)
{
	return lgamma(all + 1.0) - lgamma(chosen + 1.0) -
	       lgamma(all - chosen + 1.0);
}

/* The chance that of all lost ones so many are above, if size did not matter
 * (hypergeometric: all that are above are lost); for each of the sizes that
 * might have parted them as well (Bonferroni). */
static double chance_of_order(const struct above *above)
{
	unsigned below = above->told + above->lost_below;
	unsigned all = below + above->silent_sent;

	return all * exp(ways(below, above->lost_below) -
			     ways(all,
				     above->lost_below + above->silent_sent));
}

static bool is_lost(const struct path *path, const struct mtu_bound *bound,
	const struct above *above)
{
	return above->silent_sent >= path->thresholds[PATH_SILENT_FOR_LARGER] &&
	       mtu_bound_chance(bound, above->silent_sent) <
		       path->thresholds[PATH_CERTAIN_CHANCE];
}

static void set_apart(const struct path *path, struct path_facts *facts,
	const struct above *above)
{
	const enum path_fact fact = PATH_FACT_LOST_ONES_ARE_LARGER;

	mtu_bound_set_chance(path, facts, fact, PATH_FACT_ORDER_NO_CHANCE,
		chance_of_order(above));
	path_fact_frames(
		facts, fact, above->silent_frame, above->refused_frame);
	path_fact_found(facts, fact, "0 of %u PTB from %u on, %u of %u below",
		above->silent_sent, above->silent, above->told,
		above->told + above->lost_below);
	path_fact_expected(facts, fact, "as many below");
}

void path_mtu_above_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_LARGER_SIZES_REFUSED;
	struct above above = find(path, bound);

	if (!is_lost(path, bound, &above))
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_frames(
		&one->facts, fact, above.silent_frame, above.refused_frame);
	path_fact_found(&one->facts, fact, "0 of %u above %u",
		above.silent_sent, above.refused);
	path_fact_expected(&one->facts, fact, "all");
	set_apart(path, &one->facts, &above);
	path_case_word(&one->words, PATH_WORD_MOST, "%u", above.refused);
}

static void set_exactness(struct path_facts *facts, const struct above *above)
{
	const enum path_fact fact = PATH_FACT_NEXT_SIZE_FAILS;

	path_fact_set(facts, fact, above->silent == above->refused + 1);
	path_fact_frames(
		facts, fact, above->silent_frame, above->refused_frame);
	path_fact_found(facts, fact, "%u", above->silent);
	path_fact_expected(facts, fact, "%u", above->refused + 1);
}

/* The row of a packet that was answered with the largest size, if that is more
 * than what passes; -1: none was. */
static int largest_claim(const struct path *path, const struct mtu_bound *bound)
{
	int largest = -1;

	for (uint32_t row = 0; row < path->table.count; row++)
		if (path_record_method(path, row) == bound->method &&
			path_record_is_whole_way(path, row) &&
			path_record_refused(path, row) &&
			path->replies[row].claimed_mtu > bound->passed &&
			(largest < 0 ||
				path->replies[row].claimed_mtu >
					path->replies[largest].claimed_mtu))
			largest = (int)row;
	return largest;
}

/* A router that reports a limit larger than what passes, and is not the one
 * before the hole: its PTB tell of another link. */
static void take_limit_elsewhere(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_TOO_BIG_NAMES_MORE;
	struct path_case one;
	int row = largest_claim(path, bound);
	bool is_hop;

	if (row < 0)
		return;
	path_case_begin(&one, PATH_SUBJECT_ABOVE, path->comment.family);
	one.figures.mtu = path->replies[row].claimed_mtu;
	one.figures.limited_after = path_mtu_reporter(path, row, &is_hop);
	one.figures.reporter = path->replies[row].refused_from;
	path_fact_set(&one.facts, fact,
		is_hop && one.figures.limited_after !=
				  path_link_find(path, bound->method,
					  bound->passed, NULL)
					  .at.after);
	path_fact_frames(&one.facts, fact, path->replies[row].refused,
		path->table.sent_probe[row].frame);
	path_fact_found(&one.facts, fact, "%u", one.figures.mtu);
	path_fact_expected(&one.facts, fact, "%u", bound->passed);
	sink->take(sink->context, &one);
}

static void take_hole_above(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound)
{
	struct above above = find(path, bound);
	struct path_case one;

	if (!is_lost(path, bound, &above))
		return;
	path_case_begin(&one, PATH_SUBJECT_ABOVE, path->comment.family);
	one.figures.mtu = above.refused;
	path_case_word(&one.words, PATH_WORD_PLACE, "before the link");
	path_case_word(&one.words, PATH_WORD_SIZE, "%u",
		bound->passed - tcp_headers_bytes(path->comment.family));
	path_case_word(&one.words, PATH_WORD_FROM, "%u", above.refused);
	path_case_word(&one.words, PATH_WORD_TO, "%u", above.silent - 1);
	set_exactness(&one.facts, &above);
	set_apart(path, &one.facts, &above);
	path_fact_set(&one.facts, PATH_FACT_LARGER_PACKETS_VANISH, true);
	path_fact_frames(&one.facts, PATH_FACT_LARGER_PACKETS_VANISH,
		above.silent_frame, 0);
	path_fact_found(&one.facts, PATH_FACT_LARGER_PACKETS_VANISH,
		"0 of %u answered", above.silent_sent);
	path_fact_expected(
		&one.facts, PATH_FACT_LARGER_PACKETS_VANISH, "0 answered");
	mtu_bound_set_chance(path, &one.facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		mtu_bound_chance(bound, above.silent_sent));
	path_mtu_set_link(path, &one, bound);
	if (one.figures.link.after > 0)
		path_case_word(&one.words, PATH_WORD_PLACE, "at hop %d",
			one.figures.link.after);
	sink->take(sink->context, &one);
}

void path_mtu_above_case(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound)
{
	if (bound->failed == 0)
		return;
	if (path->sizes[bound->method][bound->failed].refused)
		take_hole_above(path, sink, bound);
	else
		take_limit_elsewhere(path, sink, bound);
}
