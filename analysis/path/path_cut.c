/* A router that sends time exceeded quotes the packet as it came in (RFC 1812,
 * 4.3.2.3): a first fragment, where one before it fragmented the packet to the
 * size of its link. A fragment ends at a multiple of eight bytes; a packet that
 * is longer by less than that, and is quoted whole there, tells the rest. */
#include "analysis/path/path_cut.h"

enum { UNIT = 8, HEADER = 20 };

struct cut {
	unsigned hop;	 /* the nearest that quoted a fragment; 0: none did */
	unsigned before; /* the last before it that quoted a whole */
	uint32_t whole, fragments; /* sizes: the largest that is whole there,
				      and the least that is not */
	uint32_t first_bytes;	   /* of the fragment */
	uint64_t frame, against;
};

static bool is_cut(const struct path *path, uint32_t row)
{
	uint32_t quoted = path->replies[row].expired_bytes;

	return path_record_expired(path, row) && quoted > HEADER &&
	       quoted < path->table.sent_probe[row].ip_bytes &&
	       (quoted - HEADER) % UNIT == 0;
}

static bool is_usable(const struct path *path, uint32_t row)
{
	return path_record_method(path, row) == METHOD_TCP &&
	       path->table.sent_probe[row].is_df &&
	       path_record_expired(path, row);
}

static struct cut find_hop(const struct path *path)
{
	struct cut cut = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];

		if (!is_usable(path, row) || !is_cut(path, row) ||
			(cut.hop && sent_probe->ttl >= cut.hop))
			continue;
		cut.hop = sent_probe->ttl;
		cut.first_bytes = path->replies[row].expired_bytes;
		cut.frame = path->replies[row].expired;
		cut.against = sent_probe->frame;
	}
	cut.whole = cut.first_bytes;
	cut.fragments = cut.first_bytes + UNIT;
	return cut;
}

static struct cut find(const struct path *path)
{
	struct cut cut = find_hop(path);

	for (uint32_t row = 0; cut.hop && row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		uint32_t bytes = sent_probe->ip_bytes;

		if (!is_usable(path, row))
			continue;
		if (sent_probe->ttl < cut.hop && sent_probe->ttl > cut.before &&
			bytes >= cut.fragments)
			cut.before = sent_probe->ttl;
		if (sent_probe->ttl != cut.hop)
			continue;
		if (is_cut(path, row) && bytes < cut.fragments)
			cut.fragments = bytes;
		else if (path->replies[row].expired_bytes == bytes &&
			 bytes > cut.whole && bytes < cut.fragments)
			cut.whole = bytes;
	}
	return cut;
}

void path_cut_set(const struct path *path, struct path_case *one)
{
	const enum path_fact fact = PATH_FACT_QUOTED_IN_FRAGMENTS;
	struct cut cut = find(path);

	if (cut.hop == 0)
		return;
	one->figures.mtu_fragments = cut.whole;
	if (cut.before + 1 == cut.hop)
		one->figures.limited_after = (int)cut.before;
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact, cut.frame, cut.against);
	path_fact_as_expected(&one->facts, fact,
		"the first of %u bytes, at hop %u", cut.first_bytes, cut.hop);
	path_fact_set(&one->facts, PATH_FACT_FRAGMENT_SIZE_EXACT,
		cut.fragments == cut.whole + 1);
	path_case_word(&one->words, PATH_WORD_HOP, "%u", cut.hop);
	path_case_word(&one->words, PATH_WORD_TO, "%u", cut.fragments - 1);
}
