/* TCP options. */
#ifndef CAPTURE_DECODE_DECODE_OPTIONS_H
#define CAPTURE_DECODE_DECODE_OPTIONS_H

#include "capture/cursor.h"
#include "capture/packet.h"

/* `cursor` is cut to the options. Sets options, mss, window_scale, the time
 * stamps, sack and option_order; notes what is malformed and goes on with the
 * values read so far. Of a repeated option the last counts, as in Linux. */
void decode_tcp_options(struct packet *packet, struct cursor cursor);

/* Adds a kind to a hash of option kinds in their order; starts from 0. */
static inline uint32_t option_order_add(uint32_t order, uint8_t kind)
{
	return (order ^ (kind + 1u)) * 0x9e3779b1u + 0x7f4a7c15u;
}

#endif
