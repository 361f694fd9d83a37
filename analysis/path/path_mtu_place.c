#include "analysis/path/path_mtu_place.h"

#include <math.h>

#include "analysis/path/path_hops.h"
#include "analysis/path/path_link.h"
#include "analysis/path/path_ptb.h"
#include "analysis/path/path_reverse.h"

/* Routers that compare sizes before they decrement the TTL, as Linux does,
 * quote the hop limit as it arrived, others one less. */
static bool is_at(int hop, int quoted_hop)
{
	return quoted_hop == hop || quoted_hop == hop + 1;
}

static bool is_beyond(const struct path *path, int quoted_hop)
{
	return path->distance && quoted_hop >= (int)path->distance;
}

/* The hop of a PTB's source: by its address among the hops, else by the hop
 * limit that it quotes, which no router at the target or beyond it has seen.
 * Where the two contradict each other, another router sent it in that one's
 * name. */
int path_mtu_reporter(const struct path *path, int row, bool *is_hop)
{
	const struct reply *reply = &path->replies[row];
	int hop = path_hops_of(path, &reply->refused_from);
	int quoted_hop =
		path->table.sent_probe[row].ttl - reply->refused_ttl + 1;
	bool is_quoted = quoted_hop >= 1 && quoted_hop <= HOP_LIMIT_WHOLE_WAY;

	*is_hop = hop != HOP_NOT_KNOWN;
	if (!*is_hop)
		return is_quoted && !is_beyond(path, quoted_hop)
			       ? quoted_hop
			       : HOP_NOT_KNOWN;
	if (is_quoted && quoted_hop < (int)path->distance &&
		!is_at(hop, quoted_hop)) {
		*is_hop = false;
		return HOP_NOT_KNOWN;
	}
	return hop;
}

/* The routers were asked after the target: a black hole of an earlier route
 * looks as if it were behind them all, unless it still is there. */
static void set_since(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound)
{
	const enum path_fact fact = PATH_FACT_TARGET_MISSES_THEM_SINCE;
	unsigned since = 0;
	uint64_t frame = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent = &path->table.sent_probe[row];

		if (path_record_method(path, row) != bound->method ||
			sent->ip_bytes <= bound->passed)
			continue;
		if (path_record_is_whole_way(path, row)) {
			frame = since == 0 ? sent->frame : frame;
			since++;
		} else if (path_record_expired(path, row)) {
			since = 0;
		}
	}
	path_fact_set(facts, fact, since > 0);
	path_fact_frames(facts, fact, frame, 0);
	path_fact_found(facts, fact, "%u sent", since);
	path_fact_expected(facts, fact, "one or more");
}

/* The place of the black hole. Echo alone can't distinguish the forward from
 * the return path, unless a router on the forward path does not respond to the
 * large ones. */
void path_mtu_set_link(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	struct path_link link =
		path_link_find(path, bound->method, bound->passed, NULL);
	struct path_facts *facts = &one->facts;
	bool is_found = link.at.before != HOP_NOT_KNOWN;
	bool is_way_told = bound->method == METHOD_TCP ||
			   (is_found && link.at.before < (int)path->distance);
	unsigned tries = link.tries ? link.tries : bound->sent_above;

	path_fact_set(facts, PATH_FACT_DIRECTION_KNOWN, is_way_told);
	path_fact_set(facts, PATH_FACT_WAY_BACK_EXPLAINS,
		!is_way_told && (path_reverse_loses(path, bound) ||
					mtu_bound_of(path, METHOD_UDP).passed >=
						bound->failed));
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
		if (link.at.before == (int)path->distance)
			set_since(path, facts, bound);
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
