/* culprit probe --dry-run: what would be sent, and to whom. */
#ifndef CLI_PROBE_DRY_RUN_H
#define CLI_PROBE_DRY_RUN_H

#include <stdio.h>

#include "probe/engine/runner.h"

/* Prints the first packets and the most that there can be; sends nothing. */
void probe_dry_run(const struct runner_options *options, FILE *out);

/* The same as JSON: a "packet" for each of the first, and a "summary". */
void probe_dry_run_json(const struct runner_options *options, FILE *out);

#endif
