/* The lines of a trace, and of what it includes, one after the other. */
#ifndef TESTS_SUPPORT_TRACE_LINES_H
#define TESTS_SUPPORT_TRACE_LINES_H

#include "capture/failure.h"
#include "tests/support/conversation.h"
#include "tests/support/trace.h"

/* Bytes that live as long as their trace, and a zero behind them. */
struct trace_memory {
	struct trace_memory *next;
	char bytes[];
};

/* Copies bytes into the trace; NULL without memory. */
char *trace_keep(struct trace *trace, const void *bytes, size_t length);

/* Reads a file whole; NULL and a sentence if that can't be. To be freed. */
char *trace_file_read(
	const char *path, size_t *length, struct failure *failure);

/* Reads the lines of a text into trace and conversation. `name` is its path. */
bool trace_lines_read(struct trace *trace, struct conversation *conversation,
	const char *text, size_t length, const char *name,
	struct failure *failure);

#endif
