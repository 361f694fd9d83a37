/* Keeps our own kernel quiet about connections that it does not know: a
 * listening TCP socket and a UDP socket on the source port, both with a filter
 * that drops everything. Segments that find the listener are dropped by the
 * filter instead of being answered with a reset (Linux' tcp_v4_rcv). Nothing is
 * to be undone: the sockets go with the process, however it ends. */
#ifndef PROBE_GUARD_H
#define PROBE_GUARD_H

#include "capture/failure.h"
#include "capture/packet.h"

struct guard {
	int stream, datagram; /* -1: not open */
	uint16_t port;	      /* of both */
};

/* Takes a free port of the source address. Needs no privilege. */
bool guard_open(struct guard *guard, uint8_t family,
	const struct address *own, struct failure *failure);
void guard_close(struct guard *guard);

#endif
