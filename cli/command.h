/* A command of the program: one const record each, listed in main.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "capture/failure.h"
#include "cli/options.h"

struct command {
	const char *name;
	const char *operands; /* as help shows them: "FILE..." */
	const char *summary;  /* one line */
	const struct option_row *options;
	void (*help)(FILE *out); /* more lines of --help; NULL: none */
	/* argv[0] is the command's name. Prints its report; returns the exit
	 * code, or that of `failure` after filling it. */
	enum exit_code (*run)(const struct command *command, int argc,
		char **argv, struct failure *failure);
};

extern const struct command command_analyze;
extern const struct command command_capture;
extern const struct command command_timeline;
extern const struct command command_probe;
extern const struct command command_explain;

/* Answers --help and --version of a command's walk. True when one of them was
 * asked for and answered, so that the command has nothing left to do. */
bool command_answered(
	const struct command *command, const struct option_walk *walk);

#endif
