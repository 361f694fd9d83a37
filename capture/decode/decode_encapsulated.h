/* Point-to-point encapsulations: PPP, PPPoE, Cisco HDLC, frame relay. */
#ifndef CAPTURE_DECODE_DECODE_ENCAPSULATED_H
#define CAPTURE_DECODE_DECODE_ENCAPSULATED_H

#include "capture/decode/decode.h"

/* With or without address and control bytes. */
void decode_ppp(struct decoding *decoding, struct cursor cursor);
void decode_pppoe(struct decoding *decoding, struct cursor cursor);
/* PPP in HDLC framing, or Cisco HDLC, by the first two bytes. */
void decode_ppp_hdlc(struct decoding *decoding, struct cursor cursor);
void decode_cisco_hdlc(struct decoding *decoding, struct cursor cursor);
void decode_frame_relay(struct decoding *decoding, struct cursor cursor);

#endif
