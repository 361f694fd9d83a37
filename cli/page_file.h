/* The file of an HTML report, --html FILE: it is written beside the report for
 * the terminal, by the same rules as that of -o. */
#ifndef CLI_PAGE_FILE_H
#define CLI_PAGE_FILE_H

#include <stdio.h>

#include "cli/command.h"

struct page_file {
	const char *path; /* NULL: none is asked for */
	FILE *stream;
};

/* Whether it leaves standard output to the report: `--html -` does so only with
 * -o FILE, or where there is no report. False with a sentence about wrong
 * usage. */
bool page_file_check(const struct page_file *file,
	const struct command_run *run, struct failure *failure);

/* Opens it and adds it to the run's files; true when none is asked for. */
bool page_file_open(struct page_file *file, struct command_run *run,
	struct failure *failure);

/* Flushes and closes it, if it is open. False when something was lost, with
 * exit code EXIT_INPUT_CUT and a sentence, or without one when the reader of a
 * pipe had merely gone away. */
bool page_file_close(struct page_file *file, struct failure *failure);

#endif
