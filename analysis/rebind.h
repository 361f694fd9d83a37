/* Connections that go on under another name: a NAT that had forgotten a mapping
 * gives the next packet another port, or another address. */
#ifndef ANALYSIS_REBIND_H
#define ANALYSIS_REBIND_H

#include "analysis/analysis_state.h"

/* Looks for the idle connection that the first packet of `flow`, picked up in
 * the middle, goes on with, and notes it in the flow's evidence. */
void rebind_look(struct analysis *analysis, struct flow *flow, unsigned side,
	const struct packet *packet);

#endif
