/* Keeps this host's kernel from resetting connections that it does not know: a
 * listening TCP socket and a UDP socket on the source port that drop
 * everything. Segments that find the listener are dropped instead of being
 * answered with a reset (Linux' tcp_v4_rcv): by a socket filter, or, where that
 * takes a privilege that is missing, because they have been forwarded (least
 * hop limit 255). Nothing is to be undone: the sockets go with the process,
 * however it ends. */
#ifndef PROBE_TCP_RST_GUARD_H
#define PROBE_TCP_RST_GUARD_H

#include "capture/failure.h"
#include "capture/packet.h"

struct rst_guard {
	int stream, datagram; /* -1: not open */
	uint16_t port;	      /* of both */
};

/* Takes a free port of the source address, which a link-local one has on the
 * link of an interface only; even or odd as `parity` (0 or 1) says: load
 * balancers that choose by a port's lowest bits send both ways. Linux gives odd
 * ports to bind() and even ones to connect(), as clients call it. Needs no
 * privilege. */
bool rst_guard_open(struct rst_guard *guard, uint8_t family,
	const struct address *own, uint32_t interface_index, unsigned parity,
	struct failure *failure);
void rst_guard_close(struct rst_guard *guard);

#endif
