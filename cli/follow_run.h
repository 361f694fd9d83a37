/* `analyze --follow`: a capture that grows, or a pipe. Failures are told as
 * they happen, and SIGINT ends it with the report. */
#ifndef CLI_FOLLOW_RUN_H
#define CLI_FOLLOW_RUN_H

#include "cli/command.h"

/* Whether what else was asked for goes with it. */
bool follow_run_check(struct command_run *run, struct failure *failure);

/* The steps, with struct analyze_work as the run's state. */
extern const struct command_steps follow_steps;

#endif
