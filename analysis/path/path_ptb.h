/* Of a hole: whether "too big" is never sent there, or gets lost on its way.
 * What the router before the hole says otherwise can tell: where it reports
 * packets of the same flow as expired, its errors do get here; where a "too
 * big" of its own came, or of a nearer router, so do errors of that type. Way
 * back and rations are the same for both, but that Linux does not ration "too
 * big" at all. */
#ifndef ANALYSIS_PATH_PATH_PTB_H
#define ANALYSIS_PATH_PATH_PTB_H

#include "analysis/path/path_record.h"

/* Sets the facts of a hole whose link is known. */
void path_ptb_set(const struct path *path, struct path_case *one,
	enum probe_method method);

#endif
