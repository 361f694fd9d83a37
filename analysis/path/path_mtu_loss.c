#include "analysis/path/path_mtu_loss.h"

#include <math.h>

#include "probe/protocol/loss_chance.h"

/* The chance, at most, that so many of some are lost. */
static double chance_of_loss(unsigned sent, unsigned lost, double share)
{
	return exp(lgamma(sent + 1.0) - lgamma(lost + 1.0) -
		       lgamma(sent - lost + 1.0)) *
	       pow(share, lost);
}

/* How many small packets are lost: some of the larger ones below may be lost
 * for their size, too. */
static double share_of_small(
	const struct path *path, const struct mtu_bound *bound)
{
	const struct size_tally *sizes = path->sizes[bound->method];
	unsigned sent = 0, lost = 0;

	for (uint32_t size = 1;
		size < bound->passed && size <= path->rules->loss_medium_bytes;
		size++) {
		sent += sizes[size].sent;
		lost += (unsigned)(sizes[size].sent - sizes[size].arrived);
	}
	return loss_chance_share(sent, lost);
}

void path_mtu_loss_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound)
{
	const struct size_tally *size =
		&path->sizes[bound->method][bound->passed];
	unsigned lost = (unsigned)(size->sent - size->arrived);
	double share = fmin(share_of_small(path, bound),
		loss_chance_share(bound->sent_below - size->sent,
			bound->lost_below - lost));

	if (chance_of_loss(size->sent, lost, share) >=
		path->thresholds[PATH_CERTAIN_CHANCE])
		return;
	path_fact_set(&one->facts, PATH_FACT_MOST_OF_THAT_SIZE_ARRIVE, false);
	path_fact_frames(&one->facts, PATH_FACT_MOST_OF_THAT_SIZE_ARRIVE,
		size->sent_frame, size->arrived_frame);
	path_fact_found(&one->facts, PATH_FACT_MOST_OF_THAT_SIZE_ARRIVE,
		"%u of %u", size->arrived, size->sent);
	path_fact_expected(&one->facts, PATH_FACT_MOST_OF_THAT_SIZE_ARRIVE,
		"as of smaller ones");
	path_case_word(&one->words, PATH_WORD_SENT, "%u", size->sent);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u", size->arrived);
}
