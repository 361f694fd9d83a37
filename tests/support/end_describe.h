/* What the packets of one side of a connection have in common: its end. */
#ifndef TESTS_SUPPORT_END_DESCRIBE_H
#define TESTS_SUPPORT_END_DESCRIBE_H

#include "capture/packet.h"
#include "tests/support/conversation.h"

/* The packets of a connection, among others. */
struct recorded {
	const struct packet *packets;
	unsigned count;
};

/* Changes the end into what the packets along `way` have. The end may differ
 * from packet to packet, and then the packet says so; it can't be wrong. */
void end_describe(const struct recorded *recorded, const struct packet *way,
	struct conversation_end *end);

#endif
