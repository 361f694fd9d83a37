/* Packets as the text of a trace: the ends that they have, what they include,
 * and of each packet what does not follow from that. */
#ifndef TESTS_SUPPORT_TRACE_WRITE_H
#define TESTS_SUPPORT_TRACE_WRITE_H

#include <stdio.h>

#include "capture/failure.h"
#include "capture/packet.h"

struct trace_writing {
	const struct packet *packets;
	unsigned count;
	/* what to write before each packet and after the last, count + 1 of
	 * them, ending in newlines; NULL: nothing, for one or for all */
	const char *const *notes;
	const char *includes; /* folder of files to include; NULL: none */
};

/* False and a sentence when a packet is too large for a line, the folder can't
 * be read, or the text not be written. */
bool trace_write(const struct trace_writing *writing, FILE *out,
	struct failure *failure);

/* The same as a string of that length, to be freed; NULL and a sentence. */
char *trace_write_text(const struct trace_writing *writing, size_t *length,
	struct failure *failure);

#endif
