/* The skeleton of all commands. The order of its steps is what
 * docs/architecture.md promises: everything is opened, then privilege is given
 * up, and only then the first foreign byte is read. The exit code comes from
 * here: that of the first step that failed, or of what `work` found, or
 * EXIT_INPUT_CUT when that is nothing and an output did not arrive whole. */
#include "cli/command.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/notice.h"
#include "cli/output_file.h"
#include "cli/version.h"

bool command_check_recording(const struct command_run *run, const char *path,
	struct failure *failure)
{
	return !path || !output_file_is_standard(path) ||
	       run->common.output_path ||
	       failure_set(failure, EXIT_USAGE,
		       "-w - takes standard output for the recording: send "
		       "the report elsewhere with -o FILE");
}

/* "--json  one JSON object per line; also -o FILE.json" */
static void print_formats(enum report_kind kind)
{
	const struct report_format *format;

	(void)puts("\nFormats:");
	for (unsigned i = 0; (format = report_format_at(i)) != NULL; i++) {
		char help[128];
		struct option_row rows[] = {option_of_format(format, i), {0}};

		if (!report_format_has(format, kind))
			continue;
		(void)snprintf(help, sizeof(help), "%s%s%s%s", format->help,
			format == report_format_usual(kind) ? " (the usual)"
							    : "",
			format->suffix ? "; also -o FILE" : "",
			format->suffix ? format->suffix : "");
		rows[0].help = help;
		option_rows_print(rows, stdout);
	}
}

/* Answers --help and --version; false when neither was asked for. */
static bool answer(
	const struct command *command, const struct option_walk *walk)
{
	if (walk->has_version) {
		version_print(stdout);
		return true;
	}
	if (!walk->has_help)
		return false;
	(void)printf("Usage: culprit %s [OPTION]... %s\n%c%s.\n\n",
		command->name, command->operands,
		toupper((unsigned char)command->summary[0]),
		command->summary + 1);
	if (command->options && command->options[0].id != 0) {
		option_rows_print(command->options, stdout);
		(void)putchar('\n');
	}
	option_rows_print(common_options, stdout);
	print_formats(command->reports);
	if (command->help)
		command->help(stdout);
	return true;
}

void command_add_operand(struct command_run *run, const char *operand)
{
	run->operands[run->operand_count++] = operand;
}

/* A browser's report has an option of its own, since it comes beside others. */
static bool is_page_asked_for(const struct command_run *run)
{
	const char *path = run->common.output_path;
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (!dot || strcmp(dot, ".html") != 0 || run->common.format)
		return false;
	for (const struct option_row *row = run->command->options; row->id;
		row++)
		if (row->name && strcmp(row->name, "html") == 0)
			return true;
	return false;
}

/* As an option says, or the name of the report's file, or as is usual. */
static bool choose_format(struct command_run *run, struct failure *failure)
{
	struct common *common = &run->common;
	const struct command *command = run->command;
	const struct report_format *usual =
		report_format_usual(command->reports);

	if (is_page_asked_for(run))
		return failure_set(failure, EXIT_USAGE,
			"-o %.200s: the report for a browser is written by "
			"--html FILE; --%s with -o writes words there",
			common->output_path, usual->name);
	if (!common->format && common->output_path)
		common->format = report_format_of_file(
			common->output_path, command->reports);
	if (!common->format)
		common->format = usual;
	if (!report_format_has(common->format, command->reports))
		return failure_set(failure, EXIT_USAGE,
			"%s can't report as --%s; `culprit %s --help` lists "
			"its formats",
			command->name, common->format->name, command->name);
	return !common->format->is_binary || common->output_path ||
	       !isatty(STDOUT_FILENO) ||
	       failure_set(failure, EXIT_USAGE,
		       "--%s is not for a terminal: send it to a file with -o "
		       "FILE%s",
		       common->format->name, common->format->suffix);
}

/* False with a failure when the command line is wrong. */
static bool parse(struct command_run *run, int argc, char **argv,
	bool *is_answered, struct failure *failure)
{
	const struct command *command = run->command;
	struct option_walk walk;
	const char *argument;
	int operand, id;

	option_walk_begin(&walk, command->options, command->order, &run->common,
		argc, argv);
	while ((id = option_walk_next(&walk, &argument, &operand, failure)) >=
		0)
		if (!command->take_option(run, id, argument, failure))
			return false;
	if (id == OPTION_WRONG)
		return false;
	*is_answered = answer(command, &walk);
	if (*is_answered)
		return true;
	for (; operand < argc; operand++)
		command_add_operand(run, argv[operand]);
	return choose_format(run, failure) &&
	       (!command->check || command->check(run, failure));
}

static bool open_files(struct command_run *run, struct failure *failure)
{
	const struct command_steps *steps = run->steps;

	return (!steps->open || steps->open(run, failure)) &&
	       (run->is_without_report ||
		       output_open(&run->output, &run->common, &run->files,
			       failure)) &&
	       (!steps->prepare || steps->prepare(run, failure));
}

static bool open_all(struct command_run *run, struct failure *failure)
{
	const struct command_steps *steps = run->steps;

	if (!open_files(run, failure)) {
		output_files_remove(&run->files);
		return false;
	}
	if (steps->is_sandboxed && !sandbox_enter(steps->sandbox, failure))
		return false;
	if (steps->begin && !steps->begin(run, failure))
		return false;
	return steps->is_begun_by_work ||
	       run_files_begin(&run->files, failure);
}

void command_add_failure(struct failure *failure, const struct failure *more)
{
	if (more->text[0] == '\0')
		return;
	if (failure->text[0] != '\0')
		notice_print("%s", failure->text);
	*failure = *more;
}

enum exit_code command_code(enum exit_code code, bool is_whole)
{
	return code == EXIT_RAN && !is_whole ? EXIT_INPUT_CUT : code;
}

/* What was lost is said, whatever else there was to say. */
static enum exit_code work(struct command_run *run, struct failure *failure)
{
	enum exit_code code = run->steps->work(run, failure);
	struct failure lost = {.text = ""};

	if (!run->output.stream || output_close(&run->output, &lost))
		return code;
	command_add_failure(failure, &lost);
	return command_code(code, false);
}

static void close_all(struct command_run *run)
{
	struct failure ignored; /* of a report that was not begun */

	if (run->steps->close)
		run->steps->close(run);
	if (run->output.stream)
		(void)output_close(&run->output, &ignored);
	run_files_free(&run->files);
}

enum exit_code command_do(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct command_run run = {.command = command, .steps = &command->steps};
	enum exit_code code = EXIT_RAN;
	bool is_answered = false;

	/* calloc may return NULL for nothing */
	run.state = calloc(1, command->state_bytes + 1);
	run.operands = calloc((size_t)argc + 1, sizeof(*run.operands));
	if (!run.state || !run.operands) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		code = failure->exit_code;
	} else if (!parse(&run, argc, argv, &is_answered, failure)) {
		code = failure->exit_code;
	} else if (is_answered) {
		code = output_end_answer(failure) ? EXIT_RAN
						  : failure->exit_code;
	} else {
		code = open_all(&run, failure) ? work(&run, failure)
					       : failure->exit_code;
		close_all(&run);
	}
	free(run.state);
	free(run.operands);
	return code;
}
