/* For a black hole: whether the PTB is never sent, or is lost on the return
 * path. Other errors of the router before the hole show it: where it sends
 * time exceeded for the same flow, its errors arrive here; where a PTB of it
 * came, or of a nearer router, errors of that type do, too. Return path and
 * rate limits are the same for both, except that Linux does not rate-limit
 * PTBs at all. */
#ifndef ANALYSIS_PATH_PATH_PTB_H
#define ANALYSIS_PATH_PATH_PTB_H

#include "analysis/path/path_record.h"

/* Sets the facts of a hole whose link is known. */
void path_ptb_set(const struct path *path, struct path_case *one,
	enum probe_method method);

#endif
