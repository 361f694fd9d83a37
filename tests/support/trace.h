/* A trace: packets written down by hand (tests/support/packet_text.h), with a
 * story before and expectations among and after them. Lines that are empty or
 * begin with `#` say nothing to the program; those that begin with `expect `
 * are passed on as they are. */
#ifndef TESTS_SUPPORT_TRACE_H
#define TESTS_SUPPORT_TRACE_H

#include <stddef.h>

#include "capture/failure.h"
#include "capture/packet.h"

struct trace_expectation {
	const char *text; /* behind "expect ", without blanks at its ends */
	unsigned line;	  /* from 1 */
};

struct trace {
	struct packet *packets; /* numbered from 1 in `frame` */
	unsigned *lines;	/* of the packets, from 1 */
	unsigned packet_count;
	struct trace_expectation *expectations;
	unsigned expectation_count;
	char *text;	/* the lines, cut into strings */
	uint8_t *space; /* payloads */
};

/* Reads a trace; the packets' payloads live as long as it. NULL and a
 * sentence with name, line and column when a line can't be read, or the file
 * can't. Free it with trace_free. */
struct trace *trace_parse(const char *text, size_t length, const char *name,
	struct failure *failure);
struct trace *trace_read(const char *path, struct failure *failure);
void trace_free(struct trace *trace);

#endif
