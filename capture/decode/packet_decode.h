/* Frames to packets: the way into the decoders. */
#ifndef CAPTURE_DECODE_PACKET_DECODE_H
#define CAPTURE_DECODE_PACKET_DECODE_H

#include "capture/frame.h"
#include "capture/packet.h"

/* Decodes one frame; never fails: what can't be understood is PACKET_OTHER
 * with a reason, what is strange is noted in `quirks`. Writes every field
 * that is valid for the packet's kind. */
void packet_decode(const struct frame *frame, struct packet *packet);

#endif
