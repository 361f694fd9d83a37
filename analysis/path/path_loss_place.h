/* The place of loss, from the unanswered probes of each hop. These are the
 * packets lost and those that a hop's rate limit leaves unreported (RFC 1812,
 * 4.3.2.8): loss that a hop behind does not share is the rate limit. So a hop
 * counts as before the lossy link when its loss is significantly below that of
 * the whole path, and as behind it when its loss is significantly above that
 * of the hops before and not above that of the whole path. */
#ifndef ANALYSIS_PATH_PATH_LOSS_PLACE_H
#define ANALYSIS_PATH_PATH_LOSS_PLACE_H

#include "analysis/path/path_record.h"

/* Of packets sent, how many were lost. */
struct loss_share {
	unsigned sent, lost;
	uint64_t lost_frame; /* the first */
};

/* Wilson's interval of 95 %, which is right for few and for none; 0 to 1. */
void path_loss_place_interval(const struct path *path,
	const struct loss_share *share, double *low, double *high);
/* Sets the place, as far as the hops show it; `all` is the loss of the whole
 * path. */
void path_loss_place_set(const struct path *path, struct path_case *one,
	const struct loss_share *all);

#endif
