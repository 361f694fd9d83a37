/* The layer of the sandbox that is about system calls: seccomp. */
#ifndef CLI_SANDBOX_CALLS_H
#define CLI_SANDBOX_CALLS_H

#include "cli/sandbox.h"

/* From now on only what this kind needs; 0, or the reason (errno). */
int sandbox_calls_close(enum sandbox_kind kind);
/* Whether the kernel has it: 0 or the reason. */
int sandbox_calls_offered(void);

#endif
