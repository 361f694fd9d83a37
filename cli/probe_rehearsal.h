/* culprit probe --dry-run: what would be sent, and to whom. */
#ifndef CLI_PROBE_REHEARSAL_H
#define CLI_PROBE_REHEARSAL_H

#include "cli/options.h"
#include "probe/runner.h"

/* Prints the first packets and the most that there can be; sends nothing. */
enum exit_code probe_rehearse(const struct runner_options *options,
	const struct common *common, struct failure *failure);

#endif
