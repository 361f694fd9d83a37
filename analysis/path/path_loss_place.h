/* Where packets are lost, from what each hop left unanswered. A hop loses what
 * it loses and, besides, what it does not care to report (RFC 1812, 4.3.2.8):
 * loss that a hop behind does not share was none. So a hop counts as before the
 * place when it is surely less lossy than the whole way, and as behind it when
 * it is surely lossier than those before and no lossier than the whole way. */
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
/* Sets where it is, as far as the hops tell; `all` is the loss of the whole
 * way. */
void path_loss_place_set(const struct path *path, struct path_case *one,
	const struct loss_share *all);

#endif
