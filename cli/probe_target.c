#include "cli/probe_target.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/task_apart.h"

static void take(struct probe_target *target, const struct addrinfo *found)
{
	memset(target, 0, sizeof(*target));
	if (found->ai_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)found->ai_addr;

		target->family = 4;
		memcpy(target->address.bytes, &in->sin_addr, 4);
		return;
	}
	const struct sockaddr_in6 *in6 = (const void *)found->ai_addr;

	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		target->family = 4;
		memcpy(target->address.bytes, &in6->sin6_addr.s6_addr[12], 4);
		return;
	}
	target->family = 6;
	target->interface_index = in6->sin6_scope_id;
	memcpy(target->address.bytes, &in6->sin6_addr, 16);
}

static int find(const char *host, uint8_t family, int flags,
	struct probe_target *target)
{
	struct addrinfo *found = NULL;
	struct addrinfo hints = {
		.ai_family = family == 4   ? AF_INET
			     : family == 6 ? AF_INET6
					   : AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = flags,
	};
	int error = getaddrinfo(host, NULL, &hints, &found);

	if (error == 0 && found)
		take(target, found);
	if (found)
		freeaddrinfo(found);
	return error;
}

struct lookup {
	const char *host;
	uint8_t family;
};

static bool look_up(void *context, FILE *result, struct failure *failure)
{
	const struct lookup *lookup = context;
	struct probe_target target = {.family = 0};
	int error = find(lookup->host, lookup->family, AI_ADDRCONFIG, &target);

	if (error != 0)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s can't be looked up: %s", lookup->host,
			gai_strerror(error));
	/* What was lost shows when the result is read. */
	(void)fwrite(&target, sizeof(target), 1, result);
	return true;
}

static bool look_up_apart(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure)
{
	struct lookup lookup = {host, family};
	const struct task task = {look_up, &lookup};
	struct task_result result;

	if (!task_apart.do_task(&task, &result, failure))
		return false;
	bool is_whole = result.count == sizeof(*target);
	if (is_whole)
		memcpy(target, result.bytes, sizeof(*target));
	free(result.bytes);
	if (is_whole && (target->family == 4 || target->family == 6))
		return true;
	return failure_set(failure, EXIT_NO_TARGET,
		"%.200s can't be looked up: the resolver returned no address", host);
}

/* Such an address is one of a link. */
static bool is_link_local(const struct probe_target *target)
{
	const uint8_t *bytes = target->address.bytes;

	return target->family == 6 && bytes[0] == 0xfe &&
	       (bytes[1] & 0xc0) == 0x80;
}

/* "[2001:db8::1]", as reports and URLs have it. False: it is none. */
static bool take_brackets(const char *host, struct probe_target *target)
{
	char address[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
	size_t length = strlen(host);

	if (length < 2 || length - 2 >= sizeof(address) || host[0] != '[' ||
		host[length - 1] != ']')
		return false;
	memcpy(address, host + 1, length - 2);
	address[length - 2] = '\0';
	return find(address, 6, AI_NUMERICHOST, target) == 0;
}

bool probe_target_find(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure)
{
	bool is_number = find(host, 0, AI_NUMERICHOST, target) == 0 ||
			 take_brackets(host, target);
	const char *scope = strchr(host, '%');

	if (!is_number && scope)
		return failure_set(failure, EXIT_USAGE,
			"%.200s: what follows the %% is no interface here, or "
			"what precedes it is no link-local address",
			host);
	if (!is_number && !look_up_apart(host, family, target, failure))
		return false;
	if (is_link_local(target) && target->interface_index == 0)
		return failure_set(failure, EXIT_USAGE,
			"%.200s: a link-local address needs its interface: "
			"%.200s%%eth0",
			host, host);
	if (family && target->family != family)
		return failure_set(failure, EXIT_USAGE,
			"%.200s is no IPv%u address", host, family);
	return true;
}
