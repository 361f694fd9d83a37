/* libdnet first: its names clash with the system's otherwise. Debian, where
 * another library had its name already, calls it libdumbnet. */
#if __has_include(<dumbnet.h>)
#include <dumbnet.h>
#define LIBRARY "libdnet (libdumbnet) "
#else
#include <dnet.h>
#define LIBRARY "libdnet "
#endif

#include "probe/engine/route.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/engine/netlink.h"

static struct addr dumb_address(const struct address *address)
{
	struct addr result = {
		.addr_type = ADDR_TYPE_IP, .addr_bits = IP_ADDR_BITS};

	memcpy(&result.addr_ip, address->bytes, IP_ADDR_LEN);
	return result;
}

enum { MOST_ALIASES = 64 };

/* An interface with room for its further addresses. */
union interface_entry {
	struct intf_entry entry;
	unsigned char room[sizeof(struct intf_entry) +
			   MOST_ALIASES * sizeof(struct addr)];
};

static bool has_address(const struct intf_entry *entry, const struct addr *own)
{
	bool is_found = memcmp(&entry->intf_addr.addr_ip, &own->addr_ip,
				IP_ADDR_LEN) == 0;

	for (u_int i = 0; i < entry->intf_alias_num && !is_found; i++)
		is_found =
			entry->intf_alias_addrs[i].addr_type == ADDR_TYPE_IP &&
			memcmp(&entry->intf_alias_addrs[i].addr_ip,
				&own->addr_ip, IP_ADDR_LEN) == 0;
	return is_found;
}

/* A fresh handle per look-up: libdnet's keeps the source address of its first
 * look-up. */
static bool interface_to(
	const struct addr *target, union interface_entry *interface)
{
	struct addr copy = *target;
	intf_t *interfaces = intf_open();

	memset(interface, 0, sizeof(*interface));
	interface->entry.intf_len = sizeof(*interface);
	if (!interfaces)
		return false;
	bool is_found = intf_get_dst(interfaces, &interface->entry, &copy) == 0;
	(void)intf_close(interfaces);
	return is_found;
}

static bool find_interface_mtu(struct route *route)
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

/* The gateway that libdnet knows; libdnet finds only routes with a gateway, so
 * no result means nothing. */
static bool gateway_to(const struct addr *target, struct addr *gateway)
{
	struct route_entry entry = {.route_dst = *target};
	route_t *routes = route_open();

	if (!routes)
		return false;
	bool is_known = route_get(routes, &entry) == 0;
	(void)route_close(routes);
	*gateway = entry.route_gw;
	return is_known;
}

static void say_disagreement(struct route *route, const char *what,
	const char *libdnet, const char *kernel)
{
	(void)snprintf(route->disagreement, sizeof(route->disagreement),
		"libdnet names %s %.40s, the kernel %.40s; the kernel's is "
		"used",
		what, libdnet, kernel);
}

/* Holds libdnet's interface, source address and gateway (IPv4) beside those by
 * which the kernel would send. They differ where libdnet can't see: policy
 * routing, marks, more than one routing table. */
static void compare(const struct address *target, struct route *route)
{
	struct addr destination = dumb_address(target);
	struct addr own = dumb_address(&route->own);
	struct addr gateway = dumb_address(&route->gateway), named;
	union interface_entry interface;
	char text[2][IP_ADDR_LEN * 4];

	if (interface_to(&destination, &interface)) {
		if (strcmp(interface.entry.intf_name, route->interface) != 0) {
			say_disagreement(route, "interface",
				interface.entry.intf_name, route->interface);
			return;
		}
		if (!has_address(&interface.entry, &own)) {
			(void)addr_ntop(&interface.entry.intf_addr, text[0],
				sizeof(text[0]));
			(void)addr_ntop(&own, text[1], sizeof(text[1]));
			say_disagreement(
				route, "source address", text[0], text[1]);
			return;
		}
	}
	if (gateway_to(&destination, &named) &&
		(!route->has_gateway || addr_cmp(&named, &gateway) != 0)) {
		(void)addr_ntop(&named, text[0], sizeof(text[0]));
		if (route->has_gateway)
			(void)addr_ntop(&gateway, text[1], sizeof(text[1]));
		say_disagreement(route, "gateway", text[0],
			route->has_gateway ? text[1] : "none");
	}
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
	uint32_t interface_index, struct route *route, struct failure *failure)
{
	memset(route, 0, sizeof(*route));
	if (is_unprobable(family, target)) {
		route->is_refused = true;
		return true;
	}
	if (!netlink_route(family, target, interface_index, route, failure))
		return false;
	if (route->is_refused)
		return true;
	if (!find_interface_mtu(route))
		return failure_set(failure, EXIT_NO_TARGET,
			"%s: the MTU of the route's interface is not known: %s",
			route->interface, strerror(errno));
	if (family == 4)
		compare(target, route);
	return true;
}

/* From make/flags.sh: libdnet has no call that returns its version. */
#ifndef LIBDNET_VERSION
#define LIBDNET_VERSION "of this system"
#endif

const char *route_library_version(void)
{
	return LIBRARY LIBDNET_VERSION;
}
