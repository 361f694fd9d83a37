/* Where the report goes: standard output or -o FILE, opened before anything is
 * read, and checked at the end that all of it arrived. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "capture/failure.h"
#include "cli/options.h"
#include "cli/run_files.h"
#include "report/style.h"

struct output {
	FILE *stream;
	int descriptor;		/* behind it */
	const char *path;	/* NULL: standard output */
	struct style style;	/* how text is to look there */
	bool has_progress_line; /* on standard error, a terminal */
};

/* Whether progress is to be shown: standard error is a terminal, and the user
 * did not ask for quiet. The sandbox answers this no more. */
bool output_has_progress_line(const struct common *common);

/* How wide text is to be there: by COLUMNS, by the terminal, else 100; 60 at
 * least and 160 at most. */
unsigned output_columns(int descriptor);

/* Opens the file of `common` as output_file_open does, or takes standard output
 * if it is none of `files`, and asks the terminals there and at standard error
 * what they are: the sandbox answers such questions no more. */
bool output_open(struct output *output, const struct common *common,
	struct run_files *files, struct failure *failure);

/* Whether it is a pipe that nobody reads any more. */
bool output_has_no_reader(int descriptor);

/* Of --help and --version, which have no report: false when something was lost
 * on standard output, as output_close. */
bool output_end_answer(struct failure *failure);

/* Flushes and closes. False when something was lost: with a sentence, or
 * without one when the reader of a pipe had merely gone away. */
bool output_close(struct output *output, struct failure *failure);

#endif
