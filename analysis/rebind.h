/* Connections that go on under another name (analysis/learned/rebinds.h). */
#ifndef ANALYSIS_REBIND_H
#define ANALYSIS_REBIND_H

#include "analysis/analysis_state.h"

/* Notes a flow that begins in the middle with this packet of `side`. */
void rebind_note(struct analysis *analysis, const struct flow *flow,
	unsigned side, const struct packet *packet);

/* Looks for what the noted connections go on with: among all open connections
 * and all that were kept, of all `count` parts of the recording. All are noted
 * in `rebinds`. Call when no more packets come and before flows are closed. */
void rebind_look(struct rebinds *rebinds, struct analysis *const *parts,
	unsigned count);

#endif
