/* A failure of the environment: what was tried, on what, and why it failed. */
#ifndef CAPTURE_FAILURE_H
#define CAPTURE_FAILURE_H

#include <stdbool.h>

/* Exit codes of the program; each failure knows its own. */
enum exit_code {
	EXIT_RAN = 0,
	EXIT_INPUT_CUT = 1,
	EXIT_USAGE = 2,
	EXIT_FAIL_ON = 3,
	EXIT_NO_PERMISSION = 4,
	EXIT_NO_TARGET = 5,
};

/* Of a sentence as it is written; as it is shown, each byte may take four. */
enum { FAILURE_BYTES = 512, FAILURE_SHOWN_BYTES = 4 * FAILURE_BYTES };

struct failure {
	enum exit_code exit_code;
	char text[FAILURE_SHOWN_BYTES]; /* one sentence, no newline, made safe
					   for terminals */
};

/* Writes the sentence; always returns false, so that the place that knows the
 * cause can say `return failure_set(failure, ...)`. */
bool failure_set(struct failure *failure, enum exit_code exit_code,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
