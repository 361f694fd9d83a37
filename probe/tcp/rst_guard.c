#include "probe/tcp/rst_guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TRIES = 16,
	MOST_TTL = 255, /* of a packet that no router has forwarded */
};

/* Drops segments by their hop limit (RFC 5082): those that any router has
 * forwarded, and those that begin with less, as all of Linux do. That takes no
 * privilege, and Linux counts such drops as it counts the filter's. */
static bool drop_forwarded(int descriptor, uint8_t family)
{
	int least = MOST_TTL;

	return family == 4 ? setsockopt(descriptor, IPPROTO_IP, IP_MINTTL,
				     &least, sizeof(least)) == 0
			   : setsockopt(descriptor, IPPROTO_IPV6,
				     IPV6_MINHOPCOUNT, &least,
				     sizeof(least)) == 0;
}

static bool drop_all(int descriptor)
{
	struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct sock_fprog program = {1, &nothing};
	int yes = 1;

	/* An attacker who takes control of the process later can't remove the
	 * filter. */
	return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		       sizeof(program)) == 0 &&
	       setsockopt(descriptor, SOL_SOCKET, SO_LOCK_FILTER, &yes,
		       sizeof(yes)) == 0;
}

/* Linux 6.18 wants CAP_NET_ADMIN for a TCP socket's filter. Without it the hop
 * limit alone decides. */
static bool drop_segments(int descriptor, uint8_t family)
{
	return drop_all(descriptor) ||
	       (errno == EPERM && drop_forwarded(descriptor, family));
}

/* Datagrams that the filter does not drop wait, unread, in the smallest
 * buffer that there is: without the socket they were answered. */
static bool drop_datagrams(int descriptor)
{
	int least = 0;

	return drop_all(descriptor) ||
	       (errno == EPERM && setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF,
					 &least, sizeof(least)) == 0);
}

/* The kernel takes a scope for link-local addresses only. */
static socklen_t socket_address(struct sockaddr_storage *storage,
	uint8_t family, const struct address *own, uint32_t interface_index,
	uint16_t port)
{
	memset(storage, 0, sizeof(*storage));
	if (family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)storage;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, own->bytes, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, own->bytes, 16);
	in6->sin6_scope_id = interface_index;
	return sizeof(*in6);
}

/* The port is in network order at the same place in both families. */
static uint16_t port_of(int descriptor)
{
	struct sockaddr_storage storage = {0};
	socklen_t bytes = sizeof(storage);
	uint16_t port;

	if (getsockname(descriptor, (struct sockaddr *)&storage, &bytes) != 0)
		return 0;
	memcpy(&port,
		(const char *)&storage + offsetof(struct sockaddr_in, sin_port),
		sizeof(port));
	return ntohs(port);
}

/* A port that was free just now, or the one beside it; 0: none. */
static uint16_t choose_port(uint8_t family, const struct address *own,
	uint32_t interface_index, unsigned parity)
{
	struct sockaddr_storage storage;
	socklen_t bytes =
		socket_address(&storage, family, own, interface_index, 0);
	int descriptor = socket(family == 4 ? AF_INET : AF_INET6,
		SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint16_t port = 0;

	if (descriptor < 0)
		return 0;
	if (bind(descriptor, (struct sockaddr *)&storage, bytes) == 0)
		port = port_of(descriptor);
	(void)close(descriptor);
	return port ? (uint16_t)((port & ~1u) | parity) : 0;
}

static bool try_port(struct rst_guard *guard, uint8_t family,
	const struct address *own, uint32_t interface_index, uint16_t port)
{
	int domain = family == 4 ? AF_INET : AF_INET6;
	struct sockaddr_storage storage;
	socklen_t bytes =
		socket_address(&storage, family, own, interface_index, port);

	guard->stream = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
	guard->datagram = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* The filter has to be there before the socket can hear. */
	if (guard->stream < 0 || guard->datagram < 0 ||
		!drop_segments(guard->stream, family) ||
		!drop_datagrams(guard->datagram) ||
		bind(guard->stream, (struct sockaddr *)&storage, bytes) != 0)
		return false;
	guard->port = port_of(guard->stream);
	bytes = socket_address(
		&storage, family, own, interface_index, guard->port);
	return guard->port != 0 && listen(guard->stream, 1) == 0 &&
	       bind(guard->datagram, (struct sockaddr *)&storage, bytes) == 0;
}

bool rst_guard_open(struct rst_guard *guard, uint8_t family,
	const struct address *own, uint32_t interface_index, unsigned parity,
	struct failure *failure)
{
	for (int i = 0; i < TRIES; i++) {
		uint16_t port = i < TRIES / 2
					? choose_port(family, own,
						  interface_index, parity)
					: 0; /* any, where all are taken */

		*guard = (struct rst_guard){-1, -1, 0};
		if (try_port(guard, family, own, interface_index, port))
			return true;
		int error = errno;
		rst_guard_close(guard);
		errno = error;
	}
	return failure_set(failure, EXIT_NO_TARGET,
		"no source port could be guarded: %s", strerror(errno));
}

void rst_guard_close(struct rst_guard *guard)
{
	if (guard->stream >= 0)
		(void)close(guard->stream);
	if (guard->datagram >= 0)
		(void)close(guard->datagram);
	*guard = (struct rst_guard){-1, -1, 0};
}
