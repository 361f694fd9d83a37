/* Tasks that ask name services are done in a process of their own: what they
 * hear is foreign, and comes before everything else is locked up. */
#ifndef CLI_TASK_APART_H
#define CLI_TASK_APART_H

#include "capture/live/task.h"

extern const struct task_place task_apart;

#endif
