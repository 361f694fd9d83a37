#include "cli/command.h"

#include "cli/version.h"

bool command_answered(
	const struct command *command, const struct option_walk *walk)
{
	if (walk->has_version) {
		version_print(stdout);
		return true;
	}
	if (!walk->has_help)
		return false;
	(void)printf("Usage: culprit %s [OPTION]... %s\n%s\n\n", command->name,
		command->operands, command->summary);
	option_rows_print(command->options, stdout);
	(void)putchar('\n');
	option_rows_print(common_options, stdout);
	if (command->help)
		command->help(stdout);
	return true;
}
