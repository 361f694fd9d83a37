/* The layer of the sandbox that is about paths, and whatever else Landlock has
 * learned to forbid since: connections, devices, signals to others. */
#ifndef CLI_SANDBOX_PATHS_H
#define CLI_SANDBOX_PATHS_H

#include "cli/sandbox.h"

/* From now on no path can be opened, but for a resolver the few that looking
 * names up takes, for reading, and for an opener files below `folder` (a
 * descriptor), for writing; 0, or the reason (errno). */
int sandbox_paths_close(enum sandbox_kind kind, int folder);
/* The version of Landlock that the kernel has; 0 and the reason in `*error`
 * when it has none. */
int sandbox_paths_offered(int *error);

#endif
