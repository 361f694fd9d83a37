/* culprit probe --dry-run: what would be sent, and to whom. */
#ifndef CLI_PROBE_DRY_RUN_H
#define CLI_PROBE_DRY_RUN_H

#include "cli/options.h"
#include "probe/engine/runner.h"

/* Prints the first packets and the most that there can be; sends nothing. */
enum exit_code probe_dry_run(const struct runner_options *options,
	const struct common *common, struct failure *failure);

#endif
