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
		"%.200s can't be looked up: the resolver returned no address",
		host);
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

/* "192.0.2.7:443", "[2001:db8::7]:443", "example.org:443": returns where the
 * port begins, or NULL. */
static const char *port_of(const char *host)
{
	const char *colon = strrchr(host, ':');
	bool is_port = colon && colon > host && colon[1] != '\0' &&
		       strspn(colon + 1, "0123456789") == strlen(colon + 1);

	/* An address of IPv6 has colons of its own. */
	return is_port && (colon[-1] == ']' || strchr(host, ':') == colon)
		       ? colon + 1
		       : NULL;
}

/* What looks like a target and is written otherwise: the failure shows how.
 * False: it is none of these. */
static bool is_written_wrong(const char *host, struct failure *failure)
{
	const char *port = port_of(host), *scheme = strstr(host, "://");
	const char *at = strrchr(host, '@');
	const char *bare = at ? at + 1 : scheme ? scheme + 3 : host;
	size_t length = strlen(host);

	if (length == 0 || strcmp(host, "[]") == 0)
		(void)failure_set(failure, EXIT_USAGE,
			"the host is empty: a name or an address is needed");
	else if (scheme)
		(void)failure_set(failure, EXIT_USAGE,
			"%.100s is a URL: culprit probe %.*s%s", host,
			(int)strcspn(bare, "/:?#"), bare,
			strncmp(host, "https:", 6) == 0	 ? " -p 443"
			: strncmp(host, "http:", 5) == 0 ? " -p 80"
							 : "");
	else if (at)
		(void)failure_set(failure, EXIT_USAGE,
			"%.100s: a host has no user: culprit probe %.100s",
			host, bare);
	else if (port)
		(void)failure_set(failure, EXIT_USAGE,
			"%.100s: the port has an option of its own: culprit "
			"probe %.*s -p %.10s",
			host, (int)(port - 1 - host), host, port);
	else if (length > 2 && host[0] == '[' && host[length - 1] == ']')
		(void)failure_set(failure, EXIT_USAGE,
			"%.100s: brackets are for IPv6 addresses, and this is "
			"none: culprit probe %.*s",
			host, (int)length - 2, host + 1);
	else
		return false;
	return true;
}

bool probe_target_find(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure)
{
	bool is_number = find(host, 0, AI_NUMERICHOST, target) == 0 ||
			 take_brackets(host, target);
	const char *scope = strchr(host, '%');

	if (!is_number && is_written_wrong(host, failure))
		return false;
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
