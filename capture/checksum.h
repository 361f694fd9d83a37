/* Whether a TCP segment is as it was on the wire. Receive offload puts several
 * segments together to one and leaves it without a right checksum (Linux'
 * tcp_gro_complete), so the checksum tells a large segment from a made one.
 *
 * Between machines that share a host no checksum is made, and nothing tells;
 * but what a sender repeats because nothing was said since it came (RFC 6298,
 * 5.4) is one segment. */
#ifndef CAPTURE_CHECKSUM_H
#define CAPTURE_CHECKSUM_H

#include "capture/packet.h"

/* False also where the segment was not captured to its end or came from no
 * frame, and for data that a sender on this machine has left to its hardware.
 * The packet's bytes have to be there still. */
bool tcp_checksum_is_right(const struct packet *packet);

#endif
