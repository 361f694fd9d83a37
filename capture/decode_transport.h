/* TCP and UDP headers. The cursors hold the IP payload and no more. */
#ifndef CAPTURE_DECODE_TRANSPORT_H
#define CAPTURE_DECODE_TRANSPORT_H

#include "capture/decode.h"

/* PACKET_TCP as soon as the flags were captured; with less than that the
 * ports and numbers that are there are set, and the packet stays OTHER. */
void decode_tcp(struct decoding *decoding, struct cursor cursor);
void decode_udp(struct decoding *decoding, struct cursor cursor);

#endif
