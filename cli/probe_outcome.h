/* How a probe ends: whether the target was reached. */
#ifndef CLI_PROBE_OUTCOME_H
#define CLI_PROBE_OUTCOME_H

#include "analysis/path/path.h"
#include "capture/failure.h"

/* Whether the target answered; if not, the failure says whether it is there,
 * as far as routers tell. */
bool probe_outcome_is_reached(
	const struct path *path, const char *host, struct failure *failure);

#endif
