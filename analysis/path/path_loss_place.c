/* Where packets are lost, from what each hop left unanswered. A hop loses what
 * it loses and, besides, what it does not care to report (RFC 1812, 4.3.2.8):
 * loss that a hop behind does not share was none. So a hop counts as before the
 * place when it is surely less lossy than the whole way, and as behind it when
 * it is surely lossier than those before and no lossier than the whole way. */
#include "analysis/path/path_state.h"

#include <math.h>
#include <stdio.h>

void path_wilson(const struct path_share *share, double *low, double *high)
{
	const double z = 1.959964;
	double n = share->sent_probe, p = n > 0 ? share->lost / n : 0;
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

static struct path_share share_of_hop(const struct path *path, unsigned ttl)
{
	struct path_share share = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		bool is_lost = !path->replies[row].expired;

		if (sent_probe->ttl != ttl ||
			sent_probe->ip_bytes > path->rules->floor_bytes ||
			path_method_of(sent_probe) != METHOD_TCP)
			continue;
		share.sent_probe++;
		share.lost += is_lost;
		if (is_lost && share.lost_frame == 0)
			share.lost_frame = sent_probe->frame;
	}
	return share;
}

static void add_hop(struct finding *finding, const char *fact, enum truth holds,
	unsigned ttl, const struct path_share *share)
{
	char found[FOUND_BYTES];

	(void)snprintf(found, sizeof(found), "hop %u: %u of %u lost", ttl,
		share->lost, share->sent_probe);
	path_evidence(finding, fact, holds, share->lost_frame, 0, found,
		"as the whole way");
}

/* `all` is the loss of the whole way. */
void path_place_loss(const struct path *path, struct finding *finding,
	const struct path_share *all)
{
	struct path_share clean = {0}, lossy = {0};
	double low, high, all_low, all_high;
	unsigned after = 0, before = path->distance;
	bool is_measured = false;

	path_wilson(all, &all_low, &all_high);
	for (unsigned ttl = 1;
		ttl < path->distance && ttl <= HOP_LIMIT_WHOLE_WAY; ttl++) {
		struct path_share share = share_of_hop(path, ttl);

		if (share.sent_probe < path->rules->loss_hop_least_sent)
			continue;
		is_measured = true;
		path_wilson(&share, &low, &high);
		if (high < all_low) {
			after = ttl;
			clean = share;
		}
	}
	if (!is_measured)
		return;
	for (unsigned ttl = after + 1;
		ttl < path->distance && ttl <= HOP_LIMIT_WHOLE_WAY; ttl++) {
		struct path_share share = share_of_hop(path, ttl);
		double rate = clean.sent_probe
				      ? 1.0 * clean.lost / clean.sent_probe
				      : 0;

		if (share.sent_probe < path->rules->loss_hop_least_sent)
			continue;
		path_wilson(&share, &low, &high);
		if (low > rate && low <= all_high) {
			before = ttl;
			lossy = share;
			break;
		}
	}
	finding->after_hop = (int)after;
	finding->before_hop = (int)before;
	if (before == after + 1)
		finding->hop = (int)before;
	if (after > 0)
		add_hop(finding, "hop-before-loses", TRUTH_NO, after, &clean);
	if (lossy.sent_probe)
		add_hop(finding, "hop-behind-loses", TRUTH_YES, before, &lossy);
	(void)snprintf(finding->other, sizeof(finding->other),
		"hop %u leaves as many packets unreported as are lost behind "
		"it",
		before);
	if (!lossy.sent_probe)
		finding->other[0] = '\0';
}
