/* Bounds of a probe's run that follow from the chosen experiments. */
#ifndef CLI_PROBE_BOUNDS_H
#define CLI_PROBE_BOUNDS_H

#include "probe/engine/runner.h"

/* How much longer than others the chosen experiments may take, and how many
 * connections to an SSH server all of them may open together. After what the
 * user asks of idle and ssh. */
void probe_bounds_set(struct runner_options *options, uint32_t chosen);

#endif
