/* Loss end to end: of packets that the path lets pass, how many were never
 * answered by the target. Routers' errors are left out: they are rationed, and
 * their absence alone is no loss. The way there and the way back are one. */
#include "analysis/path_limit.h"

#include <stdio.h>

enum {
	LEAST_ASKED = 60,
	LEAST_LOST = 2,
	SURELY_LOST = 4,
	SMALL_BYTES = 576,
};

static double percent(const struct path_share *share)
{
	return share->asked ? 100.0 * share->lost / share->asked : 0;
}

static void count(const struct path *path, enum path_ruler ruler,
	uint32_t most_bytes, struct path_share *all, struct path_share *large)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		bool is_lost = !path->replies[row].arrived;

		if (path_ruler_of(asked) != ruler ||
			!path_is_whole_way(path, asked) ||
			path->replies[row].refused ||
			asked->ip_bytes > most_bytes)
			continue;
		all->asked++;
		all->lost += is_lost;
		if (is_lost && all->lost_frame == 0)
			all->lost_frame = asked->frame;
		if (asked->ip_bytes > SMALL_BYTES) {
			large->asked++;
			large->lost += is_lost;
		}
	}
}

void path_judge_loss(struct path *path)
{
	struct path_share all = {0}, large = {0};
	enum path_ruler ruler = PATH_TCP;
	uint32_t most_bytes = path_limit(path, ruler).passed;
	char found[FOUND_BYTES];

	if (!path_comment_has(&path->comment, "loss"))
		return;
	if (most_bytes == 0) {
		ruler = PATH_ECHO;
		most_bytes = path_limit(path, ruler).passed;
	}
	count(path, ruler, most_bytes, &all, &large);
	path_measure_delays(path, ruler);
	path->is_loss_settled = all.asked >= LEAST_ASKED;
	if (all.asked < LEAST_ASKED || all.lost < LEAST_LOST)
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
	finding->grade = ruler == PATH_TCP && all.lost >= SURELY_LOST
		? GRADE_CERTAIN
		: GRADE_LIKELY;
	(void)snprintf(found, sizeof(found), "%u of %u lost", all.lost,
		all.asked);
	path_evidence(finding,
		ruler == PATH_TCP ? "old-data-answered" : "echo-answered",
		TRUTH_NO, all.lost_frame, 0, found, "all answered");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Look for an overloaded or faulty link; whether it loses on "
		"the way there or back takes a capture at the target to say.");
	if (ruler == PATH_TCP)
		path_place_loss(path, finding, &all);
	else
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target answers only so many ICMP echos");
}
