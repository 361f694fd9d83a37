/* Tasks that query name services run in a separate process: the responses are
 * foreign bytes, and come before the main process is sandboxed. */
#ifndef CLI_TASK_APART_H
#define CLI_TASK_APART_H

#include "capture/live/task.h"

extern const struct task_place task_apart;

#endif
