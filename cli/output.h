/* Where the report goes: standard output or -o FILE, opened before anything is
 * read, and checked at the end that all of it arrived. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "capture/failure.h"
#include "cli/options.h"
#include "report/style.h"

struct output {
	FILE *stream;
	const char *path;	/* NULL: standard output */
	struct style style;	/* how text is to look there */
	bool has_progress_line; /* on standard error, a terminal */
};

/* Opens (truncates) the file of `common`, or takes standard output, and asks
 * the terminals there and at standard error what they are: the sandbox answers
 * such questions no more. */
bool output_open(struct output *output, const struct common *common,
	struct failure *failure);

/* Flushes and closes. False when something was lost: with a sentence, or
 * without one when the reader of a pipe had merely gone away. */
bool output_close(struct output *output, struct failure *failure);

#endif
