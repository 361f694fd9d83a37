#include "probe/engine/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <time.h>

struct route_reply {
	struct route *route;
	uint8_t family, type;
	bool has_source;
};

static void take_address(
	struct address *address, uint8_t family, const struct nlattr *attribute)
{
	size_t wanted = address_bytes_of(family);

	if (mnl_attr_get_payload_len(attribute) < wanted)
		return;
	memset(address, 0, sizeof(*address));
	memcpy(address->bytes, mnl_attr_get_payload(attribute), wanted);
}

static int on_metric(const struct nlattr *attribute, void *context)
{
	struct route_reply *reply = context;

	if (mnl_attr_get_type(attribute) == RTAX_MTU &&
		mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
		reply->route->route_mtu = mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

static int on_attribute(const struct nlattr *attribute, void *context)
{
	struct route_reply *reply = context;
	struct route *route = reply->route;

	switch (mnl_attr_get_type(attribute)) {
	case RTA_PREFSRC:
		take_address(&route->own, reply->family, attribute);
		reply->has_source = true;
		break;
	case RTA_GATEWAY:
		take_address(&route->gateway, reply->family, attribute);
		route->has_gateway = true;
		break;
	case RTA_OIF:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
			route->interface_index = mnl_attr_get_u32(attribute);
		break;
	case RTA_METRICS:
		(void)mnl_attr_parse_nested(attribute, on_metric, reply);
		break;
	default: /* the attributes that are used */
		break;
	}
	return MNL_CB_OK;
}

static int on_message(const struct nlmsghdr *header, void *context)
{
	struct route_reply *reply = context;
	const struct rtmsg *message = mnl_nlmsg_get_payload(header);

	reply->type = message->rtm_type;
	(void)mnl_attr_parse(header, sizeof(*message), on_attribute, reply);
	return MNL_CB_OK;
}

static struct nlmsghdr *route_request(char *buffer, uint8_t family,
	const struct address *target, uint32_t interface_index,
	uint32_t sequence)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	struct rtmsg *message =
		mnl_nlmsg_put_extra_header(header, sizeof(*message));
	uint16_t bytes = (uint16_t)address_bytes_of(family);

	header->nlmsg_type = RTM_GETROUTE;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = sequence;
	message->rtm_family = family == 4 ? AF_INET : AF_INET6;
	message->rtm_dst_len = (unsigned char)(bytes * 8);
	mnl_attr_put(header, RTA_DST, bytes, target->bytes);
	/* The kernel looks up the route for UDP by default
	 * (inet_rtm_getroute); policy routing may differ for UDP. */
	mnl_attr_put_u8(header, RTA_IP_PROTO, PROTOCOL_TCP);
	if (interface_index)
		mnl_attr_put_u32(header, RTA_OIF, interface_index);
	return header;
}

static bool talk(struct mnl_socket *socket, uint8_t family,
	const struct address *target, uint32_t interface_index,
	struct route_reply *reply, char *problem, size_t problem_bytes)
{
	char buffer[8192];
	uint32_t sequence = 1;
	struct nlmsghdr *header =
		route_request(buffer, family, target, interface_index,
			sequence);
	ssize_t bytes;

	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
		mnl_socket_sendto(socket, header, header->nlmsg_len) < 0 ||
		(bytes = mnl_socket_recvfrom(socket, buffer, sizeof(buffer))) <=
			0 ||
		mnl_cb_run(buffer, (size_t)bytes, sequence,
			mnl_socket_get_portid(socket), on_message, reply) < 0) {
		(void)strncpy(problem, strerror(errno), problem_bytes - 1);
		problem[problem_bytes - 1] = '\0';
		return false;
	}
	return true;
}

bool netlink_route(uint8_t family, const struct address *target,
	uint32_t interface_index, struct route *route, struct failure *failure)
{
	struct route_reply reply = {.route = route, .family = family};
	char problem[128] = "";
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);

	if (!socket)
		return failure_set(failure, EXIT_NO_TARGET,
			"the kernel's routes can't be asked for: %s",
			strerror(errno));
	bool is_known =
		talk(socket, family, target, interface_index, &reply, problem,
			sizeof(problem));
	(void)mnl_socket_close(socket); /* nothing was written to it */
	if (!is_known)
		return failure_set(failure, EXIT_NO_TARGET,
			"there is no route to the target: %s", problem);
	route->is_refused =
		reply.type == RTN_LOCAL || reply.type == RTN_MULTICAST ||
		reply.type == RTN_BROADCAST || reply.type == RTN_ANYCAST;
	if (reply.type != RTN_UNICAST && !route->is_refused)
		return failure_set(failure, EXIT_NO_TARGET,
			"the route to the target leads nowhere (type %u)",
			reply.type);
	if (!route->is_refused &&
		(!reply.has_source || route->interface_index == 0))
		return failure_set(failure, EXIT_NO_TARGET,
			"the route to the target has no source address");
	if (!route->is_refused &&
		!if_indextoname(route->interface_index, route->interface))
		return failure_set(failure, EXIT_NO_TARGET,
			"interface %u of the route to the target is gone: %s",
			route->interface_index, strerror(errno));
	return true;
}
