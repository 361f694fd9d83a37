/* A file without a name, for what an analysis can't hold in memory. */
#ifndef CLI_SPILL_FILE_H
#define CLI_SPILL_FILE_H

#include <stdatomic.h>
#include <stdint.h>

#include "analysis/spill.h"

struct spill_file {
	struct spill spill; /* for the options of an analysis */
	int descriptor;	    /* -1: there is none */
	_Atomic uint64_t length; /* taken; several threads append */
	uint64_t most_bytes;
};

/* Opens it in $TMPDIR, /var/tmp or /tmp, whichever takes it first; it vanishes
 * with the process. At most a quarter of what is free there is used. Returns
 * what the analysis' options take, which lives as long as `file`; NULL: no
 * folder takes it, and nothing is spilled. Before the sandbox. */
const struct spill *spill_file_open(struct spill_file *file);
/* Of a file of zeros too. */
void spill_file_close(struct spill_file *file);

#endif
