/* The options of `analyze` and `merge`. */
#ifndef CLI_ANALYZE_OPTIONS_H
#define CLI_ANALYZE_OPTIONS_H

#include "cli/command.h"

/* The first ANALYZE_ALONE rows are no options of merge. */
enum { ANALYZE_ALONE = 6 };
extern const struct option_row analyze_options[];

/* Stores one of either into the run's struct analyze_work. */
bool analyze_take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure);

#endif
