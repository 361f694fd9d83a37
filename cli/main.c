/* culprit COMMAND: finds the command, prints its failure, exits with its
 * code. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/descriptors.h"
#include "cli/memory.h"
#include "cli/notice.h"
#include "cli/output.h"
#include "cli/refusals.h"
#include "cli/sandbox_identity.h"
#include "cli/version.h"

/* To add a command: write its record, add its line. */
static const struct command *const commands[] = {
	&command_analyze,
	&command_merge,
	&command_capture,
	&command_timeline,
	&command_compare,
	&command_probe,
	&command_explain,
};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *out)
{
	(void)fputs("Usage: culprit COMMAND [OPTION]... [OPERAND]...\nFinds "
		    "who ended a TCP connection, and shows the packets that "
		    "prove it.\n\n",
		out);
	for (int i = 0; i < COMMAND_COUNT; i++)
		(void)fprintf(out, "  culprit %-9s %-14s %s\n",
			commands[i]->name, commands[i]->operands,
			commands[i]->summary);
	(void)fputs("\n`culprit COMMAND --help` lists a command's options; "
		    "`culprit --version` the versions.\n",
		out);
}

static enum exit_code unknown_command(const char *word, struct failure *failure)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (option_is_near_miss(word, commands[i]->name)) {
			(void)failure_set(failure, EXIT_USAGE,
				"no command %s; did you mean %s?", word,
				commands[i]->name);
			return EXIT_USAGE;
		}
	(void)failure_set(failure, EXIT_USAGE,
		"no command %s; `culprit --help` lists them", word);
	return EXIT_USAGE;
}

static enum exit_code run(int argc, char **argv, struct failure *failure)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	const char *word = argv[1];
	bool is_help = strcmp(word, "help") == 0;

	/* "help analyze", as git and others take it */
	for (int i = 0; is_help && argc > 2 && i < COMMAND_COUNT; i++)
		if (strcmp(argv[2], commands[i]->name) == 0) {
			static char option[] = "--help";
			char *words[] = {argv[2], option, NULL};

			return command_do(commands[i], 2, words, failure);
		}
	if (is_help && argc > 2)
		return unknown_command(argv[2], failure);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || is_help) {
		usage(stdout);
		return output_end_answer(failure) ? EXIT_RAN
						  : failure->exit_code;
	}
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0 ||
		strcmp(word, "version") == 0) {
		version_print(stdout);
		return output_end_answer(failure) ? EXIT_RAN
						  : failure->exit_code;
	}
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(word, commands[i]->name) == 0)
			return command_do(
				commands[i], argc - 1, argv + 1, failure);
	return unknown_command(word, failure);
}

int main(int argc, char **argv)
{
	struct failure failure = {.exit_code = EXIT_RAN};

	descriptors_settle(argc, argv);
	if (descriptors_spare_input(argc, argv))
		return EXIT_USAGE;
	/* A limit of the size of files is a full disk. */
	(void)signal(SIGXFSZ, SIG_IGN); /* cannot fail: a valid signal */
	/* A reader that went away is not an accident: writing fails, and the
	 * command ends quietly. */
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail: a valid signal */
	enum exit_code code =
		memory_take_stack(&failure) && sandbox_identity_settle(&failure)
			? run(argc, argv, &failure)
			: failure.exit_code;

	if (failure.text[0] != '\0')
		notice_print("%s", failure.text);
	refusals_print(stderr);
	return (int)code;
}
