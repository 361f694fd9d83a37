/* What the ends of recorded packets have in common, so that a trace can say it
 * once. */
#ifndef TESTS_SUPPORT_TRACE_ENDS_H
#define TESTS_SUPPORT_TRACE_ENDS_H

#include <stdio.h>

#include "capture/packet.h"
#include "tests/support/conversation.h"

/* Writes the lines of ends that are of use before packet `index`: names for
 * addresses that appear, the ports of a connection that begins, numbers that
 * count anew. The conversation follows. */
void trace_ends_write(const struct packet *packets, unsigned count,
	unsigned index, struct conversation *conversation, FILE *out);

#endif
