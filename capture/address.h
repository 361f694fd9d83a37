/* Addresses of packets (struct address of packet.h). */
#ifndef CAPTURE_ADDRESS_H
#define CAPTURE_ADDRESS_H

#include <string.h>

#include "capture/packet.h"

/* Of one family; zeros stand behind an IPv4 address. */
static inline bool address_is_same(
	const struct address *one, const struct address *other)
{
	return memcmp(one->bytes, other->bytes, sizeof(one->bytes)) == 0;
}

#endif
