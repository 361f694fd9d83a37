/* What a probe shows while it runs, on standard error if that is a terminal:
 * the hops so far and the experiments, drawn again and again in place. A
 * terminal that can do nothing but print gets a line that is overwritten. */
#ifndef CLI_PROBE_VIEW_H
#define CLI_PROBE_VIEW_H

#include "analysis/path/path.h"
#include "probe/engine/runner.h"

struct probe_view {
	bool is_wanted; /* otherwise nothing is ever written */
	bool is_dumb;
	unsigned columns, rows;
	unsigned lines; /* above the cursor's, that are drawn now */
	bool is_drawn;
};

/* Looks at the terminal; the last time that it is asked anything. */
void probe_view_begin(struct probe_view *view, bool is_quiet);
void probe_view_draw(struct probe_view *view, struct path *path,
	const struct runner_progress *progress);
/* Takes away what is drawn, and leaves the cursor where it was. */
void probe_view_clear(struct probe_view *view);

#endif
