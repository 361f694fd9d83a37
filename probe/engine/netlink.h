/* The route by which the kernel would send to an address. */
#ifndef PROBE_ENGINE_NETLINK_H
#define PROBE_ENGINE_NETLINK_H

#include "probe/engine/route.h"

/* Fills `route` except the interface's MTU; false with a sentence when the
 * kernel has no route. */
bool netlink_route(uint8_t family, const struct address *target,
	uint32_t interface_index,
	struct route *route, struct failure *failure);

#endif
