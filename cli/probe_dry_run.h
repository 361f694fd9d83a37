/* culprit probe --dry-run: what would be sent, and to whom. */
#ifndef CLI_PROBE_DRY_RUN_H
#define CLI_PROBE_DRY_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "probe/engine/runner.h"

/* Prints how many packets each experiment sends, on a healthy path and at most,
 * and with `is_verbose` its first ones; sends nothing. `target` is what the
 * user calls it. */
void probe_dry_run(const struct runner_options *options, const char *target,
	bool is_verbose, FILE *out);

/* The same as JSON: a "packet" for each of the first, an "experiment" for each
 * count, and a "summary". */
void probe_dry_run_json(
	const struct runner_options *options, const char *target, FILE *out);

#endif
