/* The files that traces include, to find their packets in others. */
#ifndef TESTS_SUPPORT_TRACE_INCLUDES_H
#define TESTS_SUPPORT_TRACE_INCLUDES_H

#include "capture/failure.h"
#include "capture/packet.h"
#include "tests/support/conversation.h"

enum { INCLUDES_MOST = 64 };

struct trace_include {
	char *name, *path, *text;
	size_t length;
};

struct trace_includes {
	struct trace_include include[INCLUDES_MOST];
	unsigned count;
};

/* Reads all files of a folder, in the order of their names. */
bool trace_includes_read(const char *folder, struct trace_includes *includes,
	struct failure *failure);
void trace_includes_free(struct trace_includes *includes);

/* How many packets the include makes, if those are the next of `packets`; else
 * 0. The conversation is then as after them. */
unsigned trace_include_match(const struct trace_include *include,
	const struct packet *packets, unsigned count,
	struct conversation *conversation);

#endif
