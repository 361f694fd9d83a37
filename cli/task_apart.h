/* Tasks that query name services run in a separate process: the responses are
 * foreign bytes, and come before the main process is sandboxed. */
#ifndef CLI_TASK_APART_H
#define CLI_TASK_APART_H

#include "capture/live/task.h"

extern const struct task_place task_apart;

/* For a process that queries name services: closes all but this descriptor and
 * the standard streams, which become /dev/null. Returns its number from now on,
 * or -1. */
int task_apart_keep_only(int descriptor);

#endif
