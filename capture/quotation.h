/* Packets that ICMP errors quote (struct quotation of packet.h). */
#ifndef CAPTURE_QUOTATION_H
#define CAPTURE_QUOTATION_H

#include "capture/packet.h"

/* In all that was decoded of them. */
bool quotation_is_same(
	const struct quotation *one, const struct quotation *other);

#endif
