/* How far an exclusion goes: what was not tried, or went otherwise, leaves a
 * cause open. */
#ifndef ANALYSIS_CAUSE_CAUSE_BOUND_H
#define ANALYSIS_CAUSE_CAUSE_BOUND_H

#include "analysis/cause/cause.h"

/* Judges a cause that keeps SYNs from being answered, where one was: all of
 * them have to be, as far as the measured loss does not explain the others. */
void cause_bound_port(const struct path *path, struct cause_verdict *verdict);
/* CAUSE_NO_HOST: whether anything of the target's came. */
void cause_bound_host(const struct path *path, struct cause_verdict *verdict);
/* TCP wrappers wait before they end a connection, and nothing else that does so
 * before the identification is known to: the wait tells them from MaxStartups.
 */
void cause_bound_wait(struct cause_verdict *verdict);
/* An idle time-out is excluded up to the idle time that was survived: shorter
 * ones than are tested by default leave CAUSE_IDLE_TIMEOUT open. */
void cause_bound_idle(const struct path *path, struct cause_verdict *verdict);
/* Adds the round trips and their jitter to CAUSE_LOSS: it is excluded where
 * that is known, and small. */
void cause_bound_jitter(const struct path *path, struct cause_verdict *verdict);

#endif
