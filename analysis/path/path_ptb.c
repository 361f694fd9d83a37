#include "analysis/path/path_ptb.h"

#include "analysis/path/path_hops.h"

struct ptb_visibility {
	uint64_t expired_frame; /* the router reports the flow as expired */
	uint64_t too_big_frame; /* "too big", from the farthest that sent it */
	int too_big_hop;
};

static struct ptb_visibility find(
	const struct path *path, unsigned hop, enum probe_method method)
{
	struct ptb_visibility visible = {.too_big_hop = HOP_NOT_KNOWN};

	for (uint32_t row = 0; row < path->table.count; row++) {
		uint64_t expired = path_record_expired(path, row);
		uint64_t refused = path_record_refused(path, row);

		if (path->table.sent_probe[row].ttl == hop && expired &&
			path_record_method(path, row) == method &&
			!visible.expired_frame)
			visible.expired_frame = expired;
		if (!refused)
			continue;
		int from = path_hops_of(path, &path->replies[row].refused_from);
		if (from <= visible.too_big_hop || from > (int)hop)
			continue;
		visible.too_big_frame = refused;
		visible.too_big_hop = from;
	}
	return visible;
}

static void set_hop(
	struct path_facts *facts, enum path_fact fact, uint64_t frame, int hop)
{
	path_fact_set(facts, fact, true);
	path_fact_frames(facts, fact, frame, 0);
	path_fact_as_expected(facts, fact, "hop %d", hop);
}

void path_ptb_set(const struct path *path, struct path_case *one,
	enum probe_method method)
{
	const struct path_stretch *link = &one->figures.link;
	struct path_facts *facts = &one->facts;
	bool is_router_before =
		link->before != 1; /* else no router has to send a PTB */
	bool is_one_link = link->before == link->after + 1;

	path_case_word(&one->words, PATH_WORD_HOP, "%d", link->after);
	path_case_word(&one->words, PATH_WORD_NEXT_HOP, "%d", link->before);
	path_fact_set(facts, PATH_FACT_LINK_EXACT, is_one_link);
	if (!is_router_before || !is_one_link)
		return;
	struct ptb_visibility visible =
		find(path, (unsigned)link->after, method);

	if (visible.expired_frame)
		set_hop(facts, PATH_FACT_HOP_BEFORE_REPORTS_EXPIRY,
			visible.expired_frame, link->after);
	if (visible.too_big_frame)
		set_hop(facts, PATH_FACT_TOO_BIG_GETS_HERE,
			visible.too_big_frame, visible.too_big_hop);
	path_fact_set(facts, PATH_FACT_TOO_BIG_FROM_THAT_HOP,
		visible.too_big_hop == link->after);
}
