/* From the frame to the IP header: every link type has its way. */
#ifndef CAPTURE_DECODE_DECODE_LINK_H
#define CAPTURE_DECODE_DECODE_LINK_H

#include "capture/decode/decode.h"

/* A frame of this LINKTYPE_ number. */
void decode_link(
	struct decoding *decoding, struct cursor cursor, uint16_t linktype);

#endif
