/* The kernel's own answer to "how would you send to this address?" */
#ifndef PROBE_ENGINE_NETLINK_H
#define PROBE_ENGINE_NETLINK_H

#include "probe/engine/route.h"

/* Fills everything of `route` but the interface's MTU; false with a
 * sentence when the kernel knows no way. */
bool netlink_route(uint8_t family, const struct address *target,
	struct route *route, struct failure *failure);

#endif
