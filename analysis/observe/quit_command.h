/* Commands with which a client ends its session, and waits for nothing more. */
#ifndef ANALYSIS_OBSERVE_QUIT_COMMAND_H
#define ANALYSIS_OBSERVE_QUIT_COMMAND_H

#include <stdbool.h>

#include "capture/packet.h"

enum {
	/* The payload of one is not longer, or begins so and is at most
	 * REPLY_BYTES long. */
	QUIT_COMMAND_BYTES = 32,
	QUIT_COMMAND_LONG = 'T',
};

/* Whether the packet's payload is such a command and nothing else; false where
 * it was not captured. */
bool quit_command_is(const struct packet *packet);

#endif
