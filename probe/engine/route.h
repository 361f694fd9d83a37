/* The route of packets to the target. netlink returns the kernel's interface,
 * source address, gateway and route MTU: libdnet knows no policy routing, no
 * on-link routes, no IPv6 source addresses. libdnet returns the interface's
 * MTU, and its own interface, source address and gateway for IPv4 are compared
 * with the kernel's. The only user of libdnet. */
#ifndef PROBE_ENGINE_ROUTE_H
#define PROBE_ENGINE_ROUTE_H

#include "capture/failure.h"
#include "capture/packet.h"

struct route {
	struct address own;	/* source address */
	struct address gateway; /* valid if has_gateway */
	uint32_t interface_index;
	uint32_t interface_mtu;
	uint32_t route_mtu; /* of the route, learned or set; 0: none */
	char interface[64];
	bool has_gateway;
	bool is_refused; /* loopback, multicast, broadcast: not to be probed */
	/* what libdnet and the kernel name differently, one sentence; "" */
	char disagreement[160];
};

/* False with a sentence when there is no route. `target` is of `family`;
 * `interface_index` is that of its link if the address is a link's, else 0. */
bool route_find(uint8_t family, const struct address *target,
	uint32_t interface_index,
	struct route *route, struct failure *failure);

/* "libdnet 1.16.3" */
const char *route_library_version(void);

#endif
