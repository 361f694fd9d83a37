/* dumbnet.h first: its names clash with the system's otherwise. */
#include <dumbnet.h>

#include "probe/engine/route.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/engine/netlink.h"

static struct addr dumb_address(uint8_t family, const struct address *address)
{
	struct addr result = {
		.addr_type = ADDR_TYPE_IP, .addr_bits = IP_ADDR_BITS};

	if (family == 6)
		result = (struct addr){
			.addr_type = ADDR_TYPE_IP6, .addr_bits = IP6_ADDR_BITS};
	memcpy(&result.addr_ip6, address->bytes,
		family == 4 ? IP_ADDR_LEN : IP6_ADDR_LEN);
	return result;
}

/* A fresh handle per look-up: libdnet's remembers the source address of the
 * first question it was asked. */
static bool find_interface(struct route *route)
{
	struct intf_entry entry = {.intf_len = sizeof(entry)};
	intf_t *interfaces = intf_open();

	if (!interfaces)
		return false;
	(void)snprintf(entry.intf_name, sizeof(entry.intf_name), "%.15s",
		route->interface);
	bool is_found = intf_get(interfaces, &entry) == 0;
	(void)intf_close(interfaces);
	route->interface_mtu = entry.intf_mtu;
	return is_found && entry.intf_mtu >= 68;
}

/* libdnet answers for routes with a gateway only: no answer says nothing. */
static bool is_disputed(
	uint8_t family, const struct address *target, const struct route *route)
{
	struct route_entry entry = {.route_dst = dumb_address(family, target)};
	struct addr gateway = dumb_address(family, &route->gateway);
	route_t *routes = route_open();

	if (!routes)
		return false;
	bool is_known = route_get(routes, &entry) == 0;
	(void)route_close(routes);
	return is_known && route->has_gateway &&
	       addr_cmp(&entry.route_gw, &gateway) != 0;
}

static bool is_unprobable(uint8_t family, const struct address *target)
{
	const uint8_t *bytes = target->bytes;
	static const uint8_t loopback6[16] = {[15] = 1};

	if (family == 6)
		return bytes[0] == 0xff || memcmp(bytes, loopback6, 15) == 0;
	return bytes[0] == 0 || bytes[0] == 127 || bytes[0] >= 224;
}

bool route_find(uint8_t family, const struct address *target,
	struct route *route, struct failure *failure)
{
	memset(route, 0, sizeof(*route));
	if (is_unprobable(family, target)) {
		route->is_refused = true;
		return true;
	}
	if (!netlink_route(family, target, route, failure))
		return false;
	if (route->is_refused)
		return true;
	if (!find_interface(route))
		return failure_set(failure, EXIT_NO_TARGET,
			"%s: the MTU of the route's interface is not known: %s",
			route->interface, strerror(errno));
	route->is_disputed = is_disputed(family, target, route);
	return true;
}

/* Only the Makefile knows: libdnet has no call that tells its version. */
#ifndef DUMBNET_VERSION
#define DUMBNET_VERSION "of this system"
#endif

const char *route_library_version(void)
{
	return "libdnet (libdumbnet) " DUMBNET_VERSION;
}
