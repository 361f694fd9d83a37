/* ICMP and ICMPv6 with the packet that an error quotes. */
#ifndef CAPTURE_DECODE_DECODE_ICMP_H
#define CAPTURE_DECODE_DECODE_ICMP_H

#include "capture/decode/decode.h"

/* The version is the packet's family; `cursor` holds the IP payload. */
void decode_icmp(struct decoding *decoding, struct cursor cursor);

/* Whether a message of this type carries a quotation (RFC 792; RFC 4443). */
bool icmp_is_error(uint8_t family, uint8_t type);

#endif
