/* Loss end to end: of packets that the path lets pass, how many were never
 * answered by the target. Routers' errors are left out: they are rationed, and
 * their absence alone is no loss. The way there and the way back are one. */
#include "analysis/path/mtu_bound.h"

#include <stdio.h>

enum {
	LEAST_LOST = 2,
	SURELY_LOST = 4,
};

static double percent(const struct path_share *share)
{
	return share->sent_probe ? 100.0 * share->lost / share->sent_probe : 0;
}

static void count(const struct path *path, enum probe_method method,
	uint32_t most_bytes, struct path_share *all, struct path_share *large)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		bool is_lost = !path->replies[row].arrived;

		if (path_method_of(sent_probe) != method ||
			!path_is_whole_way(path, sent_probe) ||
			path->replies[row].refused ||
			sent_probe->ip_bytes > most_bytes)
			continue;
		all->sent_probe++;
		all->lost += is_lost;
		if (is_lost && all->lost_frame == 0)
			all->lost_frame = sent_probe->frame;
		if (sent_probe->ip_bytes > path->rules->loss_medium_bytes) {
			large->sent_probe++;
			large->lost += is_lost;
		}
	}
}

void path_judge_loss(struct path *path)
{
	struct path_share all = {0}, large = {0};
	enum probe_method method = METHOD_TCP;
	uint32_t most_bytes = mtu_bound_of(path, method).passed;
	char found[FOUND_BYTES];

	if (!section_comment_has(&path->comment, EXPERIMENT_LOSS))
		return;
	if (most_bytes == 0) {
		method = METHOD_ECHO;
		most_bytes = mtu_bound_of(path, method).passed;
	}
	count(path, method, most_bytes, &all, &large);
	path_measure_delays(path, method);
	path->is_loss_settled = all.sent_probe >= path->rules->loss_least_sent;
	if (all.sent_probe < path->rules->loss_least_sent ||
		all.lost < LEAST_LOST)
		return;
	struct finding *finding = path_add(path, FINDING_LOSS);
	if (!finding)
		return;
	finding->has_percent = true;
	finding->percent = percent(&all);
	finding->percent_large = percent(&large);
	path_wilson(&all, &finding->percent_low, &finding->percent_high);
	finding->percent_low *= 100;
	finding->percent_high *= 100;
	finding->grade = method == METHOD_TCP && all.lost >= SURELY_LOST
				 ? GRADE_CERTAIN
				 : GRADE_LIKELY;
	(void)snprintf(found, sizeof(found), "%u of %u lost", all.lost,
		all.sent_probe);
	path_evidence(finding,
		method == METHOD_TCP ? "old-data-answered" : "echo-answered",
		TRUTH_NO, all.lost_frame, 0, found, "all answered");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Look for an overloaded or faulty link; whether it loses on "
		"the way there or back takes a capture at the target to say.");
	if (method == METHOD_TCP)
		path_place_loss(path, finding, &all);
	else
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target answers only so many ICMP echos");
}
