#include "cli/probe_target.h"

#include <arpa/inet.h>
#include <cap-ng.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* The child's whole life. */
static void look_up(const char *host, uint8_t family, int descriptor)
{
	struct {
		int error;
		struct probe_target target;
	} answer = {0};

	capng_clear(CAPNG_SELECT_BOTH);
	/* Root without capabilities still reads root's files, and no more:
	 * name servers are reached as anybody. */
	if (capng_apply(CAPNG_SELECT_BOTH) != 0 &&
		capng_apply(CAPNG_SELECT_CAPS) != 0)
		_exit(1);
	answer.error = find(host, family, AI_ADDRCONFIG, &answer.target);
	_exit(write(descriptor, &answer, sizeof(answer)) ==
				(ssize_t)sizeof(answer)
			? 0
			: 1);
}

static bool look_up_apart(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure)
{
	struct {
		int error;
		struct probe_target target;
	} answer = {.error = EAI_FAIL};
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s can't be looked up: no process for it", host);
	if (child == 0)
		look_up(host, family, ends[1]);
	(void)close(ends[1]);
	ssize_t bytes = read(ends[0], &answer, sizeof(answer));
	(void)close(ends[0]);
	(void)waitpid(child, NULL, 0); /* what it found is what it wrote */
	if (bytes != (ssize_t)sizeof(answer) || answer.error != 0)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s can't be looked up: %s", host,
			gai_strerror(answer.error ? answer.error : EAI_FAIL));
	*target = answer.target;
	return true;
}

/* Such an address is one of a link, which nothing names here. */
static bool is_link_local(const struct probe_target *target)
{
	const uint8_t *bytes = target->address.bytes;

	return target->family == 6 && bytes[0] == 0xfe &&
	       (bytes[1] & 0xc0) == 0x80;
}

bool probe_target_find(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure)
{
	bool is_number = find(host, 0, AI_NUMERICHOST, target) == 0;

	if (!is_number && !strchr(host, '%') &&
		!look_up_apart(host, family, target, failure))
		return false;
	if (strchr(host, '%') || is_link_local(target))
		return failure_set(failure, EXIT_USAGE,
			"%.200s: link-local addresses are not probed", host);
	if (family && target->family != family)
		return failure_set(failure, EXIT_USAGE,
			"%.200s is no IPv%u address", host, family);
	return true;
}
