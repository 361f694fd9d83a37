/* A command of the program: one const record each, listed in main.c, and the
 * one skeleton that runs it: parse, open, sandbox, run, report, exit code. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "capture/failure.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run_files.h"
#include "cli/sandbox.h"

struct command;
struct command_steps;

/* One run of a command, from its command line to its exit code. */
struct command_run {
	const struct command *command;
	const struct command_steps *steps; /* the command's; `check` may choose
					      others */
	struct common common;  /* the format is settled before `check` */
	const char **operands; /* of argv; the array is the skeleton's */
	unsigned operand_count;
	void *state; /* the command's own; all zero at first */
	struct run_files files;
	struct output output;
	bool is_without_report; /* `check` says so: no output is opened */
};

/* What a command does with a command line that is right, in this order. A NULL
 * is a step that it does not have. Those that return false fill the failure in;
 * the run ends with its exit code. */
struct command_steps {
	/* What it reads; adds inputs to run->files. Then the skeleton opens the
	 * report's output. */
	bool (*open)(struct command_run *run, struct failure *failure);
	/* What else it writes, and whatever takes privilege. */
	bool (*prepare)(struct command_run *run, struct failure *failure);
	/* Then the sandbox is entered, if there is foreign input. */
	bool is_sandboxed;
	enum sandbox_kind sandbox;
	/* Reads the first foreign bytes. Then files that are overwritten are
	 * emptied, unless run_files_begin did it before. */
	bool (*begin)(struct command_run *run, struct failure *failure);
	/* Not then: what is read may refuse the run, and `work` calls
	 * run_files_begin before it writes the first byte. */
	bool is_begun_by_work;
	/* Goes through the input and reports to run->output. Then the skeleton
	 * closes the output; when that loses something, the exit code is
	 * EXIT_INPUT_CUT, else what is returned here. */
	enum exit_code (*work)(
		struct command_run *run, struct failure *failure);
	/* Closes what the state holds, however far the run came. */
	void (*close)(struct command_run *run);
};

struct command {
	const char *name;
	const char *operands; /* as help shows them: "FILE..." */
	const char *summary;  /* one line */
	const struct option_row *options;
	enum operand_order order;
	enum report_kind reports; /* its formats are those that can */
	void (*help)(FILE *out);  /* more lines of --help; NULL: none */
	size_t state_bytes;
	/* Stores one of `options`. NULL where there are none. */
	bool (*take_option)(struct command_run *run, int id,
		const char *argument, struct failure *failure);
	/* Whether the whole command line makes sense. NULL: any does. */
	bool (*check)(struct command_run *run, struct failure *failure);
	struct command_steps steps;
};

extern const struct command command_analyze;
extern const struct command command_merge;
extern const struct command command_capture;
extern const struct command command_timeline;
extern const struct command command_compare;
extern const struct command command_probe;
extern const struct command command_explain;

/* An operand that came as an option: `-r FILE`. */
void command_add_operand(struct command_run *run, const char *operand);

/* Whether a recording to `path` leaves standard output to the report: `-w -`
 * does so only with -o FILE. NULL is no recording. */
bool command_check_recording(const struct command_run *run, const char *path,
	struct failure *failure);

/* `more` failed too, unless it has no sentence: an earlier sentence of
 * `failure` is told, and `failure` is `more` from now on. */
void command_add_failure(struct failure *failure, const struct failure *more);

/* The exit code of a run that came to `code`, where some of its output may have
 * been lost: that is told, and hides no other code. */
enum exit_code command_code(enum exit_code code, bool is_whole);

/* Runs it; argv[0] is the command's name. Returns the exit code; `failure` has
 * a sentence when there is something to be said about it. */
enum exit_code command_do(const struct command *command, int argc, char **argv,
	struct failure *failure);

#endif
