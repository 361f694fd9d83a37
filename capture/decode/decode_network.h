/* IPv4 and IPv6 headers with their options, fragments and extensions. */
#ifndef CAPTURE_DECODE_DECODE_NETWORK_H
#define CAPTURE_DECODE_DECODE_NETWORK_H

#include "capture/decode/decode.h"

void decode_ip4(struct decoding *decoding, struct cursor cursor);
void decode_ip6(struct decoding *decoding, struct cursor cursor);

/* IPv4 or IPv6 by the version nibble; MALFORMED when it is neither. */
void decode_ip(struct decoding *decoding, struct cursor cursor);

/* Whether the bytes could be an IP header: for places where nothing says
 * what follows (after an MPLS stack, inside UDP). */
bool decode_ip_is_plausible(const struct cursor *cursor);

#endif
