/* The trigger that the user names: see probe/tcp/reset_trigger.h. */
#ifndef CLI_PROBE_TRIGGER_H
#define CLI_PROBE_TRIGGER_H

#include <stdio.h>

#include "cli/run_files.h"
#include "probe/tcp/reset_trigger.h"

/* "ssh", "http:HOST", "tls:SNI", "bytes:HEX", or the name of a file that holds
 * the bytes: that is in `*file` then, otherwise NULL. */
bool probe_trigger_take(const char *word, struct reset_trigger *trigger,
	const char **file, struct failure *failure);

/* Opens the file, an input of `files`. NULL with a sentence. */
FILE *probe_trigger_open(
	const char *name, struct run_files *files, struct failure *failure);
/* In the sandbox: reads its bytes. */
bool probe_trigger_read(FILE *file, const char *name,
	struct reset_trigger *trigger, struct failure *failure);

#endif
