/* Whether the client's keepalives come as often as the path wants them. */
#ifndef ANALYSIS_CAUSE_CAUSE_KEEPALIVE_H
#define ANALYSIS_CAUSE_CAUSE_KEEPALIVE_H

#include "analysis/cause/cause.h"

/* Judges CAUSE_KEEPALIVE; `timeout` is the verdict about idle time-outs. */
void cause_keepalive_judge(const struct path *path,
	const struct cause_verdict *timeout, struct cause_verdict *verdict);

#endif
