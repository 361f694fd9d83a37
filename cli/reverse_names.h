/* Names of a path's hops, looked up by their addresses. Whatever name servers
 * return is foreign: a process of its own asks them, locked up, and this one
 * takes short printable words from it. */
#ifndef CLI_REVERSE_NAMES_H
#define CLI_REVERSE_NAMES_H

#include "analysis/path/path.h"
#include "capture/failure.h"

struct reverse_names {
	int descriptor; /* 0: not started */
};

/* Starts the process that will ask; before privilege is given up. It ends when
 * this one does. */
bool reverse_names_start(struct reverse_names *names, struct failure *failure);
/* Asks for the names of all hops and enters those that come within a few
 * seconds. Once, after path_finish. */
void reverse_names_find(struct reverse_names *names, struct path *path);

#endif
