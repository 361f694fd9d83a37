#include "analysis/path/path_loss_place.h"

#include <math.h>

void path_loss_place_interval(const struct path *path,
	const struct loss_share *share, double *low, double *high)
{
	double z = path->thresholds[PATH_LOSS_DEVIATIONS];
	double n = share->sent, p = n > 0 ? share->lost / n : 0;
	double middle, half;

	*low = 0;
	*high = 1;
	if (n <= 0)
		return;
	middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) /
	       (1 + z * z / n);
	*low = fmax(middle - half, 0);
	*high = fmin(middle + half, 1);
}

static struct loss_share share_of_hop(const struct path *path, unsigned ttl)
{
	struct loss_share share = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		bool is_lost = !path_record_expired(path, row);

		if (sent_probe->ttl != ttl ||
			sent_probe->ip_bytes > path->rules->floor_bytes ||
			path_record_method(path, row) != METHOD_TCP)
			continue;
		share.sent++;
		share.lost += is_lost;
		if (is_lost && share.lost_frame == 0)
			share.lost_frame = sent_probe->frame;
	}
	return share;
}

static void set_hop(struct path_facts *facts, enum path_fact fact, bool loses,
	unsigned ttl, const struct loss_share *share)
{
	path_fact_set(facts, fact, loses);
	path_fact_frames(facts, fact, share->lost_frame, 0);
	path_fact_found(facts, fact, "hop %u: %u of %u lost", ttl, share->lost,
		share->sent);
	path_fact_expected(facts, fact, "as the whole path");
}

/* The last hop whose loss is significantly below that of the whole path; its
 * loss is `clean`. 0: none, and the link is behind this host. */
static unsigned find_before(const struct path *path, double all_low,
	struct loss_share *clean, bool *is_measured)
{
	unsigned before = 0;

	for (unsigned ttl = 1; ttl < path->distance; ttl++) {
		struct loss_share share = share_of_hop(path, ttl);
		double low, high;

		if (share.sent < path->rules->loss_hop_least_sent)
			continue;
		*is_measured = true;
		path_loss_place_interval(path, &share, &low, &high);
		if (high < all_low) {
			before = ttl;
			*clean = share;
		}
	}
	return before;
}

/* The first hop after `before` whose loss is significantly higher, and not
 * above that of the whole path; its loss is `lossy`. The target: no router
 * is. */
static unsigned find_behind(const struct path *path, unsigned before,
	const struct loss_share *clean, double all_high,
	struct loss_share *lossy)
{
	double rate = clean->sent ? 1.0 * clean->lost / clean->sent : 0;

	for (unsigned ttl = before + 1; ttl < path->distance; ttl++) {
		struct loss_share share = share_of_hop(path, ttl);
		double low, high;

		if (share.sent < path->rules->loss_hop_least_sent)
			continue;
		path_loss_place_interval(path, &share, &low, &high);
		if (low > rate && low <= all_high) {
			*lossy = share;
			return ttl;
		}
	}
	return path->distance;
}

void path_loss_place_set(const struct path *path, struct path_case *one,
	const struct loss_share *all)
{
	struct loss_share clean = {0}, lossy = {0};
	double all_low, all_high;
	bool is_measured = false;

	path_loss_place_interval(path, all, &all_low, &all_high);
	unsigned before = find_before(path, all_low, &clean, &is_measured);

	path_fact_set(&one->facts, PATH_FACT_HOPS_MEASURED, is_measured);
	if (!is_measured)
		return;
	unsigned behind = find_behind(path, before, &clean, all_high, &lossy);

	one->figures.link = (struct path_stretch){(int)before, (int)behind};
	if (behind == before + 1)
		one->figures.hop = (int)behind;
	path_case_word(&one->words, PATH_WORD_HOP, "%u", behind);
	if (before > 0)
		set_hop(&one->facts, PATH_FACT_HOP_BEFORE_LOSES, false, before,
			&clean);
	if (lossy.sent)
		set_hop(&one->facts, PATH_FACT_HOP_BEHIND_LOSES, true, behind,
			&lossy);
}
