/* What an SSH client proposes: lines of a configuration, as `ssh -G` prints
 * them, or ssh_config(5) has them. */
#ifndef CLI_CLIENT_ALGORITHMS_H
#define CLI_CLIENT_ALGORITHMS_H

#include <stdio.h>

#include "cli/run_files.h"
#include "probe/protocol/ssh_rules.h"

/* Those of this host's own ssh without a configuration; where there is none,
 * those of OpenSSH 9.2. Runs /usr/bin/ssh. */
void client_algorithms_own(struct ssh_profile *profile);

/* Opens a file, which stays open as long as `files` is used. NULL with a
 * sentence. */
FILE *client_algorithms_open(
	const char *name, struct run_files *files, struct failure *failure);
/* Reads it. A class that it does not name is that of OpenSSH 9.2. */
bool client_algorithms_read(FILE *file, const char *name,
	struct ssh_profile *profile, struct failure *failure);

#endif
