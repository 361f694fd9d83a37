/* What an SSH client proposes: lines of a configuration, as `ssh -G` prints
 * them, or ssh_config(5) has them. */
#ifndef CLI_CLIENT_ALGORITHMS_H
#define CLI_CLIENT_ALGORITHMS_H

#include <stdio.h>
#include <sys/types.h>

#include "cli/run_files.h"
#include "probe/protocol/ssh_rules.h"

/* All zero: not open. */
struct client_algorithms {
	const char *name; /* of the file; NULL: this host's own ssh is asked */
	FILE *file;
	pid_t child;
};

/* Opens the file `name`, an input of `files`; or, where that is NULL, starts
 * /usr/bin/ssh without a configuration. Nothing is read yet. False with a
 * sentence. */
bool client_algorithms_open(struct client_algorithms *algorithms,
	const char *name, struct run_files *files, struct failure *failure);
/* In the sandbox: reads it. A class that a file does not name is that of
 * OpenSSH 9.2; where there is no ssh, all are. */
bool client_algorithms_read(struct client_algorithms *algorithms,
	struct ssh_profile *profile, struct failure *failure);
void client_algorithms_close(struct client_algorithms *algorithms);

#endif
